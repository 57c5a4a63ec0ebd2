/** The manual page as it should be: that of this version, from the help that its commands print. */
import { driverNames, quirkIds } from '../src/actors/drivers.ts';
import type { CommandName } from '../src/cli/arguments.ts';
import { COMMANDS } from '../src/cli/commands.ts';
import { manPage } from '../src/cli/man-page.ts';
import { packageVersion } from '../src/cli/package-version.ts';
import { PROGRAMS } from '../src/cli/programs.ts';

export async function manPageText(): Promise<string> {
  const known = { drivers: driverNames, quirks: quirkIds };
  const helps = new Map<string, string>();
  for (const { name } of COMMANDS) {
    helps.set(name, await PROGRAMS[name as CommandName].help({ known })); // a test holds the list to the readers
  }
  return manPage({ version: await packageVersion(), helps });
}
