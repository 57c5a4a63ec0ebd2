/** The commands of the one executable: which there are, and which of them can be run today. */

export type CommandRow = {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly built: boolean;
};

/** In the order help lists them. */
export const COMMANDS: readonly CommandRow[] = [
  row('storm', '[profile]', 'a page-request storm on real threads', true),
  row('explore', '<scenario>', 'search the interleavings of a scenario', false),
  row('races', '[list | run [ID...]]', 'the catalogue of races, and their reproduction', false),
  row('replay', 'TRACE', 'run a trace again, step by step', false),
  row('orders', '<driver> [operation]', 'try every order of the steps of a teardown', false),
  row('conform', 'FILE...', 'compare recorded iommufd sequences with the model', true),
  row('validate', 'FILE', 'is a recorded trace a behaviour of the model', false),
  row('import', 'FILE', 'read a kernel trace capture into a profile', false),
  row('charts', '', "draw every machine's state chart", false),
  row('ui', '', 'charts, traces and live storms in a web page', false),
  row('campaign', 'FILE', 'many explorations and storms', false),
];

function row(name: string, usage: string, summary: string, built: boolean): CommandRow {
  return { name, usage, summary, built };
}
