/**
 * Spec 02, section 5: the SVA handler's work, through fault-worker.ts and mm.ts, and the handler's refusal.
 *
 * Method: one worker and one address space; what the address space resolves is decided by its VMAs, as the memory
 * manager would. Locks (step 3) and fault flags are not in the model: nothing observable hangs on them.
 */
import { expect, test } from 'vitest';

import { ACCESS_EXEC, ACCESS_READ, ACCESS_WRITE, accessBits } from '../../../../src/hw/access.ts';
import { faultWorkerMachine } from '../../../../src/machines/fault-worker.ts';
import type { FaultWorkerEvent } from '../../../../src/machines/fault-worker-terms.ts';
import { mmMachine } from '../../../../src/machines/mm.ts';
import type { RequestRecord } from '../../../../src/machines/page-request-queue.ts';
import { LINUX_7_3 } from '../../../../src/machines/report-rules.ts';
import { type Vma, withVma } from '../../../../src/workers/address-space.ts';
import { ReportWorld, request } from '../report/harness.ts';
import { Recording } from './recorder.ts';

const VMAS = [
  { first: 0x10, end: 0x20, bits: ACCESS_READ | ACCESS_WRITE },
  { first: 0x20, end: 0x30, bits: ACCESS_READ },
  { first: 0x30, end: 0x40, bits: ACCESS_READ | ACCESS_EXEC },
  { first: 0x40, end: 0x50, bits: ACCESS_WRITE },
].reduce<readonly Vma[]>((vmas, vma) => withVma(vmas, vma), []);

const WANTED = ACCESS_READ | ACCESS_WRITE | ACCESS_EXEC;
function permits({ iovaPfn, access }: RequestRecord): boolean {
  const vma = VMAS.find(({ first, end }) => first <= iovaPfn && iovaPfn < end);
  const wanted = accessBits(access) & WANTED;
  return vma !== undefined && (vma.bits & wanted) === wanted;
}

type Options = {
  readonly requests: readonly RequestRecord[];
  /** The address space's own users are gone before the work begins, or go while the worker holds its own. */
  readonly exits?: 'before' | 'during';
  /** The memory manager fails although VMA and permissions are there. */
  readonly faultFails?: boolean;
};

function work({ requests, exits, faultFails }: Options) {
  const mm = new Recording(mmMachine, { mm: 1 });
  if (exits === 'before') mm.send({ type: 'users.put' });
  const worker = new Recording(
    faultWorkerMachine,
    { rules: LINUX_7_3 },
    {
      mmHasUsers: () => mm.value === 'alive',
      resolves: (params) => faultFails !== true && permits(Object(params).request),
      groupIsPending: true,
      isLastUser: () => Object(mm.context).users === 1,
      addressSpaceHasEnded: true, // nobody holds the exit up here
    },
  );
  const offers: readonly FaultWorkerEvent[] = [
    { type: 'group.read', group: 0, param: 0, handle: 5, requests },
    { type: 'handle.read', handle: 5, mm: 1 },
    { type: 'step' },
  ];
  worker.send({ type: 'work.take', group: 0 });
  let wired = 0;
  while (worker.value !== 'idle') {
    const offer = offers.find((event) => worker.can(event));
    if (offer === undefined) throw new Error(`the worker sleeps in ${worker.value}`);
    worker.send(offer);
    for (const { type } of worker.performed.slice(wired)) {
      if (type === 'putUsers') mm.send({ type: 'users.put' });
      if (type !== 'getUsers') continue;
      mm.send({ type: 'users.get' });
      if (exits === 'during') mm.send({ type: 'users.put' });
    }
    wired = worker.performed.length;
  }
  return {
    mm,
    worker,
    codes: worker.paramsOf('respond').map((params) => Object(params).code),
    resolved: worker.paramsOf('resolve').map((params) => Object(params).request.iovaPfn),
  };
}

const page = (pfn: number, access: string, last = true) => request({ pfn, access, last });

test('the handler queues the work; if it is queued already it refuses, and the core answers FAILURE', () => {
  const world = new ReportWorld().bind().receive(request());
  world.runThread();
  expect(world.logOf('work')).toEqual([]);
  expect(world.workQueue.getSnapshot().context.queued).toHaveLength(1);

  const refusing = new ReportWorld().bind().receive(request());
  refusing.handlerRefuses = true;
  expect(refusing.run().responses).toEqual(['failure 1/3@10']);
});

