/**
 * Scenario references: whether the places a user's scenario speaks of are there, and what hangs there when it is told.
 *
 * Operations on one attachment are told in the order in which they happen, so what each finds is known beforehand.
 */
import type { OperationSpec, UnitScenario } from '../explore/unit/scenario.ts';

/** The first mistake, in words; undefined: none. */
export function faultOfReferences(scenario: UnitScenario): string | undefined {
  return (
    faultOfDomains(scenario) ??
    faultOfAttachments(scenario) ??
    faultOfGroups(scenario) ??
    faultOfThreads(scenario)
  );
}

function missing(what: string, list: readonly unknown[], at: number, field: string) {
  if (at < list.length) return undefined;
  const many = what.endsWith('s') ? `${what}es` : `${what}s`;
  const there = list.length === 1 ? `is 1 ${what}` : `are ${list.length} ${many}`;
  return `${field} is ${at}, but there ${there}, counted from 0`;
}

const firstOf = <Item>(
  items: readonly Item[],
  faultOf: (item: Item, at: number) => string | undefined,
): string | undefined => {
  for (const [at, item] of items.entries()) {
    const fault = faultOf(item, at);
    if (fault !== undefined) return fault;
  }
  return undefined;
};

function faultOfDomains({ domains, processes }: UnitScenario): string | undefined {
  const fault = firstOf(domains, (domain, at) => {
    if (domain.kind === 'sva') {
      return missing('process', processes, domain.process, `domains[${at}].process`);
    }
    if (domain.kind === 'paging') return undefined;
    const parent = `domains[${at}].parent`;
    return (
      missing('domain', domains, domain.parent, parent) ??
      (domains[domain.parent]?.kind === 'paging' ? undefined : `${parent} must be a paging domain`)
    );
  });
  return (
    fault ??
    firstOf(processes, ({ succeeds }, at) => {
      const own = domains.filter((each) => each.kind === 'sva' && each.process === at).length;
      if (own !== 1) return `process ${at} needs one domain { kind: 'sva', process: ${at} }`;
      if (succeeds === at) return `process ${at} can't succeed itself`;
      return succeeds === undefined
        ? undefined
        : missing('process', processes, succeeds, `processes[${at}].succeeds`);
    })
  );
}

const faultOfAttachments = ({ attachments, devices, domains }: UnitScenario) =>
  firstOf(attachments, ({ device, pasid, domain }, at) => {
    const field = `attachments[${at}]`;
    const twin = attachments.findIndex((each) => each.device === device && each.pasid === pasid);
    return (
      missing('device', devices, device, `${field}.device`) ??
      (domain === undefined ? undefined : missing('domain', domains, domain, `${field}.domain`)) ??
      (twin < at ? `${field} is the same place as attachments[${twin}]` : undefined)
    );
  });

const faultOfGroups = ({ attachments, devices }: UnitScenario) =>
  firstOf(devices, ({ groups }, device) =>
    firstOf(groups, ({ attachment, prgIndex = 0, pages }, at) => {
      const field = `devices[${device}].groups[${at}]`;
      const twin = groups.findIndex(
        (each) => each.attachment === attachment && (each.prgIndex ?? 0) === prgIndex,
      );
      const of = attachments[attachment]?.device;
      return (
        missing('attachment', attachments, attachment, `${field}.attachment`) ??
        (of === device ? undefined : `${field}.attachment is a place of device ${of}`) ??
        (pages?.length === 0 ? `${field}.pages must name a page at least` : undefined) ??
        (twin < at ? `${field} has attachment and index of groups[${twin}]` : undefined)
      );
    }),
  );

function faultOfThreads(scenario: UnitScenario): string | undefined {
  const { threads, attachments } = scenario;
  const held = attachments.map(({ domain }) => domain !== undefined);
  return firstOf(threads, ({ name, operations }, thread) => {
    if (threads.findIndex((each) => each.name === name) < thread) {
      return `two threads are called "${name}"`;
    }
    return firstOf(operations, (operation, at) => {
      const field = `threads[${thread}].operations[${at}]`;
      const fault = faultOfOperation(scenario, operation, held);
      return fault === undefined ? undefined : `${field}, ${operation.kind}: ${fault}`;
    });
  });
}

/** `held` says of each attachment whether something hangs there, and is told of what this one does. */
function faultOfOperation(
  { attachments, domains, processes }: UnitScenario,
  operation: OperationSpec,
  held: boolean[],
): string | undefined {
  const absent =
    ('attachment' in operation
      ? missing('attachment', attachments, operation.attachment, 'attachment')
      : undefined) ??
    ('domain' in operation ? missing('domain', domains, operation.domain, 'domain') : undefined) ??
    ('process' in operation
      ? missing('process', processes, operation.process, 'process')
      : undefined);
  if (absent !== undefined || !('attachment' in operation)) return absent;
  const { kind, attachment } = operation;
  const isFunction = attachments[attachment]?.pasid === undefined;
  if (kind.endsWith('-rid') && !isFunction) return `attachment ${attachment} is a PASID's`;
  if (kind === 'stop-use' || kind === 'start-use' || kind === 'sva-bind') return undefined;
  if (!kind.endsWith('-rid') && isFunction) return `attachment ${attachment} is the function's`;
  const fillsEmpty = kind.startsWith('attach') || kind === 'bind-sva';
  if (fillsEmpty && held[attachment] === true) {
    return `something is attached to attachment ${attachment} by then`;
  }
  if (!fillsEmpty && kind !== 'sva-unbind' && held[attachment] !== true) {
    return `nothing is attached to attachment ${attachment} by then`;
  }
  if (kind === 'bind-sva' && domains[operation.domain]?.kind !== 'sva') {
    return `domain ${operation.domain} must be one of kind sva`;
  }
  held[attachment] = fillsEmpty || kind.startsWith('replace');
  return undefined;
}
