/** The option `--redis`: where the Redis is that hosts share, checked before anybody connects. */
import { type FieldCheck, satisfying } from '../scenarios/field-check.ts';
import { checkedBy, type OptionRow } from './option-table.ts';

export const REDIS_DEFAULT = 'redis://127.0.0.1:6379';

const isRedisUrl = (value: unknown): value is string => {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return (protocol === 'redis:' || protocol === 'rediss:') && hostname !== '';
};

const check: FieldCheck<string> = satisfying('a URL such as redis://host:6379', isRedisUrl);

export const redisUrl = <Options>(
  apply: (options: Options, url: string) => Options,
): OptionRow<Options> => checkedBy((text) => text, check, apply);

/** What is shown on a terminal is read by others. */
export function withoutPassword(url: string): string {
  const shown = new URL(url);
  if (shown.password !== '') shown.password = '***';
  return shown.href;
}
