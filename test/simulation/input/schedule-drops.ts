import type { DroppedFile } from '../models/model-drops.ts';
import { ModelDrops } from '../models/model-drops.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import { LogEvents } from './log-events.ts';

const HOUR = 3_600_000;
const FILES = 12;
/** Faults whose runs have no drops: while nothing can be written for longer than ids are known, a chunk may count twice. */
const APART = [4, 45];

/** In some runs files are dropped beside what producers put. One notification comes again hours later. */
export function scheduleDrops(world: World): ModelDrops | undefined {
  const { plan, scheduler, chaos } = world;
  const random = world.random.fork('files');
  if (!random.chance(0.2) || APART.some((fault) => plan.planned.has(fault))) return undefined;
  const drops = new ModelDrops(world);
  const events = new LogEvents(random.fork('events'), { oneFingerprint: plan.planned.has(30), skew: () => 0 });
  const { from, to } = plan.input;
  for (let n = 0; n < FILES; n++) {
    const object = { bucket: 'drops', key: `agent-${n % 3}/file ${n}.json`, versionId: `version-${random.hex(8)}` };
    scheduler.at(random.between(from, to), 'a file is dropped', () => {
      drops.drop({ object, ...content(random, events, scheduler.now) });
    });
    if (n > 0) continue;
    scheduler.at(to + 3 * HOUR, 'a notification comes late', () => {
      chaos.hit(47, 'late');
      const file = [...drops.files.values()].find((each) => each.object === object) as DroppedFile;
      file.lateReads = -file.reads;
      drops.notify(object);
    });
  }
  return drops;
}

type Content = Pick<DroppedFile, 'data' | 'ids' | 'withoutId' | 'bad'>;

function content(random: Random, events: LogEvents, now: number): Content {
  if (random.chance(0.1)) return { data: Buffer.from('no JSON\nat all'), ids: [], withoutId: 0, bad: [] };
  const made = Array.from({ length: random.between(1, 30) }, () => events.make(now));
  const isArray = random.chance(0.3);
  const pieces: string[] = [];
  const parts: Content = { data: Buffer.alloc(0), ids: [], withoutId: 0, bad: [] };
  for (const event of made) {
    const { id, time: _, ...rest } = event;
    if (random.chance(0.2)) {
      parts.withoutId++;
      pieces.push(JSON.stringify(rest));
    } else {
      parts.ids.push(id);
      pieces.push(JSON.stringify(event));
    }
    if (!random.chance(0.1)) continue;
    parts.bad.push(`{broken ${id}`);
    pieces.push(`{broken ${id}`);
  }
  if (isArray && parts.bad.length === 0) return { ...parts, data: Buffer.from(`[${pieces.join(',\n')}]`) };
  return { ...parts, data: Buffer.from(pieces.join('\n')) };
}
