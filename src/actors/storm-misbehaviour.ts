/**
 * Storm misbehaviour: what became of the misbehaviour a storm was asked for, in one sentence, from what was counted.
 */

import { enablesOf } from '../workers/function-states.ts';
import { MISBEHAVING_DEVICE } from '../workers/misbehaviour.ts';
import { COUNTER } from '../workers/storm-layout.ts';
import type { Storm } from './storm-assembly.ts';
import { counterOf, episodesOf } from './storm-result.ts';

const DEVICE = `device ${MISBEHAVING_DEVICE}`;

/** Nothing when nothing came of it. */
export function misbehaviourOf({ plan, memory, unit, functions }: Storm): string[] {
  if (plan.misbehaviour === undefined) return [];
  const { how } = plan.misbehaviour;
  const counted = (name: keyof typeof COUNTER): number => counterOf(memory, COUNTER[name]);
  const tell = (count: number, sentence: string): string[] => (count > 0 ? [sentence] : []);
  const wrong = counted('wrongRequests');
  const answered = answeredTo(counted('wrongAnswered'));
  const timeouts = counted('timeouts');
  const { mishaps } = unit.commands;

  switch (how) {
    case 'ignores-responses': {
      const ignored = counted('ignored');
      return tell(ignored, `${DEVICE} ignored the responses to ${groups(ignored)} of its own`);
    }
    case 'floods': {
      const beyond = counted('beyondCredits');
      const overflows = `the queue overflowed ${times(episodesOf(memory))}`;
      const dropped = `${requests(counted('dropped'))} of all devices were dropped`;
      return tell(
        beyond,
        `${DEVICE} sent ${requests(beyond)} beyond its credits: ${overflows}, and ${dropped}`,
      );
    }
    case 'reuses-index':
      return tell(
        wrong,
        `${DEVICE} used the indices of groups that were pending for ${groups(wrong)} more${answered}`,
      );
    case 'stop-markers':
      return tell(wrong, `${DEVICE} sent ${wrong} stop markers${answered}`);
    case 'malformed-requests':
      return tell(wrong, `${DEVICE} sent ${malformed(wrong)}${answered}`);
    case 'silent-device-tlb':
    case 'deaf-device-tlb': {
      const deed = how === 'deaf-device-tlb' ? 'did not carry out' : 'did not say it had done';
      const { restarted, repeatedEnds } = mishaps;
      const then =
        repeatedEnds > 0 ? `the SYNC was executed again ${times(repeatedEnds)}` : again(restarted);
      return tell(timeouts, `${DEVICE} ${deed} ${invalidations(timeouts)} in time: ${then}`);
    }
    case 'completes-twice': {
      const twice = counted('twiceCompleted');
      return tell(twice, `${DEVICE} said twice that it had done ${invalidations(twice)}`);
    }
    case 'unasked-responses': {
      const unasked = counted('unasked');
      return tell(
        unasked,
        `the driver answered ${groups(unasked)} that ${DEVICE} had not sent: ignored there`,
      );
    }
    case 'malformed-commands':
      return tell(
        mishaps.rejected,
        `software queued ${mishaps.rejected} commands that are none: the unit stopped at each, and was let go on`,
      );
    case 'removed':
    case 'replugged': {
      const { timedOut, notFetched, restarted } = mishaps;
      const ends =
        timedOut === 0
          ? again(restarted)
          : `${submissions(timedOut)} ended in ETIMEDOUT, ${notFetched} of them before the unit had come to them`;
      const back = how === 'removed' ? '' : `, and another came ${times(functions.joins)}`;
      const first = `${DEVICE} was removed with an invalidation on its way${back}`;
      return tell(timeouts, `${first}: ${invalidations(timeouts)} timed out: ${ends}`);
    }
    case 'fails-groups': {
      const failures = counted('priFailures');
      const enables = enablesOf(memory, MISBEHAVING_DEVICE);
      const unheard = `${counted('unheard')} later answers unheard`;
      const enabled = `enabled again ${times(enables)}`;
      return tell(
        failures,
        `the driver failed groups of ${DEVICE}: its PRI went off ${times(failures)}, ${unheard}, and was ${enabled}`,
      );
    }
    case 'slow-unit': {
      const rests = counted('rests');
      const given = mishaps.givenUp;
      const then =
        given === 0 ? 'software waited' : `software gave ${submissions(given)} up and went on`;
      return tell(rests, `the unit rested ${times(rests)} with commands in its queue: ${then}`);
    }
    case 'full-command-queue':
      return tell(
        mishaps.refused,
        `others filled the command queue: ${mishaps.refused} submissions waited for room`,
      );
  }
}

const again = (restarted: number): string =>
  restarted === 0 ? 'the unit went on without it' : `${restarted} submissions were made again`;
const answeredTo = (count: number): string =>
  count === 0 ? ', and was owed no answer' : `, and ${count} of them were answered, as is owed`;
const groups = (count: number): string => (count === 1 ? '1 group' : `${count} groups`);
const requests = (count: number): string => (count === 1 ? '1 request' : `${count} requests`);
const malformed = (count: number): string =>
  count === 1 ? '1 malformed request' : `${count} malformed requests`;
const submissions = (count: number): string =>
  count === 1 ? '1 submission' : `${count} submissions`;
const invalidations = (count: number): string =>
  count === 1 ? '1 invalidation' : `${count} invalidations`;
const times = (count: number): string =>
  count === 0 ? 'never' : count === 1 ? 'once' : `${count} times`;
