/** docs/orders.md says what is found today: of operations that take a moment here, of all by `npm run orders`. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

import type { OperationName } from '../../../src/actors/driver.ts';
import { ordersSection, pictureName } from '../../../src/cli/orders-page.ts';
import { answerOf } from '../scenarios/orders/answers.ts';

const DOCS = fileURLToPath(new URL('../../../docs/', import.meta.url));
const page = readFileSync(`${DOCS}orders.md`, 'utf8');
const sectionOf = (heading: string): string =>
  new RegExp(`^## ${heading}\n[\\s\\S]*?(?=\n## |$(?![\\s\\S]))`, 'm').exec(page)?.[0] ?? '';

const QUICK: readonly (readonly [driver: string, operation: OperationName])[] = [
  ['vtd', 'attach-pasid'],
  ['vtd', 'mm-release'],
  ['amd', 'bind-sva'],
  ['smmuv3', 'mm-release'],
];

describe('the page of orders', () => {
  it.each(QUICK)('is what is found today: %s %s', async (driver, operation) => {
    const answer = await answerOf(driver, operation);
    expect(sectionOf(`${driver} ${operation}`).trim()).toBe(
      ordersSection(answer, 'orders').join('\n').trim(),
    );
  });

  it('has what the catalogue knows of an SVA detach of VT-d', () => {
    const section = sectionOf('vtd unbind-sva');
    for (const race of [
      'sva-teardown-order',
      'flush-workqueue-before-hw-queue',
      'iopf-remove-before-drain',
      'rid-detach-without-drain',
    ]) {
      expect(section).toContain(`\`${race}\``);
    }
  });

  it('has a picture for each section', async () => {
    const answer = await answerOf('vtd', 'mm-release');
    expect(readFileSync(`${DOCS}orders/${pictureName(answer)}`, 'utf8')).toContain('<svg');
    for (const [, file] of page.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)) {
      expect(readFileSync(`${DOCS}${file}`, 'utf8')).toContain('<svg');
    }
  });
});
