/** Goal: an entry is read whole, whatever the main thread writes to it between two loads. */
import { describe, expect, it } from 'vitest';

import { ACCESS_READ } from '../../../src/hw/access.ts';
import { NO_FRAME } from '../../../src/hw/table-memory.ts';
import { THREAD } from '../../../src/workers/storm-layout.ts';
import { BLOCKED, MISS, TranslationAgent } from '../../../src/workers/translation.ts';
import type { EntryBytes } from '../../../src/workers/unit-seams.ts';
import { ViolationLog } from '../../../src/workers/violation-log.ts';
import { smallMemory } from './memory.ts';

const ROOT = 1;

/** What a first access finds under an entry that is cleared while its `domain`, or `root`, is read. */
function firstAccess(clearedAt?: 'domain' | 'root'): number {
  const memory = smallMemory();
  let root = ROOT;
  const read = (what: 'domain' | 'root'): void => {
    if (what === clearedAt) root = NO_FRAME;
  };
  const entries: EntryBytes = {
    hasDeviceTlb: () => true,
    tagsPasid: true,
    isPresent: () => root !== NO_FRAME,
    domain: () => {
      read('domain');
      return 1;
    },
    root: () => {
      read('root');
      return root;
    },
  };
  const agent = new TranslationAgent(memory, entries, new ViolationLog(memory, THREAD.device));
  agent.turnTo(0, 1, 0);
  return agent.translate(0, 0, ACCESS_READ);
}

describe('an access', () => {
  it('misses where an entry has no page yet', () => {
    expect(firstAccess()).toBe(MISS);
  });

  it.each(['domain', 'root'] as const)(
    'is refused where the entry is cleared while its %s is read',
    (at) => {
      expect(firstAccess(at)).toBe(BLOCKED);
    },
  );
});
