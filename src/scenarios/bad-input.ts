/**
 * Bad input: what a user can get wrong in a file or on the command line, as one clear sentence.
 *
 * Units: lines count from 1.
 */
import type { FieldFault } from './field-check.ts';
import { fieldName, printable } from './field-check.ts';
import { type FileKind, REMEDY } from './file-kind.ts';
import { alternatives, type NameKind } from './name-kind.ts';
import { type StormConflict, stormConflictSentence } from './storm-conflict.ts';

/** A spot in a file; no line where the whole file is meant. */
export type Place = {
  readonly kind: FileKind;
  readonly file: string;
  readonly line: number | undefined;
};

export type BadInput =
  | { readonly code: 'unreadable-file'; readonly place: Place; readonly reason: string }
  | {
      readonly code: 'malformed-text';
      readonly place: Place;
      readonly expected: string;
      readonly got: string;
    }
  | {
      readonly code: 'bad-field';
      readonly place: Place;
      readonly field: string;
      readonly expected: string;
      readonly got: string;
    }
  | {
      readonly code: 'unknown-field';
      readonly place: Place;
      readonly field: string;
      readonly nearest: string | undefined;
    }
  | {
      readonly code: 'newer-schema';
      readonly place: Place;
      readonly schema: string;
      readonly known: string;
    }
  /** Well-formed, and yet nothing can be made of it. */
  | { readonly code: 'unusable-definition'; readonly place: Place; readonly reason: string }
  /** Nothing in it can be meant, or several things. */
  /** A reason with its own hint. */
  | { readonly code: 'bad-module'; readonly place: Place; readonly reason: string }
  | { readonly code: 'limit-exceeded'; readonly place: Place; readonly limit: string }
  | {
      readonly code: 'unknown-name';
      readonly kind: NameKind;
      /** Undefined on the command line. */
      readonly place: Place | undefined;
      readonly name: string;
      readonly nearest: string | undefined;
      readonly known: readonly string[];
    }
  | {
      readonly code: 'bad-option';
      readonly command: string;
      readonly option: string;
      readonly expected: string;
      readonly got: string;
    }
  | {
      readonly code: 'no-driver';
      readonly scenario: string;
      readonly place: Place | undefined;
    }
  | {
      readonly code: 'other-driver';
      readonly scenario: string;
      readonly driver: string;
      /** Those the scenario has, and scenarios that have the one that was asked for. */
      readonly drivers: readonly string[];
      readonly others: readonly string[];
      readonly place: Place | undefined;
    }
  | {
      readonly code: 'unseen-property';
      readonly scenario: string;
      readonly property: string;
      /** Scenarios where somebody would see it broken. */
      readonly others: readonly string[];
    }
  | { readonly code: 'conflicting-options'; readonly options: readonly string[] }
  | StormConflict
  | { readonly code: 'unwritable-file'; readonly file: string; readonly reason: string }
  | { readonly code: 'surplus-argument'; readonly argument: string; readonly takes: string }
  | { readonly code: 'missing-argument'; readonly command: string; readonly takes: string }
  | { readonly code: 'not-built'; readonly what: string; readonly instead: string }
  /** A trace of one kind of unit, and a driver of another. */
  | {
      readonly code: 'other-unit';
      readonly file: string;
      readonly unit: string;
      readonly driver: string;
    }
  /** A trace that does not go that way in today's model. */
  | { readonly code: 'stale-trace'; readonly file: string; readonly reason: string }
  /** `what` was made with `model`, and this program is `current`. */
  | {
      readonly code: 'other-model';
      readonly what: string;
      readonly model: string;
      readonly current: string;
    }
  | { readonly code: 'other-jobs'; readonly run: string; readonly file: string }
  | { readonly code: 'unreachable'; readonly what: string; readonly reason: string }
  | {
      readonly code: 'missing-package';
      readonly what: string;
      readonly packages: readonly string[];
    };

/** A fault of a checked value, with the place it was read from. */
export const badInputAt = (fault: FieldFault, place: Place): BadInput =>
  fault.code === 'unknown-field'
    ? { code: fault.code, place, field: fieldName(fault.path), nearest: fault.nearest }
    : {
        code: fault.code,
        place,
        field: fieldName(fault.path),
        expected: fault.expected,
        got: fault.got,
      };

