import type { Random } from './random.ts';
import type { World } from './world.ts';

const FIVE_MINUTES = 300_000;

/** By how much the clock of a new host is off, where clocks are. */
export function skewOf({ chaos }: World, random: Random): number {
  if (!chaos.active.has(29)) return 0;
  const skew = random.between(-FIVE_MINUTES, FIVE_MINUTES);
  if (skew !== 0) chaos.hit(29, skew < 0 ? 'host early' : 'host late');
  return skew;
}

/** By how much a host's clock may be ahead. */
export function latestSkew({ chaos }: World): number {
  return chaos.active.has(29) ? FIVE_MINUTES : 0;
}
