/**
 * Spin peer: the bench protocol in Promela, searched by Spin's own C code, where `spin` and `gcc` are installed.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { BenchSizes } from '../../src/scenarios/explore/bench-protocol/sizes.ts';

export type SpinPeer = {
  /** One search; CPU seconds of it and the states it stored. */
  run(): { readonly seconds: number; readonly states: number };
  close(): void;
};

/** From the sources and from the compiled tree alike. */
const MODEL = ['./prq.pml', '../../../load/bench/prq.pml']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(path));

/** How Spin is told to search. */
export type SpinSetting = {
  readonly name: string;
  /** Options of `spin`, and of the compiler. */
  readonly spin: readonly string[];
  readonly compiler: readonly string[];
  /** It has every state that the others have; else it leaves out variables that are only written. */
  readonly isWhole: boolean;
};

export const SPIN_FULL: SpinSetting = {
  name: '-O2, no reduction',
  spin: ['-o2'],
  compiler: ['-DNOREDUCE'],
  isWhole: true,
};

/** All that verify; the first two without compression, the slower ones with it. */
export const SPIN_SETTINGS: readonly SpinSetting[] = [
  SPIN_FULL,
  { name: '-O2, partial order', spin: ['-o2'], compiler: [], isWhole: true },
  { name: '-O2, collapse', spin: ['-o2'], compiler: ['-DCOLLAPSE'], isWhole: true },
  {
    name: '-O2, without what is only written',
    spin: [],
    compiler: ['-DNOREDUCE'],
    isWhole: false,
  },
];

/** Undefined when something is not installed, or does not compile. `hashLog2` is the size of its table. */
export function spinPeer(
  sizes: BenchSizes,
  hashLog2: number,
  setting: SpinSetting,
): SpinPeer | undefined {
  if (MODEL === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'stormdrain-spin-'));
  const close = (): void => rmSync(folder, { recursive: true, force: true });
  copyFileSync(MODEL, join(folder, 'prq.pml'));
  const { groups, pasids, ringSlots, workers } = sizes;
  const defines = [`-DN=${groups}`, `-DP=${pasids}`, `-DR=${ringSlots}`, `-DW=${workers}`];
  const isMade = [
    ['spin', '-a', ...setting.spin, ...defines, 'prq.pml'],
    ['gcc', '-O2', '-DSAFETY', ...setting.compiler, '-o', 'pan', 'pan.c'],
  ].every(([command = '', ...rest]) => {
    const { error, status } = spawnSync(command, rest, { cwd: folder });
    return error === undefined && status === 0;
  });
  if (!isMade) {
    close();
    return undefined;
  }
  return {
    close,
    run: () => {
      // The shell's own `times` tells the CPU time of what it ran.
      const script = `./pan -m100000 -w${hashLog2}; times`;
      const { stdout } = spawnSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' });
      const states = Number(/(\d+) states, stored/.exec(stdout)?.[1]);
      const [user = 0, system = 0] = (stdout.trim().split('\n').at(-1) ?? '')
        .split(' ')
        .map(secondsIn);
      return { seconds: user + system, states };
    },
  };
}

/** `1m2.5s` in seconds. */
function secondsIn(text: string): number {
  const [, minutes, seconds] = /(\d+)m([\d.]+)s/.exec(text) ?? [];
  return Number(minutes) * 60 + Number(seconds);
}
