/**
 * Shapes: what the page is told and what it asks for, beside the traces it plays and the samples of storms.
 *
 * Policy: plain data. The page is built against these types; whoever answers is held to them.
 */
import type { StormPlan, StormResult, StormSample } from '../workers/storm-plan.ts';

/** `/api/start`: what there is to see. */
export type StartAnswer = {
  readonly version: string;
  /** Pages that have something to show, the first of them first. */
  readonly pages: readonly ('trace' | 'races' | 'storm' | 'machines' | 'text')[];
  /** Traces there are from the beginning. */
  readonly traces: readonly string[];
  /** A report: nothing can be run, and nothing changes. */
  readonly isReport: boolean;
  /** What made it, where that is a command. */
  readonly command: string | undefined;
  /** What that command printed. */
  readonly text: string | undefined;
};

/** `/api/machines`. */
export type MachineRow = {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Heading it stands under. */
  readonly group: string;
};

/** `/api/machines/:name`, and the chart of a trace's slots. */
export type ChartAnswer = {
  readonly name: string;
  /** A picture without a style sheet of its own. */
  readonly svg: string;
  /** The same as an indented tree. */
  readonly text: string;
};

/** `/api/races`. */
export type RaceRow = {
  readonly id: string;
  readonly title: string;
  readonly reference: string;
  readonly grade: string;
  readonly status: 'modelled' | 'pending' | 'not-explored';
  /** What is lacking, or why it is not explored. */
  readonly why: string | undefined;
  readonly properties: readonly string[];
  readonly smallest: string;
  readonly weakMemory: boolean;
  readonly experiments: readonly {
    readonly name: string | undefined;
    readonly scenario: string;
    readonly driver: string;
    readonly quirks: readonly string[];
    readonly expects: string;
    readonly aside: string | undefined;
  }[];
};

/** Asked of `/api/races/run`. */
export type RaceOrder = { readonly races: readonly string[] };

export type RaceSearched = {
  readonly kind: 'violated' | 'clean' | 'limited' | 'refused';
  readonly property: string | undefined;
  readonly sentence: string | undefined;
  readonly states: number;
  readonly transitions: number;
  /** The trace's id, and its steps, when something is wrong. */
  readonly trace: string | undefined;
  readonly steps: number | undefined;
};

/** Heard from `/api/races/events`. */
export type RaceEvent =
  | { readonly type: 'began'; readonly races: readonly string[]; readonly statesMax: number }
  | { readonly type: 'searching'; readonly race: string; readonly states: number }
  | {
      readonly type: 'searched';
      readonly race: string;
      readonly done: number;
      readonly of: number;
    }
  | {
      readonly type: 'judged';
      readonly race: string;
      readonly verdict: 'confirmed' | 'refuted' | 'unknown' | undefined;
      readonly experiments: readonly {
        readonly reproduced: boolean | undefined;
        readonly withQuirks: RaceSearched;
        readonly without: RaceSearched;
      }[];
    }
  | { readonly type: 'ended'; readonly interrupted: boolean; readonly fault: string | undefined };

/** `/api/storm/choices`. */
export type StormChoices = {
  readonly profiles: readonly { readonly name: string; readonly sentence: string }[];
  readonly drivers: readonly string[];
  readonly quirks: readonly { readonly id: string; readonly note: string | undefined }[];
  readonly secondsMax: number;
};

/** Asked of `/api/storm/run`. */
export type StormOrder = {
  readonly profile: string;
  readonly driver: string;
  readonly quirks: readonly string[];
  readonly seconds: number;
  /** Undefined: one is drawn. */
  readonly seed: number | undefined;
};

export type StormPlanned = Pick<
  StormPlan,
  'name' | 'driver' | 'quirks' | 'seed' | 'devices' | 'pasids' | 'workers' | 'rate' | 'ringEntries'
> & {
  /** The command that runs it again. */
  readonly repeat: string;
};

/** Heard from `/api/storm/events`. */
export type StormEvent =
  | { readonly type: 'began'; readonly plan: StormPlanned; readonly notes: readonly string[] }
  | { readonly type: 'sample'; readonly sample: StormSample }
  | { readonly type: 'ended'; readonly result: StormResult }
  /** The program contradicts itself, or a thread died. */
  | { readonly type: 'failed'; readonly sentence: string };

/** What a report has in place of a server: each answer once, and by path which of them it is. */
export type KeptAnswers = {
  readonly paths: Readonly<Record<string, number>>;
  readonly answers: readonly unknown[];
};
