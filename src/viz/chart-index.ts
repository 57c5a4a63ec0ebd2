/**
 * Chart index: a page of Markdown that shows every picture of a folder.
 */
import type { Drawn } from './chart-catalogue.ts';
import { chartFileName } from './chart-format.ts';

export function chartIndex(catalogue: readonly Drawn[]): string {
  return `${[
    '# State charts',
    '',
    'Drawn from the machines by `npm run charts`; a test fails when one is stale. Bold is the event, brackets are',
    'guards, what follows the slash are actions; a dashed arrow waits for no event; what does not leave a state',
    'stands in its box; tags are green. Each has its Mermaid text beside it (`.mmd`).',
    ...catalogue.flatMap((drawn) => section(drawn)),
  ].join('\n')}\n`;
}

function section({ name, aliases }: Drawn): readonly string[] {
  const also = aliases.length === 0 ? [] : [`Also ${aliases.join(', ')}.`, ''];
  return [
    '',
    `## ${name}`,
    '',
    ...also,
    `![State chart of ${name}](${chartFileName(name, 'svg')})`,
  ];
}
