/** Words: figures as people read them. */

export const count = (value: number): string => Math.round(value).toLocaleString('en-US');

export const plural = (value: number, noun: string): string =>
  `${count(value)} ${noun}${value === 1 ? '' : 's'}`;

/** Microseconds in the unit that reads best, with three digits or so. */
export function duration(microseconds: number): string {
  if (microseconds < 1000) return `${threeDigits(microseconds)} µs`;
  if (microseconds < 1e6) return `${threeDigits(microseconds / 1000)} ms`;
  return `${threeDigits(microseconds / 1e6)} s`;
}

const threeDigits = (value: number): string =>
  value === 0
    ? '0'
    : value < 10
      ? value.toFixed(2)
      : value < 100
        ? value.toFixed(1)
        : value.toFixed(0);

/** 1,234 as 1.2 k, for the side of a chart. */
export function short(value: number): string {
  const units = [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const;
  const [size, unit] = units.find(([size]) => value >= size) ?? [1, ''];
  const scaled = value / size;
  const digits = scaled < 10 && !Number.isInteger(scaled) ? 1 : 0;
  return `${scaled.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`;
}
