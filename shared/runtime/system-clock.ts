import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../stream/ports.ts';

/** The machine's own time and chance. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds) => {
    await setTimeout(milliseconds);
  },
  random: () => Math.random(),
};
