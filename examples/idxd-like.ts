/**
 * An idxd-like consumer: a descriptor of a workqueue faults, its completion record can't be written either, so the
 * device puts an event into its event log. A handler reads the log and finds the user by the PASID. Who closes the file
 * must drain the workqueue, and then the log too; in the second scenario it forgets the log.
 *
 *     npx stormdrain explore examples/idxd-like.ts#idxd-close
 *     npx stormdrain explore examples/idxd-like.ts#idxd-close-undrained
 */
import { defineScenario, flags, threads, type Unit, where } from 'stormdrain';

function consumer({ deviceGroups, returned }: Unit, drainsLog: boolean) {
  const [logged, inFlight, freed] = [flags('event-log'), flags('descriptor'), flags('user-freed')];
  const isAnswered = deviceGroups.map((group) => where(group, 0, (of) => of.matches('free')));
  const engine = threads('engine', [
    { step: 'take-descriptor', does: () => [inFlight.set()] },
    { step: 'log-fault', when: () => isAnswered, does: () => [logged.set(), inFlight.clear()] },
  ]);
  const handler = threads('log-handler', [
    { step: 'read-log', when: () => [logged.isSet()] },
    { step: 'find-user' },
    { step: 'advance-head', does: () => [logged.clear()] },
  ]);
  const drainLog = { step: 'drain-log', when: () => [logged.isClear()] };
  const closer = threads('close', [
    { step: 'drain-workqueue', when: () => [engine.isDone(), inFlight.isClear()] },
    ...(drainsLog ? [drainLog] : []),
    { step: 'free-user', when: () => [returned('owner', 1)], does: () => [freed.set()] },
  ]);
  const reads = [freed.isSet(), handler.before('find-user')];
  return {
    parts: [engine.part, handler.part, closer.part, logged.part, inFlight.part, freed.part],
    never: [{ id: 'user-live', sentence: 'the event log leads to a user that was freed', reads }],
  };
}

const closing = (name: string, drainsLog: boolean) =>
  defineScenario({
    name,
    devices: [{ groups: [{ attachment: 0 }] }],
    processes: [{}],
    domains: [{ kind: 'sva', process: 0 }],
    attachments: [{ device: 0, pasid: 1, domain: 0 }],
    threads: [
      {
        name: 'owner',
        operations: [
          { kind: 'stop-use', attachment: 0 },
          { kind: 'unbind-sva', attachment: 0 },
        ],
      },
    ],
    machines: (unit) => consumer(unit, drainsLog),
  });

export const drained = closing('idxd-close', true);
export const undrained = closing('idxd-close-undrained', false);
