/** The commands of the one executable. */

export type CommandRow = {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
};

/** In the order help lists them. */
export const COMMANDS: readonly CommandRow[] = [
  row('storm', '[profile]', 'a page-request storm on real threads'),
  row('explore', '[scenario]', 'search the interleavings of a scenario, bundled or yours'),
  row('races', '[list | run [ID...]]', 'the catalogue of races, and their reproduction'),
  row('quirks', '', 'every defect that --quirk switches on'),
  row('replay', 'TRACE', 'run a trace again, step by step'),
  row('orders', '<driver> [operation]', 'try every order of the steps of a teardown'),
  row('conform', 'FILE...', 'compare recorded iommufd sequences with the model'),
  row('validate', 'FILE', 'is a recorded trace a behaviour of the model'),
  row('import', 'FILE', 'read a kernel trace capture into a profile'),
  row('charts', '', "draw every machine's state chart"),
  row('ui', '', 'races, traces, live storms and machines in a web page'),
  row('campaign', 'FILE', 'many explorations and storms'),
  row('worker', '', "do jobs of other hosts' campaigns"),
  row('init', '[DIR]', 'a project with a driver, a scenario and a test of your own'),
  row('completion', 'SHELL', 'completions for bash, zsh or fish'),
];

function row(name: string, usage: string, summary: string): CommandRow {
  return { name, usage, summary };
}
