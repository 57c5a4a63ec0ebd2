/** Hooks: an answer that is on its way, and the size of an element. */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

import type { Source } from './source.ts';

export type Got<Answer> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'got'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly sentence: string };

/** Asks again when the path or `version` changes; undefined asks nothing. */
export function useAnswer<Answer>(
  source: Source,
  path: string | undefined,
  version: unknown = undefined,
): Got<Answer> {
  const [got, setGot] = useState<Got<Answer>>({ kind: 'waiting' });
  // A new version is a reason to ask again.
  useEffect(() => {
    let isWanted = true;
    setGot({ kind: 'waiting' });
    if (path === undefined) return;
    source.get<Answer>(path).then(
      (answer) => isWanted && setGot({ kind: 'got', answer }),
      (error) => isWanted && setGot({ kind: 'failed', sentence: String(error.message) }),
    );
    return () => {
      isWanted = false;
    };
  }, [source, path, version]);
  return got;
}

export type Size = { readonly width: number; readonly height: number };

export function useSize(ref: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = (): void =>
      setSize({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