/** One sentence, no full stop: what is wrong and where, what was expected and got, what to try. */
export function badInputSentence(input: BadInput): string {
  switch (input.code) {
    case 'unreadable-file':
      return `cannot read ${placeText(input.place)}: ${input.reason}; check the path`;
    case 'malformed-text':
      return [
        `${placeText(input.place)} must hold ${input.expected}, but has ${input.got}`,
        REMEDY[input.place.kind],
      ].join('; ');
    case 'bad-field':
      return [
        `${placeText(input.place)}: ${fieldText(input)} must be ${input.expected}`,
        ` but is ${input.got}; ${REMEDY[input.place.kind]}`,
      ].join(',');
    case 'unknown-field':
      return [
        `${placeText(input.place)}: there is no field "${input.field}"`,
        nearestText(input.nearest, 'remove it'),
      ].join('; ');
    case 'newer-schema':
      return [
        `${placeText(input.place)} is "${printable(input.schema)}"`,
        ` but this version reads "${input.known}"; use a newer stormdrain`,
      ].join(',');
    case 'unusable-definition':
      return `${placeText(input.place)}: ${input.reason}; ${REMEDY[input.place.kind]}`;
    case 'bad-module':
      return `${placeText(input.place)}: ${input.reason}`;
    case 'limit-exceeded':
      return `${placeText(input.place)} is too big: ${input.limit}; split or shorten it`;
    case 'unknown-name':
      return unknownNameSentence(input);
    case 'bad-option':
      return [
        `${input.option} must be ${input.expected}, but is ${input.got}`,
        `see "stormdrain ${input.command} --help"`,
      ].join('; ');
    case 'no-driver':
      return [
        input.place === undefined ? '' : `${placeText(input.place)}: `,
        `the scenario ${printable(input.scenario)} runs no driver's lists`,
        '; leave driver and quirks out',
      ].join('');
    case 'other-driver':
      return [
        input.place === undefined ? '' : `${placeText(input.place)}: `,
        `the scenario ${printable(input.scenario)} can't be explored with ${input.driver}, it has `,
        `${input.drivers.join(', ')}; ${othersText(input.others, `have ${input.driver}`)}`,
      ].join('');
    case 'unseen-property':
      return [
        `nothing in the scenario ${printable(input.scenario)} could break ${printable(input.property)}`,
        othersText(input.others, 'could'),
      ].join('; ');
    case 'conflicting-options': {
      const both = input.options.map((each) => printable(each)).join(' and ');
      return `${both} exclude each other; give one of them`;
    }
    case 'conflicting-fields':
    case 'driver-limit':
    case 'pointless-misbehaviour':
    case 'too-large':
      return stormConflictSentence(input);
    case 'stale-trace':
      return [
        `trace ${printablePath(input.file)} can't be taken again: ${input.reason}`,
        'see what is different with "stormdrain replay --tolerant"',
      ].join('; ');
    case 'unwritable-file':
      return `cannot write ${printablePath(input.file)}: ${input.reason}; try another folder`;
    case 'surplus-argument':
      return `"${printable(input.argument)}" is one argument too many: ${input.takes}`;
    case 'missing-argument':
      return [
        `${input.command} needs ${input.takes}`,
        `see "stormdrain ${input.command} --help"`,
      ].join('; ');
    case 'not-built':
      return `${input.what} is not built yet; ${input.instead}`;
    case 'other-unit': {
      const { file, unit, driver } = input;
      const of = `${printable(file, 400)} is the trace of a unit that driver ${driver} does not drive`;
      return `${of}; judge it by ${unit} or ${unit}@7.3`;
    }
    case 'other-model':
      return [
        `${printable(input.what, input.what.length)} is of version ${printable(input.model)} of the model`,
        ` but this program is version ${input.current}; use the same build everywhere`,
      ].join(',');
    case 'other-jobs':
      return [
        `the campaign run ${printable(input.run)} was begun with other jobs than`,
        ` ${printablePath(input.file)} describes; leave the file out, or begin anew without --resume`,
      ].join('');
    case 'unreachable':
      return `cannot reach ${input.what}: ${printable(input.reason)}; check that it runs and is reachable`;
    case 'missing-package':
      return [
        `${input.what} needs packages that are not installed`,
        `npm install ${input.packages.join(' ')}`,
      ].join('; ');
  }
}

const placeText = (place: Place): string => {
  const where = place.line === undefined ? '' : `:${place.line}`;
  const file = place.file === '' ? '' : ` ${printablePath(place.file)}`;
  return `${place.kind}${file}${where}`;
};

/** A document that is no mapping at all has no field to name. */
const fieldText = ({ field, place }: { readonly field: string; readonly place: Place }): string => {
  if (field !== '') return `"${field}"`;
  if (/^(definition|options) /.test(place.kind)) return 'it';
  return place.kind.endsWith('recording') ? 'the line' : 'the whole file';
};

/** Alternatives that a sentence names. */
const OTHERS_MAX = 6;

const othersText = (others: readonly string[], does: string): string =>
  others.length === 0
    ? 'no scenario does'
    : `${[...others.slice(0, OTHERS_MAX), ...moreText(others.length - OTHERS_MAX)].join(', ')} ${does}`;

const moreText = (count: number): readonly string[] => (count > 0 ? [`and ${count} more`] : []);

const nearestText = (nearest: string | undefined, otherwise: string): string =>
  nearest === undefined ? otherwise : `did you mean "${nearest}"?`;

/** A path is not shortened: it is what the user has to open. */
const printablePath = (file: string): string => printable(file, file.length);

function unknownNameSentence(input: Extract<BadInput, { code: 'unknown-name' }>): string {
  const where = input.place === undefined ? '' : `${placeText(input.place)}: `;
  const what = `there is no ${input.kind} "${printable(input.name)}"`;
  const isTyped = input.place === undefined;
  const others = alternatives(input.kind, input.known, isTyped);
  return `${where}${what}; ${nearestText(input.nearest, others)}`;
}
