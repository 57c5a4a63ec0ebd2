/**
 * Own targets: definitions of drivers and scenarios as a program hands them over, and files that should export some.
 *
 * Effects: writes a module into a temporary folder, and loads it. Its text is data with two calls around it: what an
 *          input changes in it is no program that does anything.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as stormdrain from '../../src/library/stormdrain.ts';
import { badInputSentence } from '../../src/scenarios/bad-input.ts';
import { loadOwnModule } from '../../src/scenarios/own/own-module.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { dataIn, refusal } from './handed-over.ts';
import { text } from './seed-files.ts';

const DRIVER = {
  ...{ name: 'my-driver', like: 'vtd', quirks: ['partials-survive-drain'] },
  operations: {
    'detach-pasid': [
      ...['block-entry-owing-drain', 'invalidate-pasid-cache', 'invalidate-iotlb'],
      ...['invalidate-device-tlb', 'zero-entry', 'my-step', 'drain-ring', 'flush-workqueue'],
      ...['drain-hardware', 'drop-reporting', 'await-reporting', 'untrack-pasid', 'erase-slot'],
      ...['discard-partials', 'answer-invalid', 'put-domain', 'free-handle'],
    ],
  },
  steps: { 'my-step': { kind: 'act', effects: ['discardPartials'], waitsFor: 'threadIsIdle' } },
};
const SCENARIO = {
  ...{ name: 'my-scenario', sentence: 'a process unbinds', units: ['vtd', 'amd'] },
  devices: [{ credits: 2, groups: [{ attachment: 0, pages: [0, 1], mayCut: true }] }],
  processes: [{ pages: 2 }],
  domains: [
    { kind: 'sva', process: 0 },
    { kind: 'paging', handlesFaults: true },
  ],
  attachments: [{ device: 0, pasid: 1, domain: 0 }],
  threads: [{ name: 'owner', operations: [{ kind: 'unbind-sva', attachment: 0 }] }],
  hasLink: true,
};

const MODULE = `import { defineDriver, defineScenario } from 'stormdrain';
export const driver = defineDriver(${JSON.stringify(DRIVER)});
export const scenario = defineScenario(${JSON.stringify(SCENARIO)});
`;

let folder: string | undefined;
let modules = 0;

export const OWN_TARGETS: readonly FuzzTarget[] = [
  {
    name: 'own-driver',
    share: 20,
    seeds: () => [text(DRIVER)],
    // What a program in plain JavaScript may hand over has any shape.
    read: (input) => refusal(() => stormdrain.defineDriver(dataIn(input) as never)),
  },
  {
    name: 'own-scenario',
    share: 10,
    seeds: () => [text(SCENARIO)],
    read: (input) => refusal(() => stormdrain.defineScenario(dataIn(input) as never)), // as above
  },
  {
    name: 'own-module',
    share: 1,
    seeds: () => [Buffer.from(MODULE), Buffer.from('export default 1;\n')],
    read: async (input) => {
      folder ??= mkdtempSync(join(tmpdir(), 'stormdrain-fuzz-'));
      modules += 1;
      const file = join(folder, `own-${modules}.ts`);
      writeFileSync(file, input);
      try {
        const loaded = await loadOwnModule(file, { stormdrain });
        return loaded.ok ? undefined : badInputSentence(loaded.error);
      } finally {
        rmSync(file);
      }
    },
    close: async () => {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  },
];
