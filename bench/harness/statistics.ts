/** The middle of the samples; of an even number the mean of the two in the middle. */
export function median(samples: readonly number[]): number {
  if (samples.length === 0) throw new RangeError('expected at least one sample, got none');
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** How often `ours` fits into `peer`: above 1 we are faster. The median of the ratios of each round, since what disturbs a
 * round disturbs both. */
export function roundRatio(peer: readonly number[], ours: readonly number[]): number {
  if (peer.length !== ours.length)
    throw new RangeError(`expected as many rounds, got ${peer.length} and ${ours.length}`);
  return median(peer.map((sample, round) => sample / (ours[round] as number)));
}

/** The distance of the furthest value from the middle one, as a share of it: 0.2 is 20 %. */
export function spread(values: readonly number[]): number {
  const middle = median(values);
  return Math.max(...values.map((value) => Math.abs(value / middle - 1)));
}
