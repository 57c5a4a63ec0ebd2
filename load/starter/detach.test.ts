import 'stormdrain/testing';
import { expect, it } from 'vitest';

import { driver, scenario } from './detach.ts';

it('detaches under a fault, in whatever order things happen', async () => {
  await expect(scenario).toHoldUnderAllInterleavings({ driver });
});

it('would not without the drain of the ring', async () => {
  await expect(scenario).toViolate('S6', { quirks: ['skip-ring-drain'] });
});
