import { CONSUMERS, deployedConsumers } from '../deployed.ts';
import { type Reported, sequenceKey, type World } from '../world.ts';
import { checkUntold } from './check-untold.ts';
import type { Truth } from './oracle.ts';

/** Of every run that gave nothing back: what it received is what its records hold, and each event is in one place. */
export function checkLedger(world: World, truth: Truth): void {
  checkConsumers(world);
  for (const reported of world.reports) checkReport(world, truth, reported);
  for (const receipt of world.receipts) checkUntold(world, truth, receipt);
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

function checkReport(world: World, truth: Truth, { outcome, records, didTableFail }: Reported): void {
  const { consumer, counts, failures, repeated } = outcome;
  const { received, projected, duplicates, filtered, quarantined } = counts;
  const sum = projected + duplicates + filtered + quarantined;
  if (received !== sum) world.violate(`${consumer}: received ${received}, accounts for ${sum}`);
  if (consumer === 'route-alerts') checkUntold(world, truth, { ...counts, records, didTableFail });
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
  if (consumer === 'archive-events' && filtered > 0) world.violate(`${consumer}: ${filtered} filtered, it keeps all`);
  if (consumer !== 'project-incidents') return;
  const { rules } = world.plan;
  const levels = ['critical', 'error', 'warning', 'info', 'debug'];
  const unwanted = events.filter(({ event, isError }) => {
    const least = Object.hasOwn(rules.sources, event.source) ? rules.sources[event.source] : rules.minLevel;
    return event.type !== 'log' || (!isError && levels.indexOf(event.level) > levels.indexOf(least as string));
  });
  if (filtered !== unwanted.length) world.violate(`${consumer}: ${unwanted.length} to filter, ${filtered} filtered`);
}

/** What the mappings did: a backlog that is gone. */
export function checkMappings(world: World): void {
  for (const { options, isDrained } of world.mappings) {
    if (!isDrained) world.violate(`${options.name}: the backlog did not drain`);
  }
}
