import { resolve } from 'node:path';
import { LEVELS, type Level } from '../shared/events/levels.ts';
import { configurationFilePath, readConfiguration } from '../shared/runtime/configuration-file.ts';
import { deliveryStreams } from './delivery-streams.ts';
import { ruleEvaluation } from './evaluate-rules.ts';
import { functionConfigurations } from './function-configuration.ts';
import { logSubscriptions } from './log-subscriptions.ts';
import { namedQueries } from './named-queries.ts';
import { configurationSetName, email } from './operations/email.ts';
import { operations } from './operations/operations.ts';
import { receiverPermissions } from './receivers.ts';
import { remediation } from './remediation.ts';
import { parseAddresses, topics } from './topics.ts';

const ROOT = resolve(import.meta.dirname, '..');

/** Lambda refuses a mapping's record age above a week. */
const LONGEST_RECORD_AGE = 7 * 24 * 3600;
/** Records are given up, with their payload, this long before the stream forgets them. */
const RECORD_AGE_MARGIN = 3600;

interface VariableContext {
  resolveVariable(variable: string): Promise<unknown>;
}

/**
 * Everything in serverless.yml that follows from `sluice.yml` and the deployment's parameters. The framework calls it for
 * each variable; the same files and parameters always give the same answer.
 */
export async function deployment({ resolveVariable }: VariableContext) {
  const stage = String(await resolveVariable('sls:stage'));
  const keepsData = String(await resolveVariable('param:keepData')) === 'true';
  const configuration = readConfiguration(configurationFilePath(process.env, ROOT), stage);
  const { stream, archive, analytics, consumers, alerts, cloudWatch, dropBucket } = configuration;
  const functionConfiguration = functionConfigurations(configuration);
  const emails = await withParameters(alerts.emails, resolveVariable);
  return {
    glueDatabase: glueName(stage),
    deletionPolicy: keepsData ? 'Retain' : 'Delete',
    retentionHours: stream.retentionHours,
    streamMode: stream.shards === 'on-demand' ? 'ON_DEMAND' : 'PROVISIONED',
    shardCount: stream.shards === 'on-demand' ? { Ref: 'AWS::NoValue' } : stream.shards,
    batchSize: consumers.batchSize,
    batchWindow: consumers.batchWindowSeconds,
    projectionWindow: consumers.projectionWindowSeconds,
    recordAgeSeconds: Math.min(stream.retentionHours * 3600 - RECORD_AGE_MARGIN, LONGEST_RECORD_AGE),
    scanLimitBytes: analytics.scanLimitMiB * 1024 * 1024,
    dropRetentionDays: dropBucket.retentionDays,
    functionConfiguration,
    evaluateRules: ruleEvaluation(configuration, functionConfiguration.evaluateRules),
    remediation: remediation(stage, configuration.remediation, functionConfiguration.remediate),
    // Who is called by critical notices is called by alarms: they may be why no notice comes.
    operations: operations(stage, configuration, [...new Set([...configuration.alarms.emails, ...emails.critical])]),
    email: { Resources: email(stage, configuration.email, { hasTopic: configuration.alarms.isEnabled }) },
    emailConfigurationSet: configurationSetName(stage, configuration.email),
    topics: { Resources: topics(stage, emails) },
    receivers: { Resources: receiverPermissions(alerts) },
    logSubscriptions: { Resources: logSubscriptions(stage, cloudWatch.logGroups) },
    // Of infrastructure/archive/.
    archive: archive.isEnabled ? 'enabled' : 'disabled',
    deliveryStreams: { Resources: archive.isEnabled ? deliveryStreams(stage, archive) : {} },
    http: configuration.http,
    logsApiUrl: logsApiUrl(stage),
    // Where nothing is archived there is nothing to ask.
    namedQueries: {
      Resources: isLocalCloud(stage) || !archive.isEnabled ? {} : namedQueries(resolve(ROOT, 'analytics/queries')),
    },
  };
}

/** Local clouds have no named queries in their CloudFormation: `sluice local start` makes them through the API. */
function isLocalCloud(stage: string): boolean {
  return stage === 'local' || Boolean(process.env.AWS_ENDPOINT_URL);
}

/** Where `POST /logs` is. A local cloud has no host names of its own, so its APIs are paths of its one address. */
function logsApiUrl(stage: string) {
  const endpoint = process.env.AWS_ENDPOINT_URL?.replace(/\/+$/, '');
  if (endpoint) return { 'Fn::Sub': `${endpoint}/restapis/\${ApiGatewayRestApi}/${stage}/_user_request_/logs` };
  return {
    'Fn::Sub': `https://\${ApiGatewayRestApi}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/${stage}/logs`,
  };
}

/** A hyphen in a database's name would have to be quoted in every query. */
function glueName(stage: string): string {
  return `sluice_${stage}`.toLowerCase().replace(/[^a-z0-9_]/g, '_');
}

async function withParameters(
  configured: Record<Level, string[]>,
  resolveVariable: VariableContext['resolveVariable'],
) {
  const entries = await Promise.all(
    LEVELS.map(async (level) => {
      const name = `${level}Emails`;
      const added = parseAddresses(name, String(await resolveVariable(`param:${name}, ''`)));
      return [level, [...new Set([...configured[level], ...added])]] as const;
    }),
  );
  return Object.fromEntries(entries) as Record<Level, string[]>;
}
