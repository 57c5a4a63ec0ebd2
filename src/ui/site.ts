/**
 * Site: what a page server has to give, by path, and what it may be asked to do. No file system stands behind it.
 */

export type Asset = {
  /** As the Content-Type header says it. */
  readonly type: string;
  readonly body: string;
};

export type Answer =
  | { readonly kind: 'asset'; readonly asset: Asset }
  /** Plain data, sent as JSON. */
  | { readonly kind: 'data'; readonly data: unknown }
  /** Events as they happen: each is plain data; what `listen` returns is called when nobody listens any more. */
  | { readonly kind: 'events'; readonly listen: Listen }
  | { readonly kind: 'refused'; readonly status: 400 | 404 | 409; readonly sentence: string };

export type Listen = (hear: (event: unknown) => void) => () => void;

export type Site = {
  /** `path` as requested, percent signs decoded, without query. */
  readonly find: (path: string) => Promise<Answer>;
  /** Does what a page asks for; undefined: nothing can be asked for there. `body` is plain data. */
  readonly ask: (path: string) => ((body: unknown) => Promise<Answer>) | undefined;
};

export const asset = (type: string, body: string): Answer => ({
  kind: 'asset',
  asset: { type, body },
});
export const data = (value: unknown): Answer => ({ kind: 'data', data: value });
export const events = (listen: Listen): Answer => ({ kind: 'events', listen });
export const refused = (status: 400 | 404 | 409, sentence: string): Answer => ({
  kind: 'refused',
  status,
  sentence,
});
