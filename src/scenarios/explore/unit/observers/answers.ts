/**
 * Answers: INVALID that nothing justifies, success that the next access contradicts, no answer at all (S24, L1, L7).
 */
import { RESPONSE_CODE } from '../../../../core/page-request.ts';
import { type Read, where } from '../../../../explore/wiring.ts';
import type { Goal, Property } from '../../../../explore/world.ts';
import type { Kinds } from '../kinds.ts';
import type { Group, Plan } from '../plan-terms.ts';
import { deviceKinds, isResting } from './places.ts';

export const answerProperties = (plan: Plan, kinds: Kinds): readonly Property[] => [
  ...spuriouslyInvalid(plan, kinds),
  ...faultsAgain(plan, kinds),
];

/** Domains that may hang on an attachment, one after the other. */
const domainsAt = (plan: Plan, attachment: number): readonly number[] =>
  [
    plan.scenario.attachments[attachment]?.domain,
    ...plan.handles.flatMap((of) => (of.attachment === attachment ? [of.domain] : [])),
  ]
    .flatMap((domain) => (domain === undefined ? [] : [domain]))
    .filter((domain, at, all) => all.indexOf(domain) === at);

function spuriouslyInvalid(plan: Plan, kinds: Kinds): readonly Property[] {
  const { responses, entry, slot, mm, page } = kinds;
  return plan.groups.flatMap((group, number) =>
    domainsAt(plan, group.attachment).flatMap((domain) => {
      const space = plan.spaceOf(domain);
      const { processes } = plan.scenario;
      const canResolve =
        plan.handlesFaults(domain) &&
        group.access !== 'privileged-write' &&
        group.pages.every((of) => plan.isMapped(space, of));
      if (!canResolve) return [];
      return [
        {
          id: 'S24',
          sentence:
            'INVALID is sent for a group that the domain attached all the time would have resolved',
          never: [
            where(responses, number, ({ context }) =>
              context.messages.some(
                (message) =>
                  'owner' in message &&
                  message.owner === domain &&
                  'code' in message &&
                  message.code === RESPONSE_CODE.invalid,
              ),
            ),
            where(
              entry,
              group.attachment,
              (of) => of.hasTag('listed') && of.context.domain === domain,
            ),
            where(
              slot,
              group.attachment,
              ({ value, context }) =>
                value === 'attached' &&
                context.handle !== undefined &&
                plan.handles[context.handle]?.domain === domain,
            ),
            ...plan.tasks
              .filter(({ work }) => 'going' in work && work.going?.attachment === group.attachment)
              .map((task) => isResting(kinds, task)),
            ...(space < processes.length
              ? [where(mm, space, ({ value }) => value === 'alive')]
              : []),
            ...pagesOf(plan, group, space).map((of) =>
              where(page, of, (one) => one.hasTag('mapped')),
            ),
          ],
        },
      ];
    }),
  );
}

const pagesOf = (plan: Plan, { pages }: Group, space: number): readonly number[] =>
  pages.map((of) => plan.pageNumber(space, of));

/**
 * L7, where only one domain ever hangs: a retry that nothing was done for faults again. What hardware makes up for a
 * request that it dropped is an invitation to ask once more, and no answer of software's.
 */
function faultsAgain(plan: Plan, { deviceGroups, page, watch }: Kinds): readonly Property[] {
  return plan.groups.flatMap((group, number) => {
    const kind = deviceGroups[group.device];
    const [domain, other] = domainsAt(plan, group.attachment);
    if (kind === undefined || domain === undefined || other !== undefined) return [];
    return pagesOf(plan, group, plan.spaceOf(domain)).map((of) => ({
      id: 'L7',
      sentence: 'a group was answered SUCCESS, and its retry faults again on a page of it',
      never: [
        where(kind, group.index, (one) => one.matches({ free: 'retry' })),
        where(watch, number, ({ value }) => value === 'answered'),
        where(page, of, ({ value }) => value === 'absent'),
      ],
    }));
  });
}

/** L1: whoever waits for an answer can be sent one, with no device doing anything more. */
export function answerGoals(
  plan: Plan,
  kinds: Kinds,
  only: (group: Group) => boolean = () => true,
  without: readonly string[] = [],
  id = 'L1',
): readonly Goal[] {
  const { deviceGroups, responses } = kinds;
  return plan.groups.flatMap((group, number) => {
    const kind = deviceGroups[group.device];
    if (kind === undefined || !only(group)) return [];
    const waits: Read = where(kind, group.index, (of) => of.hasTag('owes-response'));
    return [
      {
        id,
        sentence: 'a group that hardware accepted is never answered',
        whenever: [waits],
        goal: [where(responses, number, ({ context }) => context.messages.length > 0)],
        without: [...deviceKinds(kinds), ...without],
      },
    ];
  });
}
