import type { Configuration } from '../shared/runtime/configuration.ts';

/** Lambda allows 4 KB of environment for a function, names of tables and topics included. */
const LARGEST = 3000;

/**
 * What each function finds in `SLUICE_CONFIG`: the part of the configuration that it needs, in the shape of
 * `Configuration`, as compact JSON. So no function reads YAML or loads a schema when it starts.
 */
export function functionConfigurations(configuration: Configuration) {
  const { alerts, applicationLogs, dropBucket, remediation, rules } = configuration;
  const { emails: _, ...routing } = alerts;
  return {
    routeAlerts: compact({ alerts: routing }),
    projectIncidents: compact({ applicationLogs }),
    archiveEvents: compact({}),
    closeWindows: compact({}),
    ingestS3: compact({ dropBucket }),
    evaluateRules: compact({ rules }, 'write fewer rules, or shorter ones'),
    remediate: compact(
      { remediation },
      'name fewer alarms in remediation.alarms: those on a metric with InstanceId need none',
    ),
  };
}

const FEWER_SOURCES = 'name fewer sources in applicationLogs.sources, or raise applicationLogs.minLevel for all';

function compact(part: Partial<Record<keyof Configuration, unknown>>, advice = FEWER_SOURCES): string {
  const text = JSON.stringify(part);
  if (Buffer.byteLength(text) <= LARGEST) return text;
  throw new Error(
    `Expected at most ${LARGEST} bytes of configuration for a function, got ${Buffer.byteLength(text)}; ${advice}`,
  );
}
