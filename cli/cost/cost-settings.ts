import { decideRoutes } from '../../shared/alerts/routing-tree.ts';
import { ARCHIVE_ALARMS, type CostSettings, DEFAULT_ALARMS } from '../../shared/cost/month.ts';
import type { Fingerprint } from '../../shared/events/fingerprint.ts';
import { LEVELS, type Level } from '../../shared/events/levels.ts';
import { alertPolicyOf } from '../../shared/runtime/alert-policy.ts';
import type { Configuration } from '../../shared/runtime/configuration.ts';

/** What of a configuration costs something. */
export function costSettings(configuration: Configuration): CostSettings {
  const { stream, applicationLogs, archive, consumers, alerts } = configuration;
  return {
    shards: stream.shards,
    rowsFrom: applicationLogs.minLevel,
    rowsPerFingerprintAndHour: applicationLogs.rowsPerFingerprintAndHour,
    rowRetentionDays: applicationLogs.retentionDays,
    bufferSeconds: archive.isEnabled ? archive.bufferSeconds : undefined,
    batchWindowSeconds: consumers.batchWindowSeconds,
    projectionWindowSeconds: consumers.projectionWindowSeconds,
    toldLevels: toldLevels(alerts),
    alarms: alarmsOf(configuration),
  };
}

/** Levels of which somebody is told, of a source that no route is about. */
function toldLevels(alerts: Configuration['alerts']): Level[] {
  const { routing } = alertPolicyOf(alerts);
  const isTold = (level: Level) => {
    const any = { event: { level, source: '' }, fingerprint: '' as Fingerprint };
    return decideRoutes(any, routing, 0).some(({ route }) => route.to.length > 0);
  };
  return LEVELS.filter(isTold);
}

function alarmsOf({ alarms, archive }: Configuration): number {
  if (!alarms.isEnabled) return 0;
  return archive.isEnabled ? DEFAULT_ALARMS : DEFAULT_ALARMS - ARCHIVE_ALARMS;
}
