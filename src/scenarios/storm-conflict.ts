/**
 * Storm conflict: what is wrong with a storm's profile although each of its fields is right.
 */
import { printable } from './field-check.ts';

export type StormConflict =
  | {
      readonly code: 'conflicting-fields';
      readonly profile: string;
      readonly field: string;
      readonly value: number;
      readonly limitedBy: string;
      readonly limit: number;
    }
  | {
      readonly code: 'driver-limit';
      readonly profile: string;
      readonly field: string;
      readonly value: number;
      readonly driver: string;
      readonly bound: 'at least' | 'at most';
      readonly limit: number;
    }
  | {
      readonly code: 'too-large';
      readonly profile: string;
      readonly devices: number;
      readonly pasids: number;
    }
  /** A trace that does not go that way in today's model. */
  | { readonly code: 'stale-trace'; readonly file: string; readonly reason: string };

/** One sentence, no full stop: what excludes what, and what to try. */
export function stormConflictSentence(input: StormConflict): string {
  switch (input.code) {
    case 'conflicting-fields':
      return [
        `storm profile ${printable(input.profile)}: "${input.field}" is ${input.value}`,
        ` but must not exceed ${input.limitedBy}, which is ${input.limit}`,
        '; lower the one or raise the other',
      ].join('');
    case 'driver-limit':
      return [
        `storm profile ${printable(input.profile)}: "${input.field}" is ${input.value}`,
        `, but with driver ${input.driver} must be ${input.bound} ${input.limit}`,
        '; change it, or choose another driver',
      ].join('');
    case 'too-large':
      return [
        `storm profile ${printable(input.profile)}: ${input.devices} devices with`,
        ` ${input.pasids} PASIDs each need more pages than the 2^20 frames of the modelled memory`,
        '; try fewer PASIDs or shorter recordings',
      ].join('');
    case 'stale-trace':
      return [
        `trace ${printablePath(input.file)} can't be taken again: ${input.reason}`,
        'see what is different with "stormdrain replay --tolerant"',
      ].join('; ');
  }
}
