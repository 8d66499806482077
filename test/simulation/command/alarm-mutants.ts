// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source
import { type Mutant, one } from './mutant.ts';

const ALARM = 'infrastructure/operations/alarm.ts';
const ALARMS = 'infrastructure/operations/pipeline-alarms.ts';
const GROUPS = 'shared/runtime/log-groups.ts';
const SETTINGS = 'shared/runtime/alarm-settings.ts';

/** Bugs that somebody could make in what watches Sluice itself, and in what keeps it from watching its own logs, one at a time. */
export const ALARM_MUTANTS: readonly Mutant[] = [
  one('calls nobody before a consumer is an hour late', SETTINGS, [
    "iteratorAge: setting(duration('1m', '12h'), 15 * 60)",
    "iteratorAge: setting(duration('1m', '12h'), 60 * 60)",
  ]),
  one('looks for the age of a consumer that hangs in each minute', ALARMS, [
    'periodSeconds: FIVE_MINUTES,\n      // One slow batch is none.\n      periods: 2,',
    'periodSeconds: MINUTE,\n      periods: 3,',
  ]),
  one('watches one consumer for batches that could not be kept', ALARMS, [
    "functionMetric(key, 'DestinationDeliveryFailures')",
    "functionMetric('routeAlerts', 'DestinationDeliveryFailures')",
  ]),
  one('an alarm rises and tells nobody', ALARM, ["AlarmActions: [ref('AlarmsTopic')]", 'AlarmActions: []']),
  one('subscribes the log groups of its own functions', GROUPS, [
    'part === own || part.startsWith(`${own}-`)',
    'part === own',
  ]),
  one('subscribes the log group of its own delivery streams', GROUPS, [
    'part === own || part.startsWith(`${own}-`)',
    'part.startsWith(`${own}-`)',
  ]),
];
