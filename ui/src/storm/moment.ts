/** Moment: where the pointer is in the time of a storm, as the sample that is told. */

/** The sample nearest to a moment. */
export function momentIndex(
  seconds: readonly number[],
  moment: number | undefined,
): number | undefined {
  if (moment === undefined || seconds.length === 0) return undefined;
  const after = seconds.findIndex((each) => each >= moment);
  if (after <= 0) return after === 0 ? 0 : seconds.length - 1;
  const isNearer = (seconds[after] ?? 0) - moment < moment - (seconds[after - 1] ?? 0);
  return isNearer ? after : after - 1;
}
