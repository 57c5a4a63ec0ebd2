/**
 * Tasks of a plan: what each operation of a scenario comes to, and the handles that attaches make.
 *
 * Operations are walked in the order they are told, so that each finds attached what those before it left.
 */
import type { Driver } from '../../../actors/driver.ts';
import { hasEffect, type OperationStep } from '../../../machines/operation-steps.ts';
import { BIND_STEPS } from '../../../machines/sva-bind.ts';
import { UNBIND_STEPS } from '../../../machines/sva-unbind.ts';
import type { Act, Handle, Plan, Task } from './plan-terms.ts';
import type { OperationSpec, UnitScenario } from './scenario.ts';

type Unnamed = Omit<Task, 'number' | 'name'> & { readonly called: string };

export function tasksOf(
  driver: Driver,
  scenario: UnitScenario,
  domainOf: (process: number) => number,
) {
  const handles: Handle[] = [];
  const attached: (Handle | undefined)[] = scenario.attachments.map(({ domain }, attachment) =>
    domain === undefined ? undefined : made({ attachment, domain }),
  );
  const tasks: Task[] = [];

  function made(handle: Handle): Handle {
    handles.push(handle);
    return handle;
  }
  function add({ called, ...task }: Unnamed): Task {
    const twins = tasks.filter(({ name }) => name === called || name.startsWith(`${called}-nr-`));
    const name = twins.length === 0 ? called : `${called}-nr-${twins.length + 1}`;
    const added = { ...task, number: tasks.length, name };
    tasks.push(added);
    return added;
  }
  const act = (does: Act, called: string, thread: string, after: Task | undefined): Task =>
    add({ called, thread, work: { kind: 'act', does }, after, awaitsPasidOf: undefined });

  function addOperation(spec: OperationSpec, thread: string, after: Task | undefined): Task {
    switch (spec.kind) {
      case 'stop-use': {
        const { attachment } = spec;
        const stop = act({ kind: 'stop-use', attachment }, 'stop-use', thread, after);
        return act({ kind: 'await-quiet', attachment }, 'await-quiet', thread, stop);
      }
      case 'start-use':
        return act({ kind: 'start-use', attachment: spec.attachment }, 'start-use', thread, after);
      case 'exit': {
        const { process } = spec;
        const put = act({ kind: 'put-users', process }, 'exit', thread, after);
        return act({ kind: 'await-exit', process }, 'await-exit', thread, put);
      }
      case 'unmap': {
        const { process, page } = spec;
        const unmap = act({ kind: 'unmap', process, page }, 'unmap', thread, after);
        const domain = domainOf(process);
        const flushed = scenario.attachments.flatMap((_, attachment) =>
          attached[attachment]?.domain === domain ? [attachment] : [],
        );
        const flush = flushed.reduce<Task>(
          (before, attachment) =>
            add({
              called: 'mm-invalidate',
              thread,
              work: {
                kind: 'list',
                operation: 'mm-invalidate',
                steps: driver.operations['mm-invalidate'],
                attachment,
                coming: undefined,
                going: attached[attachment],
              },
              after: before,
              awaitsPasidOf: undefined,
            }),
          unmap,
        );
        return act({ kind: 'free-page', process, page }, 'free-page', thread, flush);
      }
      case 'free-domain':
        return act({ kind: 'free-domain', domain: spec.domain }, 'free-domain', thread, after);
      case 'unmap-domain': {
        const { domain } = spec;
        const unmap = act({ kind: 'unmap-domain', domain }, 'unmap-domain', thread, after);
        const flush = act({ kind: 'flush-domain', domain }, 'flush-domain', thread, unmap);
        return act({ kind: 'free-domain-page', domain }, 'free-domain-page', thread, flush);
      }
      case 'sva-bind':
      case 'sva-unbind': {
        const { attachment, process, kind } = spec;
        const bond = { attachment, domain: domainOf(process) };
        const task = add({
          called: kind,
          thread,
          work: { kind, attachment, process },
          after,
          awaitsPasidOf: undefined,
        });
        const name = kind === 'sva-bind' ? 'bind-sva' : 'unbind-sva';
        const own = kind === 'sva-bind' ? BIND_STEPS : UNBIND_STEPS;
        add({
          called: name,
          thread,
          work: {
            kind: 'called-list',
            caller: task.name,
            steps: driver.operations[name].filter((step) => !own.includes(step)),
            attachment,
            coming: kind === 'sva-bind' ? made(bond) : undefined,
            going: kind === 'sva-bind' ? undefined : bond,
          },
          after: undefined,
          awaitsPasidOf: undefined,
        });
        return task;
      }
      default: {
        const { attachment, kind } = spec;
        const going = attached[attachment];
        const coming = 'domain' in spec ? made({ attachment, domain: spec.domain }) : undefined;
        const isRefused = coming !== undefined && !writesEntry(driver, driver.operations[kind]);
        if (!isRefused) attached[attachment] = coming;
        return add({
          called: kind,
          thread,
          work: {
            kind: 'list',
            operation: kind,
            steps: driver.operations[kind],
            attachment,
            coming,
            going: isRefused ? coming : going,
          },
          after,
          awaitsPasidOf: awaited(scenario, coming),
        });
      }
    }
  }

  const atStart = attached.slice();
  const lasts = scenario.threads.map(({ name, operations }) => {
    const last: Task[] = [];
    for (const operation of operations) last.push(addOperation(operation, name, last.at(-1)));
    return last;
  });
  for (const process of exiting(scenario)) {
    const domain = domainOf(process);
    const held = [...atStart, ...handles].filter(
      (handle, at, all) => handle?.domain === domain && all.indexOf(handle) === at,
    );
    for (const { attachment } of held.filter((handle) => handle !== undefined)) {
      const steps = driver.operations['mm-release'];
      const handle = { attachment, domain };
      add({
        called: 'mm-release',
        thread: 'exit_mmap',
        work: {
          kind: 'release-list',
          process,
          steps,
          attachment,
          coming: undefined,
          going: handle,
        },
        after: undefined,
        awaitsPasidOf: undefined,
      });
    }
  }
  return { tasks, handles, lasts };
}

/** A list that attaches something and writes no entry refuses it: what was made for it is what goes. */
const writesEntry = ({ ownSteps }: Driver, steps: readonly OperationStep[]): boolean =>
  steps.some((step) => hasEffect(step, ownSteps, 'programEntry', 'rewriteEntry'));

const awaited = ({ domains, processes }: UnitScenario, coming: Handle | undefined) => {
  const domain = coming === undefined ? undefined : domains[coming.domain];
  return domain?.kind === 'sva' ? processes[domain.process]?.succeeds : undefined;
};

/** Processes that exit, in order. */
export const exiting = ({ threads }: UnitScenario): readonly number[] =>
  threads.flatMap(({ operations }) =>
    operations.flatMap((each) => (each.kind === 'exit' ? [each.process] : [])),
  );

/**
 * Whether a list is one that a domain runs for each of its attachments. What holds the lock of the list all the while
 * is on the list, or finds its entry gone.
 */
export const walksList = ({ scenario, driver }: Plan, { work }: Task): boolean =>
  scenario.hasAttachmentLists === true &&
  'steps' in work &&
  !work.steps.some((step) => hasEffect(step, driver.ownSteps, 'lockDomain')) &&
  (work.kind === 'release-list' || (work.kind === 'list' && work.operation === 'mm-invalidate'));
