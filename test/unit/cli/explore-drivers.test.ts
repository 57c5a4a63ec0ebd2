/**
 * A scenario is asked with the drivers it has, for properties that somebody in it can see; all else is refused in a
 * sentence that says where it would be answered.
 */
import { expect, it, test } from 'vitest';

import { driverNames, quirkIds } from '../../../src/actors/drivers.ts';
import { runCommandLine } from '../../../src/cli/command-line.ts';
import { environmentWith } from './fixture.ts';

async function explore(...args: readonly string[]) {
  const known = { drivers: driverNames, quirks: quirkIds };
  const { environment, stdout, stderr } = environmentWith({ known });
  const code = await runCommandLine(['explore', ...args], environment);
  return { code, stdout: stdout(), stderr: stderr() };
}

test('a driver whose lists a scenario does not run is refused, with drivers and scenarios that would do', async () => {
  const refused = await explore('late-ats', '--driver', 'smmuv3');
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  const head =
    /^stormdrain: the scenario late-ats can't be explored with smmuv3, it has vtd, vtd@7.3, vtd@pasid-flush; /;
  expect(refused.stderr).toMatch(head);
  const others =
    'unbind-live, exit-unbind, exit-beside-unbind, exit-rebind, exit-translations, rid-detach';
  expect(refused.stderr.replace(head, '')).toMatch(
    new RegExp(`^${others}, and \\d+ more have smmuv3\n$`),
  );
  const foreign = await explore('request-without-pasid', '--driver', 'vtd');
  expect(foreign.stderr).toContain(
    "can't be explored with vtd, it has amd, amd@7.3, amd@pasid-flush; ",
  );
});

it('a scenario that has no driver of VT-d is explored with the first it has', async () => {
  const ended = await explore('request-without-pasid', '--json');
  expect(JSON.parse(ended.stdout)).toMatchObject({ driver: 'amd', complete: true });
});

it.each(['amd', 'smmuv3'])(
  '%s runs its own lists, and says which driver was asked',
  async (driver) => {
    const ended = await explore('exit-unbind', '--driver', `${driver}@7.3`, '--json');
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      driver: `${driver}@7.3`,
      scenario: 'exit-unbind',
    });
  },
);

it.each([
  ['exit-unbind', 'S21', 'viommu-reset could'],
  ['exit-unbind', 'S9', 'exit-translations, unmap-vs-fault, '],
  ['bench-protocol', 'S12', 'sva-on-any-pasid, '],
])(
  '%s is not called clean of %s, which nobody in it could see',
  async (scenario, property, where) => {
    const refused = await explore(scenario, '--property', property);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(
      `nothing in the scenario ${scenario} could break ${property}; ${where}`,
    );
  },
);

it.each(['deadlock', 'unexpected', 'S5'])(
  '%s may be asked of every world of a unit',
  async (id) => {
    expect(await explore('no-handler', '--property', id)).toMatchObject({ code: 0, stderr: '' });
  },
);