test('a group is handled in order, answered once, freed last', () => {
  const { worker, codes, resolved } = work({
    requests: [page(0x10, 'r', false), page(0x11, 'w', false), page(0x12, 'r')],
  });

  expect(resolved).toEqual([0x10, 0x11, 0x12]);
  expect(codes).toEqual(['success']);
  expect(worker.effects().slice(-5)).toEqual([
    'respond',
    'unlink',
    'putReference',
    'freeGroup',
    'finishWork',
  ]);
});

test('the first failure is sticky: the rest of the group is not touched', () => {
  const { worker, codes, resolved } = work({
    requests: [page(0x10, 'r', false), page(0x99, 'r', false), page(0x12, 'r')],
  });

  expect(resolved).toEqual([0x10]);
  expect(codes).toEqual(['invalid']);
  expect(worker.paramsOf('getUsers')).toHaveLength(2);
});

test('1. a request without a PASID: INVALID, the address space is not looked at', () => {
  const { worker, codes } = work({ requests: [request({ pasid: undefined })] });

  expect(codes).toEqual(['invalid']);
  expect(worker.effects()).not.toContain('getUsers');
});

test('2. an address space without users: INVALID, and its count is not raised', () => {
  const { worker, codes, mm } = work({ requests: [page(0x10, 'r')], exits: 'before' });

  expect(codes).toEqual(['invalid']);
  expect(worker.effects()).not.toContain('getUsers');
  expect(mm.value).toBe('exiting');
});

test.each([
  { step: '4. no VMA', pfn: 0x99, access: 'r', code: 'invalid' },
  { step: '4. just below a VMA: no stack growth', pfn: 0xf, access: 'w', code: 'invalid' },
  { step: '4. first page of a VMA', pfn: 0x10, access: 'r', code: 'success' },
  { step: '4. just past the last VMA', pfn: 0x50, access: 'w', code: 'invalid' },
  { step: '5. READ needs VM_READ', pfn: 0x40, access: 'r', code: 'invalid' },
  { step: '5. READ with it', pfn: 0x20, access: 'r', code: 'success' },
  { step: '5. WRITE needs VM_WRITE', pfn: 0x20, access: 'w', code: 'invalid' },
  { step: '5. WRITE with it', pfn: 0x10, access: 'w', code: 'success' },
  { step: '5. EXEC needs VM_EXEC', pfn: 0x10, access: 'x', code: 'invalid' },
  { step: '5. EXEC with it', pfn: 0x30, access: 'x', code: 'success' },
  { step: '5. READ and WRITE need both', pfn: 0x20, access: 'rw', code: 'invalid' },
  { step: '5. PRIV changes nothing', pfn: 0x10, access: 'rp', code: 'success' },
  { step: '5. no permission bits pass the check', pfn: 0x10, access: '', code: 'success' },
])('$step: $code', ({ pfn, access, code }) => {
  expect(work({ requests: [page(pfn, access)] }).codes).toEqual([code]);
});

test('6. the memory manager’s own error is INVALID', () => {
  expect(work({ requests: [page(0x10, 'r')], faultFails: true }).codes).toEqual(['invalid']);
});

test('7. users are put after every fault whose users were got, resolved or not', () => {
  const { worker, mm } = work({ requests: [page(0x10, 'r', false), page(0x99, 'r')] });

  expect(worker.paramsOf('getUsers')).toHaveLength(2);
  expect(worker.paramsOf('putUsers')).toHaveLength(2);
  expect(mm.context).toMatchObject({ users: 1 });
});

test('7. the last put runs the process’s end inside the work item, which then answers', () => {
  const { worker, codes, mm } = work({
    requests: [page(0x10, 'r', false), page(0x11, 'r')],
    exits: 'during',
  });

  expect(mm.effects()).toEqual(['releaseNotifiers']);
  expect(mm.value).toBe('exiting');
  // The second fault finds no users any more.
  expect(worker.paramsOf('getUsers')).toHaveLength(1);
  expect(codes).toEqual(['invalid']);
});
