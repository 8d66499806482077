import { lineKey, type ModelSenders } from '../models/model-senders.ts';
import type { World } from '../world.ts';
import type { Truth } from './oracle.ts';

/**
 * What the API answered as accepted is on the stream; each line of a log group is, under one id, or its delivery is kept; and
 * each change of an alarm is one event, however often it was told, save that a new one finds all well. That each event
 * counts once, and that alarms make no incident and no notice of their own, is checked with all events.
 */
export function checkSenders(world: World, truth: Truth): void {
  const { senders } = world;
  if (senders === undefined) return;
  const events = [...new Map(truth.events.map(({ event }) => [event.id, event])).values()];
  checkAccepted(world, senders, new Set(events.map(({ id }) => id)));
  checkLines(world, senders, events);
  checkAlarms(world, senders, events);
  if (senders.gaveUp > 0) world.violate(`senders: ${senders.gaveUp} notifications were given up`);
}

type Events = readonly Truth['events'][number]['event'][];

function checkAccepted(world: World, { accepted }: ModelSenders, ids: ReadonlySet<string>): void {
  const missing = [...accepted].filter((id) => !ids.has(id));
  if (missing.length > 0)
    world.violate(`senders: ${missing.length} events of accepted requests are lost: ${missing[0]}`);
}

function checkLines(world: World, { lines, keptLines }: ModelSenders, events: Events): void {
  const found = new Map<string, number>();
  for (const { id, attributes } of events) {
    const logStream = attributes?.['aws.log.stream'];
    if (!logStream?.startsWith('sender-')) continue;
    const key = lineKey({ logStream, id: id.slice(id.lastIndexOf(':') + 1) });
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  for (const line of lines) {
    const times = found.get(lineKey(line)) ?? 0;
    const isSound = times === 1 || (times === 0 && keptLines.has(lineKey(line)));
    if (!isSound) world.violate(`senders: line ${line.id} of ${line.logStream} is ${times} events`);
  }
  if (found.size > lines.length) world.violate(`senders: ${found.size - lines.length} lines that nobody logged`);
}

function checkAlarms(world: World, { changes }: ModelSenders, events: Events): void {
  const told = events.filter(({ type }) => type === 'alarm.changed');
  const expected = changes.filter(({ state, previous }) => state !== 'OK' || previous !== 'INSUFFICIENT_DATA');
  const count = (name: string, state: string) =>
    told.filter(({ attributes }) => attributes?.alarm === name && attributes.state === state).length;
  for (const { name, state } of expected) {
    const due = expected.filter((each) => each.name === name && each.state === state).length;
    if (count(name, state) !== due)
      world.violate(`senders: ${name} went ${due} times to ${state}, told ${count(name, state)} times`);
  }
  if (told.length !== expected.length) world.violate(`senders: ${told.length} changes told of ${expected.length}`);
}
