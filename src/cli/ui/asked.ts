/**
 * Asked: what a page asks for, checked field by field; what is wrong with it becomes one sentence.
 */
import { err, ok, type Result } from '../../core/result.ts';
import { type FieldCheck, type FieldFault, fieldName } from '../../scenarios/field-check.ts';

export function asked<Order>(check: FieldCheck<Order>, body: unknown): Result<Order, string> {
  const checked = check(body, []);
  return checked.ok ? ok(checked.value) : err(sentenceOf(checked.error));
}

function sentenceOf(fault: FieldFault): string {
  const name = fieldName(fault.path);
  if (fault.code === 'unknown-field') return `there is no field "${name}"`;
  const what = name === '' ? 'what is asked for' : `"${name}"`;
  return `${what} must be ${fault.expected}, and is ${fault.got}`;
}
