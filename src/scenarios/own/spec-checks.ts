/**
 * Spec checks: the domains and operations of a user's scenario, each by its kind.
 */
import type { DomainSpec, OperationSpec } from '../explore/unit/scenario.ts';
import {
  exactly,
  type FieldCheck,
  type FieldChecks,
  oneOf,
  optionalField,
  satisfying,
  sealedRecord,
  wholeNumber,
} from '../field-check.ts';

const PLACES_MAX = 64;
const PAGES_MAX = 8;

const place = wholeNumber(0, PLACES_MAX - 1);
const yesOrNo: FieldCheck<boolean> = satisfying(
  'true or false',
  (value): value is boolean => typeof value === 'boolean',
);

/** The checks of each kind's fields, but for the kind itself. */
type ByKind = Readonly<Record<string, FieldChecks<Record<string, unknown>>>>;

const DOMAINS: ByKind = {
  sva: { process: place },
  paging: { handlesFaults: yesOrNo, pages: optionalField(wholeNumber(1, PAGES_MAX)) },
  nested: { parent: place },
};

const OF_ATTACHMENT = { attachment: place };
const OF_BOTH = { attachment: place, domain: place };
const OF_PROCESS = { attachment: place, process: place };
const OF_DOMAIN = { domain: place };

const OPERATIONS = {
  'stop-use': OF_ATTACHMENT,
  'start-use': OF_ATTACHMENT,
  'bind-sva': OF_BOTH,
  'attach-pasid': OF_BOTH,
  'attach-rid': OF_BOTH,
  'replace-pasid': OF_BOTH,
  'replace-rid': OF_BOTH,
  'unbind-sva': OF_ATTACHMENT,
  'detach-pasid': OF_ATTACHMENT,
  'detach-rid': OF_ATTACHMENT,
  'sva-bind': OF_PROCESS,
  'sva-unbind': OF_PROCESS,
  exit: { process: place },
  unmap: { process: place, page: wholeNumber(0, PAGES_MAX - 1) },
  'unmap-domain': OF_DOMAIN,
  'free-domain': OF_DOMAIN,
} as const satisfies { readonly [Kind in OperationSpec['kind']]: unknown };

export const domainSpec = byKind<DomainSpec>(DOMAINS);
export const operationSpec = byKind<OperationSpec>(OPERATIONS);

function byKind<Spec>(kinds: ByKind): FieldCheck<Spec> {
  const names = Object.keys(kinds);
  const known = oneOf(names);
  return (value, path) => {
    const given =
      typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
    const kind = known(given, [...path, 'kind']);
    if (!kind.ok) return kind;
    const checks = { kind: exactly(kind.value), ...kinds[kind.value] };
    const checked = sealedRecord<Record<string, unknown>>(checks)(value, path);
    if (!checked.ok) return checked;
    // The fields of that kind were checked; those that are undefined were left out.
    const fields = Object.entries(checked.value).filter(([, each]) => each !== undefined);
    return { ok: true, value: Object.fromEntries(fields) as Spec };
  };
}
