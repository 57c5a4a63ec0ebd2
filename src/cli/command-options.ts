/**
 * Command options: the table that each command's options are read by, for completions and the manual page.
 */
import type { CommandName } from './arguments.ts';
import { CAMPAIGN_OPTIONS } from './campaign-arguments.ts';
import { CHARTS_OPTIONS } from './charts-arguments.ts';
import { COMPLETION_OPTIONS } from './completion-arguments.ts';
import { CONFORM_OPTIONS } from './conform-arguments.ts';
import { EXPLORE_OPTIONS } from './explore-options.ts';
import { IMPORT_OPTIONS } from './import-arguments.ts';
import { INIT_OPTIONS } from './init-arguments.ts';
import type { OptionRow } from './option-table.ts';
import { ORDERS_OPTIONS } from './orders-arguments.ts';
import { QUIRKS_OPTIONS } from './quirks-arguments.ts';
import { RACES_LIST_OPTIONS, RACES_RUN_OPTIONS } from './races-arguments.ts';
import { REPLAY_OPTIONS } from './replay-arguments.ts';
import { STORM_OPTIONS } from './storm-options.ts';
import { UI_OPTIONS } from './ui-arguments.ts';
import { VALIDATE_OPTIONS } from './validate-arguments.ts';
import { WORKER_OPTIONS } from './worker-arguments.ts';

/** What an option takes, without what it does. */
export type OptionShape = Pick<OptionRow<unknown>, 'takes' | 'names'>;

export const COMMAND_OPTIONS: {
  readonly [Name in CommandName]: Readonly<Record<string, OptionShape>>;
} = {
  storm: STORM_OPTIONS,
  explore: EXPLORE_OPTIONS,
  races: { ...RACES_LIST_OPTIONS, ...RACES_RUN_OPTIONS },
  quirks: QUIRKS_OPTIONS,
  replay: REPLAY_OPTIONS,
  orders: ORDERS_OPTIONS,
  conform: CONFORM_OPTIONS,
  validate: VALIDATE_OPTIONS,
  import: IMPORT_OPTIONS,
  charts: CHARTS_OPTIONS,
  ui: UI_OPTIONS,
  campaign: CAMPAIGN_OPTIONS,
  worker: WORKER_OPTIONS,
  init: INIT_OPTIONS,
  completion: COMPLETION_OPTIONS,
};
