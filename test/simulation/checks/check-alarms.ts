import { serviceOf } from '../deployed.ts';
import { alarmsOn } from '../deployed-alarms.ts';
import { type Datapoint, firstRise } from '../models/model-alarm.ts';
import type { World } from '../world.ts';

const TEN_MINUTES = 600_000;

/** The product's own alarms over what the mappings did: people hear before a record is lost for its age, and when one is. */
export function checkAlarms(world: World): void {
  for (const [service, own] of Map.groupBy(world.mappings, ({ options }) => serviceOf(options.name))) {
    checkAge(world, service, own);
    checkUndelivered(world, service);
  }
}

/** Faults 15 and 43. The alarm is as deployed; the records' age is the run's, of which the alarm has less time to spare. */
function checkAge(world: World, service: string, mappings: World['mappings']): void {
  // A mapping that is paused reads nothing, so it has no iterator age that an alarm could see.
  if (world.plan.paused.length > 0) return;
  const expired = mappings.flatMap(({ metrics }) => metrics.firstExpired ?? []);
  if (expired.length === 0) return;
  const ages = mappings.flatMap(({ metrics }) => metrics.ages);
  const rise = riseOf(service, 'IteratorAge', ages);
  if (rise >= Math.min(...expired)) world.violate(`${service}: a record expired without an alarm before`);
}

/** Fault 17. Lambda counts each batch that it could not keep. Source: Lambda Developer Guide, "Types of metrics". */
function checkUndelivered(world: World, service: string): void {
  const failures = world.destination.failures.filter(({ mapping }) => serviceOf(mapping) === service);
  const [first] = failures;
  if (first === undefined) return;
  const rise = riseOf(service, 'DestinationDeliveryFailures', failures);
  if (rise > first.at + TEN_MINUTES) world.violate(`${service}: records were lost, and no alarm says so`);
}

/** When the first of the product's alarms on a function's metric rises; infinite where none does. */
export function riseOf(service: string, metric: string, points: readonly Datapoint[]): number {
  const rises = alarmsOn(service, metric).map((alarm) => firstRise(alarm, points) ?? Number.POSITIVE_INFINITY);
  return Math.min(Number.POSITIVE_INFINITY, ...rises);
}
