import type { World } from '../world.ts';

export async function runProbes(_world: World): Promise<void> {}
