import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LEVELS } from '../../shared/events/levels.ts';
import { parseConfiguration } from '../../shared/runtime/configuration.ts';

/** Everything that a function finds in its environment. Nothing is called, so nothing needs to exist. */
function environment(): Record<string, string> {
  const byLevel = LEVELS.flatMap((level) => [
    [`${level.toUpperCase()}_TOPIC_ARN`, `arn:aws:sns:eu-central-1:123456789012:${level}`],
    [`${level.toUpperCase()}_DELIVERY_STREAM`, level],
  ]);
  return {
    ...Object.fromEntries(byLevel),
    AWS_REGION: 'eu-central-1',
    SLUICE_CONFIG: JSON.stringify(parseConfiguration('')),
    RETENTION_HOURS: '24',
    LEDGER_TABLE: 'ledger',
    INCIDENTS_TABLE: 'incidents',
    APPLICATION_LOGS_TABLE: 'application-logs',
    ALERT_GROUPS_TABLE: 'alert-groups',
    ARCHIVE_BUCKET: 'archive',
    POWERTOOLS_METRICS_NAMESPACE: 'Sluice',
    POWERTOOLS_SERVICE_NAME: 'sluice',
  };
}

const PROGRAM = `
const start = process.cpuUsage();
await import(process.argv[1]);
const { user, system } = process.cpuUsage(start);
console.log((user + system) * 1000);
process.exit(0);`;

/** Nanoseconds of processor time until a file and all that it loads at once stands, in a fresh process. */
export async function importTime(file: string): Promise<number> {
  const args = ['--input-type=module', '-e', PROGRAM, file];
  const env = { ...environment(), PATH: process.env.PATH ?? '' };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return Number(stdout);
}
