/**
 * Iommufd soak: random operations on one iommufd after another, and what each left behind when it was closed.
 *
 * Usage: node dist/load/soak/iommufd.js [operations] [seed]
 */
import { soak } from './soak.ts';

const [operations = '1000000', seed = '1'] = process.argv.slice(2);
const outcome = soak(Number(operations), Number(seed));
process.stdout.write(`${JSON.stringify(outcome)}\n`);
process.exitCode = outcome.left.length === 0 ? 0 : 1;
