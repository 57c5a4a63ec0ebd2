/** Races report contents: a run of the catalogue as a page shows it: each race with what was found, and how. */
import type { RaceResult } from '../../scenarios/races/race-run.ts';
import { commandLineOf } from '../option-table.ts';
import { judgedEvent } from './race-desk.ts';
import { raceTraces } from './race-traces.ts';
import type { ReportContents } from './report-file.ts';

/** `ids` are the races that were named; none: all. */
export function racesReportContents(
  results: readonly RaceResult[],
  statesMax: number,
  text: string,
  ids: readonly string[],
): ReportContents {
  const each = results.map((result) => ({ result, traces: raceTraces(result) }));
  const ran = each.filter(({ result }) => result.experiments.length > 0);
  return {
    title: ids.length === 1 ? `Race ${ids[0]}` : 'Races',
    command: commandLineOf(['races', 'run', ...(ids.length === 0 ? ['--all'] : ids)]),
    text,
    traces: ran.flatMap(({ traces }) => traces),
    races: {
      races: results.map(({ race }) => race),
      events: [
        { type: 'began', races: ran.map(({ result }) => result.race.id), statesMax },
        ...ran.map(({ result, traces }) => judgedEvent(result, traces)),
        { type: 'ended', interrupted: false, fault: undefined },
      ],
    },
  };
}
