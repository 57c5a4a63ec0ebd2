/**
 * Step panel: one step in words: who did what, what changed by it, what is wrong in the end, and what could have
 * prevented it.
 */
import type { Prevention } from '../../../src/explore/prevention.ts';
import type { PlayerStep, PlayerSummary } from '../../../src/viz/player-shape.ts';
import { stateText } from '../../../src/viz/state-text.ts';
import { count, plural } from '../words.ts';
import type { Held } from './held.ts';
import { laneClass } from './lane-class.ts';

type PanelProps = {
  readonly summary: PlayerSummary;
  readonly step: number;
  readonly taken: PlayerStep | undefined;
  readonly before: Held | undefined;
  readonly prevention: Prevention | undefined;
  readonly go: (step: number) => void;
};

export function StepPanel({ summary, step, taken, before, prevention, go }: PanelProps) {
  const { steps, violation } = summary;
  const isEnd = step === steps;
  return (
    <section class="step-panel" aria-label="This step">
      {taken === undefined ? (
        <h2>{step === 0 ? 'Before the first step' : `Step ${count(step)}`}</h2>
      ) : (
        <h2 class={laneClass(taken.lane)}>
          <span class="step-number">{count(step)}</span>
          <span class="who">{summary.lanes[taken.lane]}</span> {taken.passes ? 'passes ' : ''}
          {taken.label}
        </h2>
      )}
      {isEnd && violation !== undefined ? (
        <p class="violation" role="status">
          <b>{violation.property} is violated:</b> {violation.sentence}
          {violation.slot === '' ? '' : ` (seen by ${violation.slot})`}.
        </p>
      ) : null}
      {violation === undefined || prevention === undefined ? null : (
        <Chance prevention={prevention} step={step} go={go} property={violation.property} />
      )}
      {taken === undefined || before === undefined ? null : (
        <Changes taken={taken} before={before} />
      )}
    </section>
  );
}

function Changes({ taken, before }: { readonly taken: PlayerStep; readonly before: Held }) {
  const { changes, fields, effects, violates } = taken;
  const rows = [
    ...changes.map(({ slot, to }) => ({
      what: slot,
      from: stateText(before.get(slot)?.state ?? ''),
      to: stateText(to),
    })),
    ...fields.map(({ slot, field, to }) => ({
      what: `${slot}.${field}`,
      from: before.get(slot)?.fields[field] ?? '',
      to,
    })),
  ];
  return (
    <div class="changes">
      {violates.map(({ slot, property }) => (
        <p key={`${slot} ${property}`} class="objection">
          <b>{slot}</b> says: {property} is violated by this
        </p>
      ))}
      {rows.length === 0 ? (
        <p class="faint">Nothing changes.</p>
      ) : (
        <table>
          <caption class="unseen">What this step changes</caption>
          <tbody>
            {rows.map(({ what, from, to }) => (
              <tr key={what}>
                <th scope="row">{what}</th>
                <td class="from" title={from}>
                  {from}
                </td>
                <td class="arrow">→</td>
                <td class="to">{to}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {effects.length === 0 ? null : (
        <ul class="effects" aria-label="Effects">
          {effects.map((effect) => (
            <li key={effect}>{effect}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

type ChanceProps = {
  readonly prevention: Prevention;
  readonly property: string;
  readonly step: number;
  readonly go: (step: number) => void;
};

function Chance({ prevention, property, step, go }: ChanceProps) {
  const { unknown, states } = prevention;
  const bound =
    unknown.length === 0 ? null : (
      <span class="faint">
        {' '}
        Not known of {plural(unknown.length, 'later step')}, from {unknown[0]} on: too much lies
        ahead ({count(states)} states were looked at).
      </span>
    );
  if (prevention.kind === 'none') {
    return (
      <p class="chance">
        {unknown.length === 0 ? (
          <>
            <b>No order of steps prevents it.</b> From the first state on, every way that starves
            nobody violates {property} ({count(states)} states looked at).
          </>
        ) : (
          <>
            <b>Whether any step could have prevented it is not known.</b>
            {bound}
          </>
        )}
      </p>
    );
  }
  const { alternatives } = prevention;
  const isHere = step === prevention.step;
  return (
    <p class={isHere ? 'chance here' : 'chance'}>
      <b>
        {isHere ? 'This is the last step' : 'The last step'} that could have prevented it
        {isHere ? '' : ' is '}
      </b>
      {isHere ? null : (
        <button type="button" class="link" onClick={() => go(prevention.step)}>
          step {count(prevention.step)}
        </button>
      )}
      {'. '}
      {alternatives.length === 0 ? null : (
        <>
          {property} can still be kept if instead{' '}
          {alternatives.map(({ actor, label }, at) => (
            <span key={`${actor} ${label}`}>
              {at === 0 ? '' : at === alternatives.length - 1 ? ' or ' : ', '}
              <b class="alternative">
                {actor}: {label}
              </b>
            </span>
          ))}{' '}
          goes first.
        </>
      )}
      {bound}
    </p>
  );
}
