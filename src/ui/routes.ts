/**
 * Routes: a site as a table of paths, some of whose parts are names: `/api/traces/:id`.
 */
import { type Answer, refused, type Site } from './site.ts';

export type Names = {
  /** The part of the path that stands where the pattern has `:name`; empty when it has none. */
  of(name: string): string;
};

export type Route = {
  readonly pattern: string;
  readonly find?: (names: Names) => Answer | Promise<Answer>;
  readonly ask?: (names: Names, body: unknown) => Answer | Promise<Answer>;
};

/** The first route that fits answers. */
export function siteOf(routes: readonly Route[]): Site {
  const table = routes.map((route) => ({ ...route, parts: route.pattern.split('/') }));
  const found = (path: string, kind: 'find' | 'ask') => {
    const parts = path.split('/');
    for (const route of table) {
      const names = route[kind] === undefined ? undefined : namesIn(route.parts, parts);
      if (names !== undefined) return { route, names };
    }
    return undefined;
  };
  return {
    find: async (path) => {
      const at = found(path, 'find');
      return (await at?.route.find?.(at.names)) ?? NOTHING;
    },
    ask: (path) => {
      const at = found(path, 'ask');
      return at && (async (body) => (await at.route.ask?.(at.names, body)) ?? NOTHING);
    },
  };
}

const NOTHING = refused(404, 'no such page');

function namesIn(pattern: readonly string[], parts: readonly string[]): Names | undefined {
  if (pattern.length !== parts.length) return undefined;
  const names = new Map<string, string>();
  for (const [at, part] of pattern.entries()) {
    const given = parts[at] ?? '';
    if (part.startsWith(':')) names.set(part.slice(1), given);
    else if (part !== given) return undefined;
  }
  return { of: (name) => names.get(name) ?? '' };
}
