import type { Span } from '../chaos.ts';
import { OWN_WARNING } from '../checks/check-own-warnings.ts';
import { ModelProducer } from '../models/model-producer.ts';
import { silenceParcels } from '../routing.ts';
import type { World } from '../world.ts';
import { isHostile, NO_ROW } from './hostile-input.ts';
import { LogEvents } from './log-events.ts';
import { ParcelMaker } from './make-parcels.ts';
import { SIZES } from './size-limits.ts';

const FIVE_MINUTES = 300_000;
const LARGEST_CALL = 40;

/** Kinds of input that a fault is made of. */
const WANTED: Readonly<Record<number, readonly string[]>> = {
  25: ['aggregate, bad checksum', 'aggregate, truncated', 'aggregate, nested'],
  37: ['newline in a message'],
  38: [NO_ROW],
  39: Object.keys(SIZES),
  40: ['control message', 'no lines'],
  41: ['our own log'],
};

/** Spreads the run's input over its time: in bursts, as logs come. */
export function scheduleInput(world: World): void {
  const { plan, scheduler, chaos } = world;
  const random = world.random.fork('input');
  const producer = new ModelProducer({
    scheduler,
    chaos,
    random: world.random.fork('producer'),
    stream: world.stream,
    accept: (accepted) => world.accept(accepted),
    violate: (what) => world.violate(what),
  });
  const has = (fault: number) => plan.planned.has(fault);
  const events = new LogEvents(random.fork('events'), { oneFingerprint: has(30), skew: skewOf(world) });
  const maker = new ParcelMaker({
    random: random.fork('parcels'),
    events,
    poison: has(8) ? 0.06 : 0.01,
    poisonPairs: has(9),
    odd: has(30) ? 0 : 0.01,
    aggregates: has(25) ? 0.6 : 0.1,
    wanted: [...plan.planned].flatMap((fault) => WANTED[fault] ?? []).filter(isHostile),
    partitionKeys: has(19) ? 12 : 200,
  });
  const spans = plan.secondInput ? [plan.input, plan.secondInput] : [plan.input];
  for (const span of spans) {
    for (const { at, count } of bursts(random, span, Math.ceil(plan.events / spans.length))) {
      scheduler.at(at, 'input', () => {
        if (has(30)) chaos.hit(30, 'burst');
        void producer.put(maker.make(count, scheduler.now));
      });
    }
  }
  scheduleSilence(world, producer);
  if (has(39)) {
    scheduler.at(plan.input.from, 'calls over the limits', () => {
      for (const parcels of maker.overLimits(scheduler.now)) void producer.put(parcels);
    });
  }
  if (!has(41)) return;
  world.onWarning = () => {
    chaos.hit(41, 'own warning');
    const data = Buffer.from(JSON.stringify({ level: 'WARN', service: 'sluice', message: 'batch given back in part' }));
    const truth = { parts: [{ id: undefined, level: 'warning' }] };
    void producer.put([{ kind: OWN_WARNING, data, partitionKey: 'own', truth, faults: [] }]);
  };
}

function scheduleSilence({ plan, scheduler }: World, producer: ModelProducer): void {
  const { silence } = plan.alerts;
  for (const { at, parcel } of silence ? silenceParcels(silence) : []) {
    scheduler.at(at, 'an operator silences', () => void producer.put([parcel]));
  }
}

function skewOf(world: World): (source: string) => number {
  const { late } = world.plan.alerts;
  const ofAll = skewOfAll(world);
  return (source) => ofAll() - (source === late?.source ? late.by : 0);
}

function skewOfAll({ plan, random, chaos }: World): () => number {
  if (!plan.planned.has(29)) return () => 0;
  const own = random.fork('skew');
  chaos.hit(29, new Date(plan.start).getUTCMonth() === 1 ? 'leap day' : 'daylight saving');
  return () => {
    const skew = own.pick([-FIVE_MINUTES, 0, FIVE_MINUTES]);
    if (skew !== 0) chaos.hit(29, skew > 0 ? 'early' : 'late');
    return skew;
  };
}

function bursts(random: World['random'], { from, to }: Span, events: number): { at: number; count: number }[] {
  const made: { at: number; count: number }[] = [];
  for (let left = events; left > 0; ) {
    const count = Math.min(left, random.chance(0.3) ? random.between(1, LARGEST_CALL) : random.between(1, 6));
    made.push({ at: random.between(from, to), count });
    left -= count;
  }
  return made;
}
