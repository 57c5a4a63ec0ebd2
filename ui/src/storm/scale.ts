/** Scale: values to pixels, and the ticks beside them: few, and round. */

export type Scale = {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
};

const TICKS = 4;

/** From 0 at `bottom` to at least `most` at `top`. */
export function linear(most: number, bottom: number, top: number): Scale {
  const step = roundStep(Math.max(most, 1e-9) / TICKS);
  const end = Math.ceil(Math.max(most, 1e-9) / step) * step;
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, index) => index * step);
  return { ticks, at: (value) => bottom + ((top - bottom) * value) / end };
}

/** Powers of ten that hold `least` to `most`; both above 0. */
export function logarithmic(least: number, most: number, bottom: number, top: number): Scale {
  const first = Math.floor(Math.log10(least));
  const last = Math.max(first + 1, Math.ceil(Math.log10(most)));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
  return {
    ticks,
    at: (value) => {
      const share = (Math.log10(Math.max(value, 10 ** first)) - first) / (last - first);
      return bottom + (top - bottom) * share;
    },
  };
}

/** Seconds from 0 to `most`, drawn from `left` to `right`; a storm that has just begun has room to grow. */
export function time(most: number, left: number, right: number): Scale {
  const end = Math.max(most, 1);
  const step = roundStep(end / 6);
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
  return { ticks, at: (value) => left + ((right - left) * value) / end };
}

/** 1, 2 or 5 times a power of ten, no less than `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((each) => each * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}
