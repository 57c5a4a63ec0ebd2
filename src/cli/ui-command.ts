/**
 * The `ui` command: the machines and their charts as pages on the loopback interface, until interrupted.
 *
 * Effects: listens.
 */

import { type BrowsedMachine, machineBrowser } from '../ui/machine-browser.ts';
import { serve } from '../ui/server.ts';
import { chartAscii } from '../viz/chart-ascii.ts';
import { chartCatalogue, type Drawn, drawnChart } from '../viz/chart-catalogue.ts';
import { chartLayout } from '../viz/chart-layout.ts';
import { chartStyle, chartSvg } from '../viz/chart-svg.ts';
import { themeVariables } from '../viz/theme.ts';
import { aborted } from './aborted.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';
import type { UiArguments } from './ui-arguments.ts';

type Lent = { readonly stdout: Output; readonly stderr: Output; readonly signal: AbortSignal };

export async function uiCommand(
  { port }: UiArguments,
  { stdout, stderr, signal }: Lent,
): Promise<ExitCode> {
  const styles = [themeVariables('body'), chartStyle()].join('\n');
  const site = machineBrowser(chartCatalogue().map(browsed), styles);
  const served = await serve(site, port);
  if (!served.ok) {
    stderr.write(
      `stormdrain: cannot listen on port ${port}: ${served.error}; try another --port\n`,
    );
    return EXIT.badInput;
  }
  stdout.write(`${served.value.url}\n`);
  await aborted(signal);
  await served.value.close();
  return EXIT.interrupted;
}

function browsed(drawn: Drawn): BrowsedMachine {
  const chart = drawnChart(drawn);
  const [driver, operation] = drawn.name.split(' ');
  return {
    name: drawn.name,
    aliases: drawn.aliases,
    group: operation === undefined ? 'Machines' : `Operations of ${driver}`,
    text: chartAscii(chart),
    picture: async () => chartSvg(await chartLayout(chart), { style: false }),
  };
}
