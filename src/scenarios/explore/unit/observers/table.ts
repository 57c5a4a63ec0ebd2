/**
 * Table of properties: what the race catalogue asks for, and who sees it, in a world of a unit or in another one.
 */

/** Who sees a breach: a machine it happens to, what a wiring passes by, a predicate on states, or a goal. */
export type Seen =
  | { readonly by: 'machine' | 'wiring' | 'state' | 'goal'; readonly where: string }
  /** What a world of a unit has no objects for. */
  | { readonly by: 'another world'; readonly where: string };

export type PropertyRow = {
  readonly id: string;
  readonly sentence: string;
  readonly seen: Seen;
};

const machine = (where: string): Seen => ({ by: 'machine', where });
const wiring = (where: string): Seen => ({ by: 'wiring', where });
const state = (where: string): Seen => ({ by: 'state', where });
const goal = (where: string): Seen => ({ by: 'goal', where });
const elsewhere = (where: string): Seen => ({ by: 'another world', where });

export const PROPERTIES: readonly PropertyRow[] = [
  {
    id: 'S1',
    sentence: 'a group receives at most one response, and none once it was freed',
    seen: machine('page-request-group; group-watch counts all who answer'),
  },
  {
    id: 'S2',
    sentence: 'no response comes for what owes none',
    seen: machine('device-group; stop markers by the wiring of responses'),
  },
  {
    id: 'S3',
    sentence:
      'SUCCESS means that every page of the group was resident once, for the owner of the PASID',
    seen: wiring('group-watch, told by workers and by whoever answers'),
  },
  {
    id: 'S4',
    sentence: 'the members of a group come from one use of an index, and of one PASID',
    seen: wiring('what the fault queue puts together'),
  },
  {
    id: 'S5',
    sentence:
      'a request is handled in the address space that owned its PASID when it was sent, or in none',
    seen: wiring('what a worker resolves'),
  },
  {
    id: 'S6',
    sentence: 'when a detach returns, no request from before it is anywhere in the unit',
    seen: state('detach.ts, by place'),
  },
  {
    id: 'S7',
    sentence: 'a group is in one place, and is freed once',
    seen: machine('page-request-group, work-queue'),
  },
  {
    id: 'S8',
    sentence: 'nobody touches what was freed',
    seen: machine('attach-handle, page-request-group, fault-queue, mm'),
  },
  {
    id: 'S9',
    sentence: 'no translation is kept of a page that has gone back to the allocator',
    seen: state('memory.ts, where devices keep translations or do DMA'),
  },
  {
    id: 'S10',
    sentence: 'an invalidation returns when every cache that could hold the range is done',
    seen: elsewhere('tags: completions'),
  },
  {
    id: 'S11',
    sentence: 'a PASID is not handed out while an entry or an attachment carries it',
    seen: state('memory.ts, for PASIDs; under DMA a domain id that is given again shows as S9'),
  },
  {
    id: 'S12',
    sentence: 'reserved ids are never counted, freed or handed out',
    seen: state('domain-ids.ts, of the id that processes share'),
  },
  {
    id: 'S13',
    sentence: 'hardware acts on no entry that mixes two configurations',
    seen: elsewhere('tags: context entries fetched word by word'),
  },
  {
    id: 'S14',
    sentence: 'hardware walks no tables that are gone',
    seen: state(
      'memory.ts, entries, in memory or cached, that lead to the tables of what has ended',
    ),
  },
  {
    id: 'S15',
    sentence:
      'fault reporting is on while attachments handle faults, and their number is its count',
    seen: state('detach.ts; fault-reporting when it is disabled too often'),
  },
  {
    id: 'S16',
    sentence: 'a change of the default domain leaves live DMA mappings alone',
    seen: elsewhere('tags: default domains and DMA API mappings'),
  },
  {
    id: 'S17',
    sentence: 'an object with users is not destroyed, one without is destroyed once',
    seen: elsewhere("iommufd: objects and fault files; races/accounted.ts for drivers' lists"),
  },
  {
    id: 'S18',
    sentence: 'no child outlives its parent',
    seen: elsewhere('iommufd: virtual devices'),
  },
  {
    id: 'S19',
    sentence: 'what a second thread can reach is complete',
    seen: state('detach.ts, handles; bonds are judged in the lifetime worlds'),
  },
  {
    id: 'S20',
    sentence: 'one place has one holder',
    seen: wiring('what a PASID entry or an attachment refuses'),
  },
  {
    id: 'S21',
    sentence: 'translation is torn down when the devices behind it are quiet',
    seen: elsewhere('tags: reset of an emulated unit'),
  },
  {
    id: 'S22',
    sentence: 'no fault is handled in an address space without users',
    seen: state('memory.ts; mm'),
  },
  {
    id: 'S23',
    sentence: 'what a guest never changed is never missing from its shadow',
    seen: elsewhere("tags: the shadow of a guest's tables"),
  },
  {
    id: 'S24',
    sentence: 'INVALID is not sent for what a domain attached all the time would have resolved',
    seen: state('answers.ts'),
  },
  {
    id: 'S25',
    sentence: 'a request with a PASID reaches the unit that translates it, whatever its address',
    seen: elsewhere("groups: the bridges between a function and its unit, and a peer's window"),
  },
  {
    id: 'S26',
    sentence: 'device and CPU find the same page at an address of a process',
    seen: elsewhere("amd: walks through a function's host table"),
  },
  {
    id: 'L1',
    sentence: 'every group that hardware accepted is answered',
    seen: goal('answers.ts'),
  },
  {
    id: 'L2',
    sentence: 'a drain ends though no device sends any more',
    seen: goal('liveness.ts'),
  },
  {
    id: 'L3',
    sentence: 'a ring with requests is looked at again',
    seen: goal('liveness.ts'),
  },
  {
    id: 'L4',
    sentence: 'an invalidation ends whatever its device does',
    seen: elsewhere('tags: devices that leave an invalidation unanswered'),
  },
  {
    id: 'L5',
    sentence: 'the page request thread waits for no user',
    seen: elsewhere('iommufd: the fault file and its reader'),
  },
  {
    id: 'L6',
    sentence: 'the exit of a process comes to its end',
    seen: goal('liveness.ts'),
  },
  {
    id: 'L7',
    sentence:
      'an access that was answered SUCCESS does not fault again on a page that is still mapped',
    seen: state('answers.ts'),
  },
  {
    id: 'L8',
    sentence: 'a quiet object can be destroyed',
    seen: elsewhere('iommufd: objects that two threads destroy'),
  },
  {
    id: 'L9',
    sentence: 'what is under way on one device does not wait for another one for ever',
    seen: goal('liveness.ts'),
  },
];

/** What a world of a unit always judges, whoever its devices and domains are: its wirings see it pass. */
export const TOLD_BY_WIRING: readonly string[] = PROPERTIES.flatMap(({ id, seen }) =>
  seen.by === 'wiring' ? [id] : [],
);
