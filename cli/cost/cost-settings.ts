import { type CostSettings, DEFAULT_ALARMS } from '../../shared/cost/month.ts';
import type { Configuration } from '../../shared/runtime/configuration.ts';

/** What of a configuration costs something. */
export function costSettings({ stream, applicationLogs, archive, consumers, alarms }: Configuration): CostSettings {
  return {
    shards: stream.shards,
    rowsFrom: applicationLogs.minLevel,
    rowsPerFingerprintAndHour: applicationLogs.rowsPerFingerprintAndHour,
    rowRetentionDays: applicationLogs.retentionDays,
    bufferSeconds: archive.bufferSeconds,
    batchWindowSeconds: consumers.batchWindowSeconds,
    projectionWindowSeconds: consumers.projectionWindowSeconds,
    alarms: alarms.isEnabled ? DEFAULT_ALARMS : 0,
  };
}
