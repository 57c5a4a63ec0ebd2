/** Races table: a row a race; what was found, and where to play it. */
import type { RaceRow } from '../../../src/ui/shapes.ts';
import { hrefOf } from '../route.ts';
import { count, plural } from '../words.ts';
import type { Judged, RaceResults } from './race-results.ts';

type TableProps = {
  readonly races: readonly RaceRow[];
  readonly results: RaceResults;
  readonly open: string | undefined;
  /** Undefined: nothing can be run. */
  readonly run: ((race: string) => void) | undefined;
};

export const RacesTable = ({ races, results, open, run }: TableProps) => (
  <table class="races-table">
    <thead>
      <tr>
        <th scope="col">Race</th>
        <th scope="col">
          <abbr title="How good the evidence is: A the fix was read, B reconstructed, C derived from source, D from memory">
            Grade
          </abbr>
        </th>
        <th scope="col">Breaks</th>
        <th scope="col">Found</th>
        <th scope="col">
          <span class="unseen">Actions</span>
        </th>
      </tr>
    </thead>
    <tbody>
      {races.map((race) => (
        <tr key={race.id} class={race.id === open ? 'open' : ''}>
          <th scope="row">
            <a href={hrefOf({ page: 'races', id: race.id })}>{race.id}</a>
            <span class="race-title">{race.title}</span>
          </th>
          <td>
            <span class="chip">{race.grade}</span>
          </td>
          <td>
            {race.properties.map((property) => (
              <span key={property} class="chip property">
                {property}
              </span>
            ))}
          </td>
          <td class="found">
            <Found race={race} results={results} />
          </td>
          <td class="actions">
            {race.status !== 'modelled' || run === undefined ? null : (
              <button
                type="button"
                disabled={results.isRunning}
                onClick={() => run(race.id)}
                aria-label={`Run ${race.id}`}
              >
                Run
              </button>
            )}
            <Play judged={results.judged.get(race.id)} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

function Found({ race, results }: { readonly race: RaceRow; readonly results: RaceResults }) {
  if (race.status !== 'modelled') {
    return (
      <span class="faint" title={race.why}>
        {race.status.replace('-', ' ')}
      </span>
    );
  }
  if (results.waiting.has(race.id)) {
    const states = results.states.get(race.id);
    return (
      <span class="searching">
        {states === undefined ? 'searching' : `${count(states)} states`}
      </span>
    );
  }
  const judged = results.judged.get(race.id);
  if (judged === undefined) return null;
  const [first] = judged.experiments;
  return (
    <>
      <Verdict judged={judged} />
      {first?.withQuirks.steps === undefined ? null : (
        <span class="faint">
          {first.withQuirks.property} in {plural(first.withQuirks.steps, 'step')}
        </span>
      )}
    </>
  );
}

export const Verdict = ({ judged: { verdict } }: { readonly judged: Judged }) => {
  const kind = verdict === 'confirmed' ? 'fine' : verdict === 'refuted' ? 'wrong' : '';
  const word = verdict === 'refuted' ? 'not confirmed' : (verdict ?? 'not run');
  return <span class={`chip ${kind}`}>{word}</span>;
};

export function Play({ judged }: { readonly judged: Judged | undefined }) {
  const trace = judged?.experiments.find(({ withQuirks }) => withQuirks.trace !== undefined)
    ?.withQuirks.trace;
  return trace === undefined ? null : (
    <a class="button" href={hrefOf({ page: 'trace', id: trace, step: 1 })}>
      Play
    </a>
  );
}
