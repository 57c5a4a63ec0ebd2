/** docs/findings-traces.md draws what the search finds today; `vitest -u` writes it anew. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

import { findingsPage } from './findings-traces.ts';

const PAGE = fileURLToPath(new URL('../../../docs/findings-traces.md', import.meta.url));

it('the page of the findings has the traces found today', async () => {
  await expect(findingsPage()).toMatchFileSnapshot(PAGE);
}, 60_000);
