import { ModelSenders } from '../models/model-senders.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import { LogEvents } from './log-events.ts';

const REQUESTS = 15;
const DELIVERIES = 15;
const ALARMS = 3;
const CHANGES = 6;
const MOST_LINES = 12;

/** In some runs events come through the API, from log groups and from alarms, beside what producers put. */
export function scheduleSenders(world: World): ModelSenders | undefined {
  const { plan, scheduler } = world;
  const random = world.random.fork('what senders send');
  if (!random.chance(0.2)) return undefined;
  const senders = new ModelSenders(world);
  const events = new LogEvents(random.fork('events'), { oneFingerprint: plan.planned.has(30), skew: () => 0 });
  const someTime = () => random.between(plan.input.from, plan.input.to);
  for (let n = 0; n < REQUESTS; n++) {
    const size = random.between(1, MOST_LINES);
    scheduler.at(someTime(), 'a request', () => {
      senders.post(Array.from({ length: size }, () => httpBody(random, events, scheduler.now)));
    });
  }
  for (let n = 0; n < DELIVERIES; n++) {
    const size = random.between(0, MOST_LINES);
    scheduler.at(someTime(), 'CloudWatch Logs delivers', () => {
      const { now } = scheduler;
      const lines = Array.from({ length: size }, (_, line) => {
        const { level, message } = events.make(now);
        // AWS promises that an id is unique in its log stream only.
        const id = `${Math.floor(n / 3)}${String(line).padStart(55, '0')}`;
        return { id, timestamp: now, message: `${level} ${message}` };
      });
      senders.deliver(`sender-${n % 3}`, lines);
    });
  }
  for (let n = 0; n < ALARMS; n++) scheduleAlarm(world, senders, `alarm-${n}`, random.fork(`alarm ${n}`));
  return senders;
}

/** An alarm that is made, and then flaps. */
function scheduleAlarm(world: World, senders: ModelSenders, name: string, random: Random): void {
  const { scheduler, plan, chaos } = world;
  let at = random.between(plan.input.from, plan.input.to);
  let previous = 'INSUFFICIENT_DATA';
  for (let change = 0; change < CHANGES; change++) {
    const [told, before] = [change % 2 === 0 ? 'OK' : 'ALARM', previous];
    scheduler.at(at, 'an alarm changes', () => {
      if (change > 2) chaos.hit(42, 'flapping');
      senders.tell({ name, state: told, previous: before, at: new Date(scheduler.now).toISOString() });
    });
    previous = told;
    at += random.between(1, 90_000);
  }
}

/** An event as a request brings it, now and then without an id. */
function httpBody(random: Random, events: LogEvents, now: number): unknown {
  const { id, level, message, source, details } = events.make(now);
  const body = { log_level: level.toUpperCase(), message, source_application: source, details };
  return random.chance(0.8) ? { ...body, id } : body;
}
