/** Chart format: the ways a chart can be written down, and what its file is called. */

export const CHART_FORMATS = ['svg', 'mermaid', 'dot', 'ascii', 'json'] as const;

export type ChartFormat = (typeof CHART_FORMATS)[number];

const ENDINGS: Readonly<Record<ChartFormat, string>> = {
  svg: 'svg',
  mermaid: 'mmd',
  dot: 'dot',
  ascii: 'txt',
  json: 'json',
};

/** No space, which shells break at. */
export const chartFileName = (name: string, format: ChartFormat): string =>
  `${name.replaceAll(' ', '-')}.${ENDINGS[format]}`;
