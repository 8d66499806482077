import { isOwnSource } from '../../../shared/alerts/known-incidents.ts';
import { CONSUMERS, deployedConsumers } from '../deployed.ts';
import type { Reported, WrittenReceipt } from '../world.ts';
import { sequenceKey, type World } from '../world.ts';
import { kindOf, type Truth, type TruthEvent } from './oracle.ts';

/** Of every run that gave nothing back: what it received is what its records hold, and each event is in one place. */
export function checkLedger(world: World, truth: Truth): void {
  checkConsumers(world);
  for (const reported of world.reports) checkReport(world, truth, reported);
  for (const receipt of world.receipts) markUntold(world, truth, receipt);
}

/** Who is deployed accounts for what it was given, and nobody else does. */
function checkConsumers(world: World): void {
  const heard = new Set(world.reports.map(({ outcome }) => outcome.consumer));
  const deployed = deployedConsumers(world.plan);
  for (const name of CONSUMERS) {
    const isDeployed = deployed.includes(name);
    const left = world.tables.ledger.all().some(({ scope }) => String(scope).startsWith(`receipt#${name}#`));
    if (!isDeployed && (heard.has(name) || left)) world.violate(`${name} is not deployed, and accounts for records`);
    if (isDeployed && !heard.has(name)) world.violate(`${name} accounts for nothing`);
  }
}

function checkReport(world: World, truth: Truth, { outcome, records }: Reported): void {
  const { consumer, counts, failures, repeated } = outcome;
  const { received, projected, duplicates, filtered, quarantined } = counts;
  const sum = projected + duplicates + filtered + quarantined;
  if (received !== sum) world.violate(`${consumer}: received ${received}, accounts for ${sum}`);
  if (consumer === 'route-alerts') markUntold(world, truth, { ...counts, records });
  if (failures.length > 0 || repeated > 0) return;
  const events = records.flatMap((record) => truth.byRecord.get(sequenceKey(record)) ?? []);
  const poison = records.filter(
    (record) => 'rejected' in (world.bySequence.get(sequenceKey(record))?.parcel.truth ?? {}),
  ).length;
  if (received !== events.length + poison) {
    world.violate(
      `${consumer}: ${events.length + poison} events and poisons were handed over, ${received} accounted for`,
    );
  }
  if (quarantined !== poison) world.violate(`${consumer}: ${poison} poisons, ${quarantined} quarantined`);
  if (consumer !== 'project-incidents') return;
  const { rules } = world.plan;
  const levels = ['critical', 'error', 'warning', 'info', 'debug'];
  const unwanted = events.filter(({ event, isError }) => {
    const least = Object.hasOwn(rules.sources, event.source) ? rules.sources[event.source] : rules.minLevel;
    return event.type !== 'log' || (!isError && levels.indexOf(event.level) > levels.indexOf(least as string));
  });
  if (filtered !== unwanted.length) world.violate(`${consumer}: ${unwanted.length} to filter, ${filtered} filtered`);
}

/** While its table does not answer, route-alerts lets informational events go untold, and counts them as filtered. */
function markUntold(world: World, { byRecord }: Truth, { received, filtered, records }: WrittenReceipt): void {
  const events = records.flatMap((record) => byRecord.get(sequenceKey(record)) ?? []);
  // What an operator says of a silence has its effect, unless its table does not answer.
  const others = events.filter(({ event }) => event.type !== 'log' && !event.type.startsWith('silence.')).length;
  const isWhole = received >= events.length;
  const more = filtered - (isWhole ? others : 0);
  if (more <= 0) return;
  const flood = floodOf(world, events);
  for (const member of isWhole && more === flood.length ? flood : events) world.untold.add(kindOf(member));
}

/** What is of one quiet group of its source too many: told to nobody, while all else of its batch is. */
function floodOf(
  { plan: { mostQuietGroups = Number.POSITIVE_INFINITY } }: World,
  events: readonly TruthEvent[],
): TruthEvent[] {
  const quiet = events.filter(
    ({ event }) => event.type === 'log' && (event.level === 'info' || event.level === 'debug'),
  );
  const bySource = Map.groupBy(quiet, ({ event }) => event.source);
  return [...bySource.values()].flatMap((own) => {
    const kept = [...new Set(own.map(kindOf))].slice(0, mostQuietGroups);
    return own.filter((member) => !kept.includes(kindOf(member)) && !isOwnSource(member.event.source));
  });
}

/** What the mappings did: a backlog that is gone. */
export function checkMappings(world: World): void {
  for (const { options, isDrained } of world.mappings) {
    if (!isDrained) world.violate(`${options.name}: the backlog did not drain`);
  }
}
