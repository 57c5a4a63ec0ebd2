/** Site: what a page server has to give, by path. No file system stands behind it. */

export type Asset = {
  /** As the Content-Type header says it. */
  readonly type: string;
  readonly body: string;
};

export type Site = {
  /** `path` as requested, percent signs decoded, without query; undefined: there is no such page. */
  readonly find: (path: string) => Promise<Asset | undefined>;
};

export const html = (body: string): Asset => ({ type: 'text/html; charset=utf-8', body });
export const css = (body: string): Asset => ({ type: 'text/css; charset=utf-8', body });
