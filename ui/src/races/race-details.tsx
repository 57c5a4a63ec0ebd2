/** Race details: one race of the catalogue: where it is known from, its experiments, and what came of them. */
import type { RaceRow, RaceSearched } from '../../../src/ui/shapes.ts';
import { hrefOf } from '../route.ts';
import { count, plural } from '../words.ts';
import type { Judged } from './race-results.ts';
import { Verdict } from './races-table.tsx';

type DetailsProps = {
  readonly race: RaceRow;
  readonly judged: Judged | undefined;
  readonly isRunning: boolean;
  readonly run: (() => void) | undefined;
};

export function RaceDetails({ race, judged, isRunning, run }: DetailsProps) {
  const { id, title, reference, grade, smallest, properties, status, why, weakMemory } = race;
  return (
    <aside class="race-details" aria-label={`Race ${id}`}>
      <header>
        <h2>{id}</h2>
        <a class="button quiet" href="#/races" aria-label="Close details">
          Close
        </a>
      </header>
      <p class="lead">{title}</p>
      <dl>
        <dt>Reference</dt>
        <dd>{reference}</dd>
        <dt>Evidence</dt>
        <dd>grade {grade}</dd>
        <dt>Breaks</dt>
        <dd>{properties.join(', ')}</dd>
        <dt>Smallest</dt>
        <dd>{smallest}</dd>
        {weakMemory ? (
          <>
            <dt>Memory</dt>
            <dd>needs a reordering that a sequentially consistent explorer can't see</dd>
          </>
        ) : null}
        {why === undefined ? null : (
          <>
            <dt>{status === 'pending' ? 'Lacks' : 'Why not'}</dt>
            <dd>{why}</dd>
          </>
        )}
      </dl>
      {run === undefined || status !== 'modelled' ? null : (
        <p>
          <button type="button" class="primary" disabled={isRunning} onClick={run}>
            Run it
          </button>{' '}
          {judged === undefined ? null : <Verdict judged={judged} />}
        </p>
      )}
      {race.experiments.map((experiment, at) => {
        const result = judged?.experiments[at];
        return (
          <section key={`${experiment.scenario} ${experiment.name}`} class="experiment">
            <h3>
              {experiment.scenario}
              {experiment.name === undefined ? '' : `: ${experiment.name}`}
            </h3>
            <p class="faint">
              driver {experiment.driver}, {experiment.expects} expected
              {experiment.aside === undefined ? '' : `; set aside ${experiment.aside}`}
            </p>
            <p>
              quirks{' '}
              {experiment.quirks.map((quirk) => (
                <span key={quirk} class="chip quirk">
                  {quirk}
                </span>
              ))}
            </p>
            {result === undefined ? null : (
              <>
                <Searched
                  name="with"
                  searched={result.withQuirks}
                  isAsExpected={result.reproduced}
                />
                <Searched
                  name="without"
                  searched={result.without}
                  isAsExpected={result.without.kind === 'clean'}
                />
              </>
            )}
          </section>
        );
      })}
    </aside>
  );
}

type SearchedProps = {
  readonly name: string;
  readonly searched: RaceSearched;
  readonly isAsExpected: boolean | undefined;
};

function Searched({ name, searched, isAsExpected }: SearchedProps) {
  const { kind, property, sentence, states, trace, steps } = searched;
  const mark = isAsExpected === true ? 'fine' : isAsExpected === false ? 'wrong' : '';
  return (
    <p class={`searched ${mark}`}>
      <b>{name}</b> {kind === 'clean' ? 'complete and clean' : null}
      {kind === 'violated' ? (
        <>
          {property} in {plural(steps ?? 0, 'step')}: {sentence}
        </>
      ) : null}
      {kind === 'limited' || kind === 'refused' ? sentence : null}{' '}
      <span class="faint">({count(states)} states)</span>{' '}
      {trace === undefined ? null : (
        <a class="button" href={hrefOf({ page: 'trace', id: trace, step: 1 })}>
          Play
        </a>
      )}
    </p>
  );
}
