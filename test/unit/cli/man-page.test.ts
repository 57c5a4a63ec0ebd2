/** Goal: the manual page in the package says what the commands' help says today; `npm run man` writes it. */
import { expect, it } from 'vitest';

import { manPageText } from '../../../scripts/man-text.ts';
import { readText } from '../house/sources.ts';

it('man/stormdrain.1 is of this version; when it is stale: npm run man', async () => {
  expect(readText('man/stormdrain.1')).toBe(await manPageText());
});

it('has no request that groff does not know', () => {
  const known = [
    '.TH',
    '.SH',
    '.TP',
    '.PP',
    '.B',
    '.BI',
    '.I',
    '.RI',
    '.nf',
    '.fi',
    '.br',
    '.RS',
    '.RE',
  ];
  const requests = [...readText('man/stormdrain.1').matchAll(/^\.\w*/gm)].map(
    ([request]) => request,
  );
  expect([...new Set(requests)].filter((request) => !known.includes(request))).toEqual([]);
});
