import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runServerless } from '../../local/deploy.ts';
import { type LocalCloud, startLocalCloud } from '../../local/local-cloud.ts';
import { enterLocalCloud } from '../../local/local-environment.ts';
import { localFolder, PROJECT_FOLDER } from '../../local/local-folder.ts';
import { stackOutputs } from '../../shared/aws/stack-outputs.ts';
import { readConfiguration } from '../../shared/runtime/configuration-file.ts';
import { openAnalytics, type QueryRows } from './analytics.ts';

import {
  ARCHIVE_GROUPS_SQL,
  archiveGroups,
  countApplicationLogs,
  countArchiveObjects,
  readIncidents,
  readLedger,
  takeNotices,
} from './observe.ts';
import type { Progress } from './progress.ts';
import { processProducts, putFile, type Sent } from './put-work.ts';
import { type Accounts, CONSUMERS, type IncidentRow, isExact, type Observed, reconcile } from './reconcile.ts';

export interface DemoOptions {
  file: string;
  keep: boolean;
  progress: Progress;
}

export interface DemoReport {
  exact: boolean;
  accounts: Accounts;
  incidents: readonly IncidentRow[];
  objects: number;
  queries: Record<string, QueryRows>;
  seconds: Record<string, number>;
  endpoint: string;
}

export const DEMO_LOG = join(PROJECT_FOLDER, 'cli/demo/postgresql.log');
const CONFIGURATION = join(PROJECT_FOLDER, 'cli/demo/sluice.yml');

/** From nothing to every event accounted for. What it started it ends, unless it is told to keep it. */
export async function runDemo(options: DemoOptions): Promise<DemoReport> {
  const { progress } = options;
  const started = performance.now();
  const cloud = await progress.step('cloud', 'local cloud', (onProgress) =>
    startLocalCloud({ owner: true, onProgress }),
  );
  try {
    const report = await runIn(cloud, options);
    if (options.keep) await cloud.keep();
    // One that was there before is not this run's to end.
    else if (cloud.origin === 'started') await progress.step('stop', 'local cloud stopped', () => cloud.stop());
    const total = Math.round((performance.now() - started) / 100) / 10;
    return { ...report, seconds: { ...progress.seconds, total } };
  } catch (error) {
    await cloud.stop();
    throw error;
  }
}

async function runIn(cloud: LocalCloud, { file, progress }: DemoOptions): Promise<DemoReport> {
  enterLocalCloud(process.env, cloud.endpoint);
  const deployment = { endpoint: cloud.endpoint, configurationFile: CONFIGURATION };
  const outputs = await progress.step('deploy', 'serverless deploy --stage local', async (say) => {
    if ((await stackOutputs('sluice-local')) !== undefined) {
      say('removing what an earlier run left, so that counts start at zero');
      await runServerless('remove', deployment);
    }
    await runServerless('deploy', deployment);
    return (await stackOutputs('sluice-local')) ?? {};
  });
  const analytics = openAnalytics(outputs);
  await progress.step('saved', 'saved queries created', () => analytics.createSaved());
  const sent = await progress.step(
    'put',
    `products.csv and ${basename(file)} put, every tenth event twice`,
    async (say) => {
      const folder = localFolder().path;
      mkdirSync(folder, { recursive: true });
      say('reading and writing products');
      const products = await processProducts(outputs.StreamName ?? '', join(folder, 'products.clean.csv'));
      say(`sluice put --file ${basename(file)}`);
      const lines = await putFile(file, process.env);
      return { events: products.events + lines.events, repeated: products.repeated + lines.repeated };
    },
  );
  await progress.step('account', 'every event accounted for', (say) => awaitAccounted(outputs, sent, say));
  const observed = await progress.step('reconcile', 'ledger, archive, tables and queue compared', async () => {
    const groups = archiveGroups(await analytics.run(ARCHIVE_GROUPS_SQL));
    return observe(outputs, sent, groups);
  });
  const queries = await progress.step('queries', 'saved queries', () => analytics.runSaved());
  const accounts = reconcile(observed, readConfiguration(CONFIGURATION).applicationLogs);
  return {
    exact: isExact(accounts),
    accounts,
    incidents: observed.incidents,
    objects: observed.archive.objects,
    queries,
    seconds: progress.seconds,
    endpoint: cloud.endpoint,
  };
}

/** The consumers poll once a second; a first call loads a function. */
const POLL_MILLISECONDS = 500;
/** Without any progress for so long something is wrong. */
const PATIENCE_MILLISECONDS = 60_000;

async function awaitAccounted(outputs: Record<string, string>, sent: Sent, say: (line: string) => void): Promise<void> {
  let best = -1;
  let since = performance.now();
  for (;;) {
    const ledger = await readLedger(outputs);
    const received = CONSUMERS.map((name) => ledger[name].received);
    const least = Math.min(...received);
    say(CONSUMERS.map((name, index) => `${name} ${received[index]}/${sent.events}`).join(', '));
    if (least >= sent.events) return;
    const sum = received.reduce((a, b) => a + b, 0);
    if (sum > best) {
      best = sum;
      since = performance.now();
    } else if (performance.now() - since > PATIENCE_MILLISECONDS) {
      const counts = CONSUMERS.map((name, index) => `${name} has ${received[index]}`).join(', ');
      throw new Error(
        `expected all ${sent.events} events to be accounted for, but nothing came for a minute: ${counts}; see .local/cloud.log`,
      );
    }
    await new Promise((done) => setTimeout(done, POLL_MILLISECONDS));
  }
}

async function observe(
  outputs: Record<string, string>,
  sent: Sent,
  groups: Observed['archive']['groups'],
): Promise<Observed> {
  const [ledger, incidents, applicationLogRows, notices, counted] = await Promise.all([
    readLedger(outputs),
    readIncidents(outputs),
    countApplicationLogs(outputs),
    takeNotices(outputs),
    countArchiveObjects(outputs),
  ]);
  const { objects, quarantined } = counted;
  return { sent, ledger, archive: { objects, groups }, quarantined, incidents, applicationLogRows, notices };
}
