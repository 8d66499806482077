import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { at } from '../../../infrastructure/template.ts';
import { ingestCloudWatch } from '../../../services/ingest-cloudwatch/ingest-cloudwatch.ts';
import { projectIncidents } from '../../../services/project-incidents/project-incidents.ts';
import { TABLE_KEYS } from '../../../shared/aws/tables.ts';
import { parseConfiguration } from '../../../shared/runtime/configuration.ts';
import { ConfigurationError } from '../../../shared/runtime/configuration-fault.ts';
import { type BatchOutcome, consumeBatch } from '../../../shared/stream/consume.ts';
import type { StreamEntry } from '../../../shared/stream/put-records.ts';
import { ModelStream } from '../models/model-stream.ts';
import { ModelTable } from '../models/model-table.ts';
import type { World } from '../world.ts';

const STAGE = 'simulated';
const ROOT = resolve(import.meta.dirname, '../../..');
const RULES = { minLevel: 'debug', sources: {}, rowsPerFingerprintAndHour: 1_000, retentionDays: 60 } as const;
const WARNING = { level: 'WARN', service: 'route-alerts', message: 'batch given back in part' };

/** As serverless.yml and the template name them: one of each function, whatever brings it, and the one that is declared. */
function ownGroups(stage: string): string[] {
  const fileOf = (name: string): unknown => parse(readFileSync(resolve(ROOT, name), 'utf8'));
  const { service, functions } = fileOf('serverless.yml') as { service: string; functions: object };
  const declared = at(
    fileOf('infrastructure/archive/enabled.yml'),
    ...['resources', 'Resources', 'DeliveryLogGroup', 'Properties', 'LogGroupName'],
  );
  return [
    ...Object.keys(functions).map((key) => `/aws/lambda/${service}-${stage}-${key}`),
    String(declared).replace(`\${sls:stage}`, stage),
  ];
}

/** Fault 41: no deployment subscribes its own log groups, and what another way brings in of them is an event like any other. */
export async function probeOwnLogs(world: World): Promise<void> {
  for (const group of ownGroups(STAGE)) {
    if (isRefused(group)) world.chaos.hit(41, 'own group');
    else world.violate(`our own logs: ${group} may be subscribed`);
  }
  for (const group of ['/aws/lambda/shop', ...ownGroups('other')]) {
    if (isRefused(group)) world.violate(`our own logs: ${group} is none of the stage's, and may not be subscribed`);
  }
  for (const group of ownGroups(STAGE)) await passOn(world, group);
}

function isRefused(group: string): boolean {
  try {
    parseConfiguration(`cloudWatch: {logGroups: ['${group}']}`, { stage: STAGE });
    return false;
  } catch (fault) {
    if (fault instanceof ConfigurationError) return true;
    throw fault;
  }
}

/** One line goes in, and one event takes effect: nothing that the functions do with it is worth a warning of theirs. */
async function passOn(world: World, logGroup: string): Promise<void> {
  const { scheduler, random, retentionHours } = world;
  const clock = { now: () => scheduler.now, random: () => random.next(), sleep: async () => undefined };
  const lines = [{ id: '1', timestamp: scheduler.now, message: `${JSON.stringify(WARNING)}\n` }];
  const envelope = { messageType: 'DATA_MESSAGE', owner: '123456789012', logGroup, logStream: 's', logEvents: lines };
  const entries: StreamEntry[] = [];
  const send = async (chunk: readonly StreamEntry[]) => {
    entries.push(...chunk);
    return [];
  };
  const { foreign } = await ingestCloudWatch(gzipSync(JSON.stringify(envelope)).toString('base64'), { send, clock });
  const stream = new ModelStream({ shards: 1, retentionHours, random, now: () => scheduler.now });
  const ledger = new ModelTable({ keys: TABLE_KEYS.ledger });
  const incidents = new ModelTable({ keys: TABLE_KEYS.incidents });
  const applicationLogs = new ModelTable({ keys: TABLE_KEYS.applicationLogs });
  const consumer = projectIncidents({ ledger, incidents, applicationLogs, clock, rules: RULES });
  const outcomes: BatchOutcome[] = [];
  const report = (outcome: BatchOutcome) => outcomes.push(outcome);
  const records = entries.map((entry) => stream.put(entry));
  await consumeBatch(records, consumer, { ledger, clock, retentionHours, deadline: Number.POSITIVE_INFINITY, report });
  const isQuiet = outcomes.every(({ failures, withoutReceipt }) => failures.length === 0 && !withoutReceipt);
  const rows = applicationLogs.all();
  const isOne = rows.length === 1 && rows[0]?.message === WARNING.message && rows[0].log_level === 'warning';
  if (foreign > 0 || outcomes.length !== 1 || !isQuiet || !isOne) {
    world.violate(`our own logs: a warning of ${logGroup} is no event like any other`);
  }
}
