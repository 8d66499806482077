import type { Configuration } from '../shared/runtime/configuration.ts';
import { packConfiguration } from '../shared/runtime/packed-configuration.ts';

/** Lambda allows 4 KB of environment for a function, names of tables and topics included. */
const LARGEST = 3000;
/** More is packed, which a function unpacks when it starts. */
const PLAIN = 1500;

/**
 * What each function finds in `SLUICE_CONFIG`: the part of the configuration that it needs, in the shape of
 * `Configuration`, as compact JSON. So no function reads YAML or loads a schema when it starts.
 */
export function functionConfigurations(configuration: Configuration) {
  const { alerts, applicationLogs, archive, dropBucket, email, remediation, rules } = configuration;
  const { emails: _, ...routing } = alerts;
  const isEmailed = alerts.receivers.some(({ receivers }) => receivers.some(({ kind }) => kind === 'email'));
  const emails = isEmailed ? { email } : {};
  return {
    routeAlerts: compact({ alerts: routing, ...emails }, 'write fewer routes, receivers and time intervals in alerts'),
    projectIncidents: compact({ applicationLogs, archive: { isEnabled: archive.isEnabled } }),
    archiveEvents: compact({}),
    closeWindows: compact({ alerts: { receivers: alerts.receivers }, ...emails }, FEWER_RECEIVERS),
    ingestS3: compact({ dropBucket }),
    evaluateRules: compact({ rules }, 'write fewer rules, or shorter ones'),
    remediate: compact(
      { remediation },
      'name fewer alarms in remediation.alarms: those on a metric with InstanceId need none',
    ),
  };
}

const FEWER_RECEIVERS = 'write fewer receivers in alerts.receivers';
const FEWER_SOURCES = 'name fewer sources in applicationLogs.sources, or raise applicationLogs.minLevel for all';

function compact(part: Partial<Record<keyof Configuration, unknown>>, advice = FEWER_SOURCES): string {
  const plain = JSON.stringify(part);
  if (Buffer.byteLength(plain) <= PLAIN) return plain;
  const text = packConfiguration(plain);
  if (text.length <= LARGEST) return text;
  throw new Error(`Expected at most ${LARGEST} bytes of configuration for a function, got ${text.length}; ${advice}`);
}
