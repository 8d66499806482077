import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseConfiguration } from '../shared/runtime/configuration.ts';
import { deployment } from './deployment.ts';
import { functionConfigurations } from './function-configuration.ts';
import { namedQueries } from './named-queries.ts';
import { topics } from './topics.ts';

const folders: string[] = [];

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

afterEach(() => {
  vi.unstubAllEnvs();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function deploy(
  stage: string,
  {
    params = {},
    config = '',
    endpoint = '',
  }: { params?: Record<string, string>; config?: string; endpoint?: string } = {},
) {
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('SLUICE_CONFIG_FILE', join(folderWith({ 'my.yml': config }), 'my.yml'));
  const variables: Record<string, string> = { 'sls:stage': stage, 'param:keepData': 'false' };
  for (const [name, value] of Object.entries(params)) variables[`param:${name}`] = value;
  return deployment({ resolveVariable: async (variable) => variables[variable.split(',')[0] ?? ''] ?? '' });
}

describe('a deployment', () => {
  it('gives records up before the stream forgets them, and within the week that Lambda allows', async () => {
    expect((await deploy('dev')).recordAgeSeconds).toBe(23 * 3600);
    expect((await deploy('dev', { config: 'stream: {retention: 30d}' })).recordAgeSeconds).toBe(7 * 24 * 3600);
  });

  it('names the database so that no query has to quote it', async () => {
    expect((await deploy('dev')).glueDatabase).toBe('sluice_dev');
    expect((await deploy('Team-A')).glueDatabase).toBe('sluice_team_a');
  });

  it('keeps the data of a stage that says so', async () => {
    expect((await deploy('dev')).deletionPolicy).toBe('Delete');
    expect((await deploy('prod', { params: { keepData: 'true' } })).deletionPolicy).toBe('Retain');
  });

  it('archives unless it is told not to: then nothing is delivered, and nothing asked', async () => {
    const [on, off] = [await deploy('dev'), await deploy('dev', { config: 'archive: {enabled: false}' })];
    expect([on.archive, off.archive]).toStrictEqual(['enabled', 'disabled']);
    expect(Object.keys(on.deliveryStreams.Resources)).toHaveLength(10);
    expect(Object.keys(on.namedQueries.Resources).length).toBeGreaterThan(0);
    expect([off.deliveryStreams.Resources, off.namedQueries.Resources]).toStrictEqual([{}, {}]);
  });

  it('has no shard count when capacity is on demand', async () => {
    const { streamMode, shardCount } = await deploy('dev', { config: 'stream: {shards: on-demand}' });
    expect([streamMode, shardCount]).toStrictEqual(['ON_DEMAND', { Ref: 'AWS::NoValue' }]);
  });

  it('saves queries on AWS and leaves it to the local cloud on this machine', async () => {
    expect(Object.keys((await deploy('dev')).namedQueries.Resources)).not.toStrictEqual([]);
    expect((await deploy('local')).namedQueries.Resources).toStrictEqual({});
  });

  it('sends notices to the addresses of the file and of the command, each once', async () => {
    const { topics: made } = await deploy('dev', {
      config: 'alerts: {emails: {critical: [a@example.org]}}',
      params: { criticalEmails: 'a@example.org, b@example.org', debugEmails: '' },
    });
    const emails = Object.values(made.Resources)
      .filter((resource) => resource.Properties?.Protocol === 'email')
      .map((resource) => [resource.Properties?.TopicArn, resource.Properties?.Endpoint]);
    expect(emails).toStrictEqual([
      [{ Ref: 'CriticalTopic' }, 'a@example.org'],
      [{ Ref: 'CriticalTopic' }, 'b@example.org'],
    ]);
  });

  it('subscribes the log groups of the file, each by a permission that holds for it alone', async () => {
    const { logSubscriptions } = await deploy('dev', { config: 'cloudWatch: {logGroups: [/ecs/shop]}' });
    const [permission, subscription] = Object.entries(logSubscriptions.Resources);
    expect(permission?.[1].Properties).toMatchObject({
      Principal: 'logs.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
      SourceArn: { 'Fn::Sub': expect.stringMatching(/:log-group:\/ecs\/shop:\*$/) },
    });
    expect(subscription?.[1]).toMatchObject({
      DependsOn: [permission?.[0]],
      Properties: { LogGroupName: '/ecs/shop', FilterPattern: '' },
    });
  });

  it('refuses a log group of its own stage, and a wildcard that takes one in', async () => {
    const config =
      'cloudWatch:\n  logGroups:\n    - /aws/lambda/sluice-dev-ingestCloudwatch\n    - /aws/lambda/sluice-*\n';
    await expect(deploy('dev', { config })).rejects.toThrow(
      /^my\.yml has 2 faults:\n {2}my\.yml:3 cloudWatch\.logGroups\.0: .*own on the stage dev.*\n {2}my\.yml:4 /,
    );
    const elsewhere = 'cloudWatch: {logGroups: [/aws/lambda/sluice-dev-ingestCloudwatch]}';
    expect(Object.keys((await deploy('prod', { config: elsewhere })).logSubscriptions.Resources)).toHaveLength(2);
  });

  it('refuses an address that is none', async () => {
    await expect(deploy('dev', { params: { errorEmails: 'a@example.org;b' } })).rejects.toThrow(
      'Expected --param "errorEmails=a@example.org,b@example.org", got "a@example.org;b"; separate addresses by a comma',
    );
  });
});

it('subscribes an address under the same logical id whatever else is in the list', () => {
  const none = { critical: [], error: [], warning: [], info: [], debug: [] };
  const both = topics('dev', { ...none, error: ['a@example.org', 'b@example.org'] });
  const one = topics('dev', { ...none, error: ['b@example.org'] });
  expect(Object.keys(both)).toStrictEqual(expect.arrayContaining(Object.keys(one)));
});

it('gives each function the part of the configuration that it needs, and no address', () => {
  const made = functionConfigurations(parseConfiguration('alerts: {emails: {error: a@example.org}}'));
  const windows =
    '{"alerts":{"windowSeconds":{"critical":60,"error":300,"warning":900,"info":3600,"debug":3600},' +
    '"resolveSeconds":{"critical":1800,"error":3600,"warning":0,"info":0,"debug":0},"route":{},"receivers":[],"timeIntervals":[],"inhibitRules":[],"storm":{"incidents":20,"window":300},"repeatSeconds":{"critical":3600,"error":14400,"warning":86400,"info":86400,"debug":86400}}}';
  expect(made).toStrictEqual({
    routeAlerts: windows,
    projectIncidents:
      '{"applicationLogs":{"minLevel":"warning","sources":{},"rowsPerFingerprintAndHour":1000,"retentionDays":60},"archive":{"isEnabled":true}}',
    archiveEvents: '{}',
    closeWindows: '{"alerts":{"receivers":[]}}',
    ingestS3: '{"dropBucket":{"retentionDays":30,"maxObjectMiB":256}}',
    evaluateRules: '{"rules":[]}',
    remediate:
      '{"remediation":{"restart":"stop-start","isDryRun":false,"cooldownSeconds":1800,"maximumPerDay":3,"runningWithinSeconds":600,"alarms":{}}}',
  });
});

it('says which setting is too long for a function', () => {
  const sources = Array.from({ length: 900 }, (_, index) => `    ${(index * 0.377).toString(36)}: debug`).join('\n');
  expect(() => functionConfigurations(parseConfiguration(`applicationLogs:\n  sources:\n${sources}\n`))).toThrow(
    'name fewer sources in applicationLogs.sources',
  );
});

describe('a named query', () => {
  it('is made of each .sql file, its parameters explained in order', () => {
    const sql = '-- name: top\n-- description: The top\n-- param: n integer 5 How many\nSELECT {{n}}';
    expect(namedQueries(folderWith({ 'top-things.sql': sql, 'README.md': '' }))).toStrictEqual({
      TopThingsQuery: {
        Type: 'AWS::Athena::NamedQuery',
        Properties: {
          Name: 'top',
          Description: 'The top',
          Database: { Ref: 'GlueDatabase' },
          WorkGroup: { Ref: 'AthenaWorkGroup' },
          QueryString: '-- The top\n-- 1. n: How many (usually 5)\nSELECT ?',
        },
      },
    });
  });

  it('is refused with the name of its file', () => {
    expect(() => namedQueries(folderWith({ 'bad.sql': 'SELECT 1' }))).toThrow(
      'analytics/queries/bad.sql: Expected one line "-- name: …" at the top of a saved query, got 0',
    );
  });
});

describe('where to post', () => {
  it('is the API itself on AWS, in whatever partition', async () => {
    expect((await deploy('prod')).logsApiUrl).toStrictEqual({
      'Fn::Sub': `https://\${ApiGatewayRestApi}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/prod/logs`,
    });
  });

  it('is a path of the one address that a local cloud has', async () => {
    const { logsApiUrl } = await deploy('local', { endpoint: 'http://127.0.0.1:4566/' });
    expect(logsApiUrl).toStrictEqual({
      'Fn::Sub': `http://127.0.0.1:4566/restapis/\${ApiGatewayRestApi}/local/_user_request_/logs`,
    });
  });
});
