/** Every fuzz target, and how many inputs each gets of a total. */
import { CAPTURE_TARGET } from './capture-target.ts';
import { COMMAND_TARGETS } from './command-targets.ts';
import { DESCRIPTOR_TARGET } from './descriptor-target.ts';
import { DOCUMENT_TARGETS } from './document-targets.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { HTTP_TARGET } from './http-target.ts';
import { INSPECTOR_TARGET } from './inspector-target.ts';
import { IOMMUFD_TARGETS } from './iommufd-targets.ts';
import { LIBRARY_TARGETS } from './library-targets.ts';
import { OWN_TARGETS } from './own-targets.ts';
import { QUESTION_TARGETS } from './question-targets.ts';

export const TARGETS: readonly FuzzTarget[] = [
  ...DOCUMENT_TARGETS,
  CAPTURE_TARGET,
  ...IOMMUFD_TARGETS,
  DESCRIPTOR_TARGET,
  ...COMMAND_TARGETS,
  ...QUESTION_TARGETS,
  ...OWN_TARGETS,
  ...LIBRARY_TARGETS,
  HTTP_TARGET,
  INSPECTOR_TARGET,
];

const SHARES = TARGETS.reduce((sum, { share }) => sum + share, 0);

export const inputsOf = ({ share }: FuzzTarget, total: number): number =>
  Math.ceil((total * share) / SHARES);
