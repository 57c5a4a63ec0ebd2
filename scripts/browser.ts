/**
 * Browser: the system's Chromium, driven from here.
 *
 * Effects: starts a browser.
 */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** @throws Error with what to do, when there is none. */
export function systemChromium(): string {
  const { CHROMIUM, PATH = '' } = process.env;
  const places = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = [...(CHROMIUM === undefined ? [] : [CHROMIUM]), ...places].find((path) =>
    existsSync(path),
  );
  if (found === undefined) {
    throw new Error('there is no Chromium; scripts/chromium.sh installs one, or set CHROMIUM');
  }
  return found;
}

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: systemChromium(),
    // Its sandbox refuses to run as root, as containers do; nothing is loaded but what this project serves.
    chromiumSandbox: process.getuid?.() !== 0,
  });
