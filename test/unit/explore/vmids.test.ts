/**
 * Who holds the VMIDs of a second stage that several share: counted over every interleaving, layout by layout.
 */
import { expect, it } from 'vitest';

import { driverNames, quirkIds } from '../../../src/actors/drivers.ts';
import { runCommandLine } from '../../../src/cli/command-line.ts';
import { LAYOUTS } from '../../../src/scenarios/explore/vmids/layout.ts';
import { VMID_SCENARIOS } from '../../../src/scenarios/explore/vmids/scenarios.ts';
import { vmidLayoutWorld } from '../../../src/scenarios/explore/vmids/world.ts';
import { environmentWith } from '../cli/fixture.ts';
import { outcomeOf } from './outcome-of.ts';

const rowOf = (name: string) =>
  VMID_SCENARIOS.find((each) => each.name === name)?.figures?.().rows[0];

it.each(LAYOUTS)('$name is clean: no line outlives its page, no VMID its users', (layout) => {
  expect(outcomeOf(vmidLayoutWorld(layout))).toMatchObject({ kind: 'complete', unseen: [] });
});

it('Linux 7.3 counts one VMID: the second stage has it, and both vIOMMUs copy it', () => {
  expect(rowOf('vmids-of-linux')).toEqual([
    'vmids-of-linux',
    'S1+S2, S1+S2, S2',
    '1',
    '1',
    1,
    2,
    0,
    0,
  ]);
});

it('with VMIDs of their own, two vIOMMUs and a plain device are three, and lines and commands too', () => {
  expect(rowOf('vmids-of-users')).toEqual([
    'vmids-of-users',
    'S1+S2, S1+S2, S2',
    '3',
    '3',
    3,
    2,
    1,
    0,
  ]);
});

it('a proxy makes them two, and the device is invalidated through its vIOMMU', () => {
  expect(rowOf('vmids-by-proxy')).toEqual([
    'vmids-by-proxy',
    'S1+S2, S1+S2, S2',
    '2',
    '2',
    2,
    3,
    0,
    0,
  ]);
});

it('a proxy behind another SMMU needs a vIOMMU there: three again, in two spaces', () => {
  expect(rowOf('vmids-of-users-apart')).toEqual([
    'vmids-of-users-apart',
    'S1+S2, S1+S2, S2',
    '2 + 1',
    '2 + 1',
    3,
    3,
    0,
    0,
  ]);
});

it('a second stage that has its VMID is refused behind another SMMU', () => {
  expect(rowOf('vmids-of-linux-apart')).toEqual([
    'vmids-of-linux-apart',
    'S1+S2, EINVAL',
    '1 + 0',
    '1 + 0',
    1,
    1,
    0,
    1,
  ]);
});

it('explore vmid-layouts prints the layouts side by side, and says the numbers in JSON', async () => {
  const run = async (...args: readonly string[]) => {
    const known = { drivers: driverNames, quirks: quirkIds };
    const { environment, stdout } = environmentWith({ known });
    expect(await runCommandLine(['explore', 'vmid-layouts', ...args], environment)).toBe(0);
    return stdout();
  };
  const told = await run();
  expect(told.slice(told.indexOf('layout '))).toMatchInlineSnapshot(`
    "layout                stages of each device  VMIDs  lines of a page  commands of an unmap  invalidations by vIOMMU  by device  refused
    vmids-of-linux             S1+S2, S1+S2, S2      1                1                     1                        2          0        0
    vmids-of-users             S1+S2, S1+S2, S2      3                3                     3                        2          1        0
    vmids-by-proxy             S1+S2, S1+S2, S2      2                2                     2                        3          0        0
    vmids-of-users-apart       S1+S2, S1+S2, S2  2 + 1            2 + 1                     3                        3          0        0
    vmids-of-linux-apart          S1+S2, EINVAL  1 + 0            1 + 0                     1                        1          0        1

    "
  `);
  const { figures } = JSON.parse(await run('--json'));
  expect(figures.rows.map((row: readonly unknown[]) => [row[0], row[2]])).toEqual([
    ['vmids-of-linux', '1'],
    ['vmids-of-users', '3'],
    ['vmids-by-proxy', '2'],
    ['vmids-of-users-apart', '2 + 1'],
    ['vmids-of-linux-apart', '1 + 0'],
  ]);
});
