/**
 * Figures of the bench: a value beside its target and, where there is one, its peer measured in the same run.
 */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value shall reach; undefined when it is only reported. */
  readonly target: number | undefined;
  readonly met: boolean | undefined;
  /** Without a value: why there is none. */
  readonly peer: string | undefined;
  readonly peerValue: number | undefined;
  /** value / peerValue */
  readonly ratio: number | undefined;
  /** CPU over wall while it was measured; undefined where nothing ran. */
  readonly cores: number | undefined;
};

type Given = Pick<Figure, 'name' | 'value' | 'unit'> &
  Partial<Pick<Figure, 'target' | 'peer' | 'peerValue' | 'cores'>> & {
    /** Whether smaller is better. */
    readonly atMost?: boolean;
  };

export function figure(given: Given): Figure {
  const { name, value, unit, target, peer, peerValue, cores, atMost = false } = given;
  const met = target === undefined ? undefined : atMost ? value <= target : value >= target;
  const ratio = peerValue === undefined ? undefined : value / peerValue;
  return { name, value, unit, target, met, peer, peerValue, ratio, cores };
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
};

const short = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);

/** A line of the table. */
export function figureLine({
  name,
  value,
  unit,
  target,
  met,
  peer,
  peerValue,
  ratio,
  cores,
}: Figure) {
  const parts = [`${name.padEnd(44)} ${short(value).padStart(10)} ${unit.padEnd(16)}`];
  if (target !== undefined) {
    parts.push(`${met === true ? 'meets' : 'MISSES'} ${short(target)}`.padEnd(16));
  }
  if (peer !== undefined && peerValue !== undefined && ratio !== undefined) {
    parts.push(`${short(ratio)} of ${peer} (${short(peerValue)})`);
  } else if (peer !== undefined) parts.push(peer);
  if (cores !== undefined) parts.push(`${cores.toFixed(2)} cores`);
  return parts.join('  ').trimEnd();
}

/** The figures as a Markdown table, the machine above it: what docs/performance.md holds. */
export function figureTable(machine: string, figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, unit, target, met, peer, peerValue, ratio, cores }) => {
    const beside =
      peer === undefined || peerValue === undefined || ratio === undefined
        ? (peer ?? '')
        : `${short(ratio)} of ${peer}, ${short(peerValue)}`;
    const reached =
      target === undefined ? '' : `${met === true ? 'meets' : 'misses'} ${short(target)}`;
    return `| ${name} | ${short(value)} ${unit} | ${reached} | ${beside} | ${cores?.toFixed(2) ?? ''} |`;
  });
  return [
    `Measured on: ${machine}.`,
    '',
    '| figure | value | target | peer in the same run | cores |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
