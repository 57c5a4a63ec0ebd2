/**
 * Source: where the page's answers come from: the server it was loaded from, or the report that it is part of.
 */

import type { KeptAnswers } from '../../src/ui/shapes.ts';

export type Source = {
  /** @throws Error with the server's sentence. */
  get<Answer>(path: string): Promise<Answer>;
  /** Undefined when it was done, else why not. */
  ask(path: string, body: unknown): Promise<string | undefined>;
  /** Hears every event from the beginning; returns how to stop. */
  listen<Event>(path: string, hear: (event: Event) => void): () => void;
};

/** The element of a report that holds its answers. */
const ANSWERS = 'answers';

export function sourceIn(page: Document): Source {
  const kept = page.getElementById(ANSWERS)?.textContent;
  return kept === undefined ? serverSource() : reportSource(JSON.parse(kept));
}

function serverSource(): Source {
  return {
    get: async (path) => {
      const response = await fetch(path);
      if (!response.ok) throw new Error((await response.text()).trim());
      return response.json();
    },
    ask: async (path, body) => {
      const response = await fetch(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      return response.ok ? undefined : (await response.text()).trim();
    },
    listen: (path, hear) => {
      const stream = new EventSource(path);
      stream.onmessage = ({ data }) => hear(JSON.parse(data));
      return () => stream.close();
    },
  };
}

export function reportSource({ paths, answers }: KeptAnswers): Source {
  const known = new Map(Object.entries(paths).map(([path, number]) => [path, answers[number]]));
  return {
    get: async <Answer>(path: string): Promise<Answer> => {
      const answer = known.get(decodeURI(path));
      if (answer === undefined) throw new Error('this report does not have that');
      return answer as Answer; // whoever wrote the report answered as the server does
    },
    ask: async () => 'a report runs nothing',
    listen: (path, hear) => {
      const events = known.get(path);
      // As from a server: not before the caller has gone on.
      const timer = setTimeout(() => {
        for (const event of Array.isArray(events) ? events : []) hear(event);
      });
      return () => clearTimeout(timer);
    },
  };
}
