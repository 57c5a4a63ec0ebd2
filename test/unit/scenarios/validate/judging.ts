/** Traces as tests judge them: a capture or lines of one, by a driver, with what was found kept between tests. */
import { driverWith } from '../../../../src/actors/drivers.ts';
import type { Judgement } from '../../../../src/scenarios/validate/judgement.ts';
import { ObserverPool } from '../../../../src/scenarios/validate/observer-pool.ts';
import { eventsIn } from '../../../../src/scenarios/validate/read-trace.ts';
import { judgeTrace } from '../../../../src/scenarios/validate/trace-judge.ts';

const judges = new Map<string, (text: string) => Judgement>();

/** Judges the text of a kernel's trace. */
export function judged(text: string, name = 'vtd@7.3', quirks: readonly string[] = []): Judgement {
  const key = [name, ...quirks].join(' ');
  const judge = judges.get(key) ?? judgeOf(name, quirks);
  judges.set(key, judge);
  return judge(text);
}

function judgeOf(name: string, quirks: readonly string[]): (text: string) => Judgement {
  const driver = driverWith(name, quirks);
  if (!driver.ok) throw new Error(`no driver ${name} with ${quirks.join(', ')}`);
  const pool = new ObserverPool(driver.value);
  const origin = { isStorm: false, isComplete: false };
  return (text) => judgeTrace(driver.value, eventsIn(text), origin, pool);
}
