/**
 * Visit: a page in a browser of its own, with everything that must not happen kept: errors, breaches of the policy, and
 * requests to anybody else.
 */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export type Visit = {
  readonly page: Page;
  /** What went wrong so far, a sentence each. */
  readonly faults: () => readonly string[];
  readonly leave: () => Promise<void>;
};

/** What is at `address`; requests to other hosts are faults, and so is any but the first where `isAlone`. */
export async function visit(
  browser: Browser,
  address: string,
  { isAlone = false, ...options }: BrowserContextOptions & { readonly isAlone?: boolean } = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  const own = new URL(address);
  let requests = 0;
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    requests += 1;
    if (host !== own.host || protocol !== own.protocol) faults.push(`asks ${request.url()}`);
    if (isAlone && requests > 1) faults.push(`asks for more: ${request.url()}`);
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`throws ${error.message}`));
  await page.exposeFunction('breached', (what: string) => faults.push(`policy: ${what}`));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      const { breached } = globalThis as unknown as { breached: (what: string) => void }; // see above
      breached(`${violatedDirective} ${blockedURI}`);
    });
  });
  await page.goto(address);
  return { page, faults: () => faults, leave: () => context.close() };
}
