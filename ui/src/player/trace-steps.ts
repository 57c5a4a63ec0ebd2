/**
 * Trace steps: pages of a trace as they are needed, the few that were looked at last kept.
 */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

import type { PlayerPage, PlayerStep, PlayerSummary } from '../../../src/viz/player-shape.ts';
import type { Source } from '../source.ts';
import { pageOf } from './held.ts';

/** A screen of steps touches two; playing backwards and forwards, a few more. */
const PAGES_KEPT = 12;

export type TraceSteps = {
  /** The page `step` lies in; undefined: it is on its way. */
  readonly page: (step: number) => PlayerPage | undefined;
  /** By number from 1. */
  readonly step: (step: number) => PlayerStep | undefined;
  /** Asks for what these steps need. */
  readonly want: (from: number, to: number) => void;
};

export function useTraceSteps(source: Source, summary: PlayerSummary): TraceSteps {
  const pages = useRef(new Map<number, PlayerPage | 'asked'>());
  const [, redraw] = useState(0);
  const isOpen = useRef(true);
  useEffect(() => {
    isOpen.current = true;
    return () => {
      isOpen.current = false;
    };
  }, []);

  const want = useCallback(
    (from: number, to: number): void => {
      const known = pages.current;
      for (let page = pageOf(summary, from); page <= pageOf(summary, to); page += 1) {
        const before = known.get(page);
        // What is wanted again is the last to be forgotten.
        known.delete(page);
        known.set(page, before ?? 'asked');
        if (before !== undefined) continue;
        source.get<PlayerPage>(`/api/traces/${encodeURIComponent(summary.id)}/pages/${page}`).then(
          (answer) => {
            known.set(page, answer);
            if (isOpen.current) redraw((count) => count + 1);
          },
          () => known.delete(page),
        );
      }
      for (const page of [...known.keys()].slice(0, -PAGES_KEPT)) known.delete(page);
    },
    [source, summary],
  );
  const page = (step: number): PlayerPage | undefined => {
    const known = pages.current.get(pageOf(summary, step));
    return known === 'asked' ? undefined : known;
  };
  return {
    want,
    page,
    step: (step) => {
      const at = page(step);
      return at?.steps[step - 1 - at.first];
    },
  };
}
