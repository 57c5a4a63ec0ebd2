/** Fault reports that only remember what a queue's pass told them, in order. */
import type { FaultReports } from '../../../src/workers/unit-seams.ts';

export type Told = readonly [what: string, ...numbers: number[]];

/** `look` is called for each report, while the queue is in the middle of its pass. */
export function rememberedReports(look: () => number = () => 0) {
  const told: Told[] = [];
  const reports: FaultReports = {
    report: (device, pasid, index, last, low, highAndAccess, id, owner) => {
      told.push([
        'report',
        device,
        pasid,
        index,
        Number(last),
        low,
        highAndAccess,
        id,
        owner,
        look(),
      ]);
    },
    reject: (device, pasid, index, id, code) =>
      told.push(['reject', device, pasid, index, id, code]),
    answer: (device, pasid, index, id, code) =>
      told.push(['answer', device, pasid, index, id, code]),
    publish: () => told.push(['publish']),
    overflowed: () => told.push(['overflowed']),
  };
  return { told, reports };
}
