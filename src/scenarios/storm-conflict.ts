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
      readonly code: 'pointless-misbehaviour';
      readonly profile: string;
      readonly how: string;
      readonly why: string;
      readonly instead: string;
    }
  | {
      readonly code: 'too-large';
      readonly profile: string;
      readonly devices: number;
      readonly pasids: number;
    };

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
    case 'pointless-misbehaviour':
      return [
        `storm profile ${printable(input.profile)}: "misbehaviour" is ${input.how}`,
        `, but ${input.why}; ${input.instead}`,
      ].join('');
    case 'too-large':
      return [
        `storm profile ${printable(input.profile)}: ${input.devices} devices with`,
        ` ${input.pasids} PASIDs each need more pages than the 2^20 frames of the modelled memory`,
        '; try fewer PASIDs or shorter recordings',
      ].join('');
  }
}
