/**
 * Validator: the shipped JSON Schemas, as they are and sealed.
 *
 * They are open: a field that a later version adds is no mistake to whoever validates by an older one. Sealed, a field
 * that no schema names is one, so that nothing is printed that is not written down.
 */
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';

import { readText } from '../house/sources.ts';

export type SchemaRow = {
  readonly file: string;
  readonly of: string;
  readonly version: string;
  /** Of the schema as that version has it: its content, however it is laid out. */
  readonly hash: string;
  readonly title: string;
};

const FOLDER = 'schemas';

export const { schemas: SCHEMAS }: { readonly schemas: readonly SchemaRow[] } = JSON.parse(
  readText(`${FOLDER}/index.json`),
);

export const schemaText = (file: string): unknown => JSON.parse(readText(`${FOLDER}/${file}`));

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function sealed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(sealed);
  if (!isMapping(schema)) return schema;
  const within = Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, sealed(value)]),
  );
  const { type, properties } = schema;
  return type === 'object' && isMapping(properties)
    ? { additionalProperties: false, ...within }
    : within;
}

const validatorOf = (read: (file: string) => unknown): Ajv2020 => {
  // Which fields there are together is said around the place where they are described.
  const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false });
  for (const { file } of SCHEMAS) ajv.addSchema(Object(read(file)), file);
  return ajv;
};

const asShipped = validatorOf(schemaText);
const whenSealed = validatorOf((file) => sealed(schemaText(file)));

const sentence = ({ instancePath, message = '' }: ErrorObject): string =>
  `${instancePath === '' ? 'the whole' : instancePath} ${message}`;

const faults = (ajv: Ajv2020, file: string, value: unknown): readonly string[] =>
  ajv.validate(file, value) ? [] : (ajv.errors ?? []).map(sentence);

/** What is wrong with a value by the shipped schema, one sentence each. */
export const shippedFaults = (file: string, value: unknown): readonly string[] =>
  faults(asShipped, file, value);

/** The same, where fields that no schema names are wrong too. */
export const sealedFaults = (file: string, value: unknown): readonly string[] =>
  faults(whenSealed, file, value);
