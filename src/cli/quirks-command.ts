/** The `quirks` command: every defect that can be switched on, and what a driver then does. */
import type { Quirk } from '../actors/quirk.ts';
import { QUIRKS } from '../actors/quirks.ts';
import { wrapped } from '../viz/wrapped.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { type Output, type Paint, paintFor } from './output.ts';
import type { QuirksArguments } from './quirks-arguments.ts';

const KINDS: readonly (readonly [Quirk['kind'], string])[] = [
  ['linux-7.3', 'What Linux 7.3.4 does, and the drivers that end in @7.3'],
  ['mutation', 'Mistakes nobody made in 7.3: ledger and explorer must see them'],
  ['history', 'What an earlier kernel did, or a patch under review'],
];

const COLUMNS_MAX = 120;
const INDENT = '      ';

export function quirksCommand({ json }: QuirksArguments, stdout: Output): ExitCode {
  stdout.write(json ? quirksJson() : quirksText(stdout.columns(), paintFor(stdout)));
  return EXIT.fine;
}

function quirksJson(): string {
  const quirks = QUIRKS.map(({ id, kind, sentence, notInStorms }) => ({
    id,
    kind,
    sentence,
    ...(notInStorms === undefined ? {} : { notInStorms }),
  }));
  return `${JSON.stringify({ schema: 'stormdrain.quirks/1', quirks }, undefined, 2)}\n`;
}

function quirksText(columns: number, paint: Paint): string {
  const width = Math.min(columns, COLUMNS_MAX);
  const entry = ({ id, sentence, notInStorms }: Quirk): string[] => [
    `  ${paint('bold', id)}`,
    ...wrapped(INDENT + sentence, width, INDENT),
    ...(notInStorms === undefined
      ? []
      : wrapped(`${INDENT}not in storms: ${notInStorms}`, width, INDENT).map((line) =>
          paint('dim', line),
        )),
  ];
  const section = ([kind, title]: (typeof KINDS)[number]): string[] => {
    const those = QUIRKS.filter((quirk) => quirk.kind === kind);
    return [`${paint('green', kind)} (${those.length}): ${title}`, '', ...those.flatMap(entry), ''];
  };
  return KINDS.flatMap(section).join('\n');
}
