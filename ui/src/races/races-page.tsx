/**
 * Races page: the catalogue, each race with what it breaks, and "run it": the explorer finds it with its quirks and
 * nothing without, while one looks on.
 */
import { useEffect, useMemo, useState } from 'preact/hooks';

import type { RaceEvent, RaceRow } from '../../../src/ui/shapes.ts';
import { useAnswer } from '../hooks.ts';
import type { Source } from '../source.ts';
import { count, plural } from '../words.ts';
import { RaceDetails } from './race-details.tsx';
import { NO_RESULTS, type RaceResults, withEvent } from './race-results.ts';
import { RacesTable } from './races-table.tsx';

type PageProps = {
  readonly source: Source;
  readonly isReport: boolean;
  /** The race whose details are open. */
  readonly id: string | undefined;
};

const STATUSES = ['modelled', 'pending', 'not-explored'] as const;

export function RacesPage({ source, isReport, id }: PageProps) {
  const got = useAnswer<readonly RaceRow[]>(source, '/api/races');
  const [results, setResults] = useState<RaceResults>(NO_RESULTS);
  const [fault, setFault] = useState<string | undefined>();
  const [filter, setFilter] = useState('');
  useEffect(
    () =>
      source.listen<RaceEvent>('/api/races/events', (event) =>
        setResults((before) => withEvent(before, event)),
      ),
    [source],
  );
  const races = got.kind === 'got' ? got.answer : [];
  const shown = useMemo(() => races.filter((race) => matches(race, filter)), [races, filter]);
  if (got.kind === 'failed') return <p class="empty">{got.sentence}</p>;

  const run = async (ids: readonly string[]): Promise<void> =>
    setFault(await source.ask('/api/races/run', { races: ids }));
  const runnable = shown.filter(({ status }) => status === 'modelled').map((race) => race.id);
  const open = races.find((race) => race.id === id);
  return (
    <div class={open === undefined ? 'races' : 'races with-details'}>
      <div class="races-list">
        <header class="page-heading">
          <div>
            <h1>Races</h1>
            <p class="faint">
              {STATUSES.map((status) => {
                const some = races.filter((race) => race.status === status).length;
                return some === 0 ? '' : `${count(some)} ${status.replace('-', ' ')}`;
              })
                .filter((text) => text !== '')
                .join(' · ')}
              . With its quirks each is found by a shortest way; without them nothing is.
            </p>
          </div>
          <div class="controls">
            <input
              type="search"
              placeholder="Filter: a word, S6, pending…"
              aria-label="Filter races"
              value={filter}
              onInput={({ currentTarget }) => setFilter(currentTarget.value)}
            />
            {isReport ? null : results.isRunning ? (
              <button type="button" onClick={() => void source.ask('/api/races/stop', {})}>
                Stop
              </button>
            ) : (
              <button
                type="button"
                class="primary"
                disabled={runnable.length === 0}
                onClick={() => void run(runnable)}
              >
                {runnable.length === 1
                  ? 'Run this one'
                  : `Run ${filter === '' ? 'all' : 'these'} ${count(runnable.length)}`}
              </button>
            )}
          </div>
        </header>
        <Progress results={results} fault={fault} />
        <RacesTable
          races={shown}
          results={results}
          open={id}
          run={isReport ? undefined : (race) => void run([race])}
        />
        {shown.length === 0 && races.length > 0 ? (
          <p class="empty">No race has “{filter}” in it.</p>
        ) : null}
      </div>
      {open === undefined ? null : (
        <RaceDetails
          race={open}
          judged={results.judged.get(open.id)}
          isRunning={results.isRunning}
          run={isReport ? undefined : () => void run([open.id])}
        />
      )}
    </div>
  );
}

function matches(race: RaceRow, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/);
  const { id, title, status, grade, properties, experiments } = race;
  const quirks = experiments.flatMap((each) => [each.scenario, ...each.quirks]);
  const parts = [id, title, status, grade, ...properties, ...quirks].map((part) =>
    part.toLowerCase(),
  );
  return words.every((word) =>
    // A property is meant whole: S1 is not S16.
    /^[sl]\d+$/.test(word) ? parts.includes(word) : parts.some((part) => part.includes(word)),
  );
}

type ProgressProps = { readonly results: RaceResults; readonly fault: string | undefined };

function Progress({ results, fault }: ProgressProps) {
  const { isRunning, done, of, states, judged } = results;
  const verdicts = [...judged.values()].map(({ verdict }) => verdict);
  const confirmed = verdicts.filter((verdict) => verdict === 'confirmed').length;
  const refuted = verdicts.filter((verdict) => verdict === 'refuted').length;
  const stored = [...states.values()].reduce((sum, some) => sum + some, 0);
  const sentence = fault ?? results.fault;
  return (
    <div class="progress" role="status">
      {sentence === undefined ? null : <p class="violation">{sentence}</p>}
      {isRunning ? (
        <>
          <progress max={Math.max(1, of)} value={done} aria-label="Searches" />
          <span>
            {count(done)} of {plural(of, 'search').replace('searchs', 'searches')}
            {stored === 0 ? '' : ` · ${count(stored)} states in those under way`}
          </span>
        </>
      ) : null}
      {judged.size === 0 ? null : (
        <span>
          <b>{count(confirmed)}</b> of {count(judged.size)} confirmed
          {refuted === 0 ? '' : `, ${count(refuted)} NOT`}
          {results.wasInterrupted ? ', stopped' : ''}
        </span>
      )}
    </div>
  );
}
