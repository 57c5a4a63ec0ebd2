/** Storm form: which profile with which driver and quirk, for how long, from which seed. */
import { useState } from 'preact/hooks';

import type { StormChoices, StormOrder } from '../../../src/ui/shapes.ts';
import { useAnswer } from '../hooks.ts';
import type { Source } from '../source.ts';

const PROFILE_DEFAULT = 'processes';
const SECONDS_DEFAULT = 10;

type FormProps = { readonly source: Source; readonly isRunning: boolean };

export function StormForm({ source, isRunning }: FormProps) {
  const got = useAnswer<StormChoices>(source, '/api/storm/choices');
  const [order, setOrder] = useState<StormOrder>({
    profile: PROFILE_DEFAULT,
    driver: '',
    quirks: [],
    seconds: SECONDS_DEFAULT,
    seed: undefined,
  });
  const [fault, setFault] = useState<string | undefined>();
  if (got.kind !== 'got') return null;
  const { profiles, drivers, quirks, secondsMax } = got.answer;
  const driver = order.driver === '' ? (drivers[0] ?? '') : order.driver;
  const change = (some: Partial<StormOrder>): void => setOrder({ ...order, ...some });
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const path = isRunning ? '/api/storm/stop' : '/api/storm/run';
    setFault(await source.ask(path, isRunning ? {} : { ...order, driver }));
  };
  const note = profiles.find(({ name }) => name === order.profile)?.sentence;
  const quirkNote = quirks.find(({ id }) => order.quirks.includes(id))?.note;
  return (
    <form class="storm-form" onSubmit={(event) => void submit(event)}>
      <label>
        Profile
        <select
          value={order.profile}
          onChange={({ currentTarget }) => change({ profile: currentTarget.value })}
        >
          {profiles.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        Driver
        <select
          value={driver}
          onChange={({ currentTarget }) => change({ driver: currentTarget.value })}
        >
          {drivers.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        Quirk
        <select
          value={order.quirks[0] ?? ''}
          onChange={({ currentTarget: { value } }) =>
            change({ quirks: value === '' ? [] : [value] })
          }
        >
          <option value="">none</option>
          {quirks.map(({ id }) => (
            <option key={id}>{id}</option>
          ))}
        </select>
      </label>
      <label class="narrow">
        Seconds
        <input
          type="number"
          min={1}
          max={secondsMax}
          value={order.seconds}
          onInput={({ currentTarget }) => change({ seconds: Number(currentTarget.value) })}
        />
      </label>
      <label>
        Seed
        <input
          type="number"
          min={0}
          max={2 ** 32 - 1}
          placeholder="any"
          value={order.seed ?? ''}
          onInput={({ currentTarget: { value } }) =>
            change({ seed: value === '' ? undefined : Number(value) })
          }
        />
      </label>
      <button type="submit" class="primary">
        {isRunning ? 'Stop' : 'Start'}
      </button>
      <p class="form-note" role="status">
        {fault === undefined ? (quirkNote ?? note) : <span class="fault">{fault}</span>}
      </p>
    </form>
  );
}
