/**
 * Hasse diagram: steps that must stand in a certain order, with a line for each pair that does not follow from others.
 */

export type HasseDiagram = {
  readonly title: string;
  readonly steps: readonly string[];
  /** `label` is the property that is broken when the two are turned round. */
  readonly lines: readonly {
    readonly from: string;
    readonly to: string;
    readonly label: string;
  }[];
  /** What no line can say, a sentence each. */
  readonly notes: readonly string[];
};

/** For Markdown that draws Mermaid. */
export function hasseMermaid({ title, steps, lines, notes }: HasseDiagram): string {
  const idOf = (step: string): string => `s${steps.indexOf(step)}`;
  return [
    '---',
    `title: ${title}`,
    '---',
    'flowchart TD',
    ...steps.map((step) => `  ${idOf(step)}["${step}"]`),
    ...lines.map(({ from, to, label }) =>
      label === ''
        ? `  ${idOf(from)} --> ${idOf(to)}`
        : `  ${idOf(from)} -->|${label}| ${idOf(to)}`,
    ),
    ...notes.map((note) => `  %% ${note}`),
    '',
  ].join('\n');
}
