import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type Configuration,
  ConfigurationError,
  type ConfigurationFault,
  parseConfiguration,
} from './configuration.ts';

const DEFAULTS: Configuration = {
  stream: { shards: 1, retentionHours: 24 },
  alerts: {
    windowSeconds: { critical: 60, error: 300, warning: 900, info: 3600, debug: 3600 },
    resolveSeconds: { critical: 1800, error: 3600, warning: 0, info: 0, debug: 0 },
    route: {},
    receivers: [],
    timeIntervals: [],
    inhibitRules: [],
    storm: { incidents: 20, window: 300 },
    repeatSeconds: { critical: 3600, error: 14_400, warning: 86_400, info: 86_400, debug: 86_400 },
    emails: { critical: [], error: [], warning: [], info: [], debug: [] },
  },
  applicationLogs: { minLevel: 'warning', sources: {}, rowsPerFingerprintAndHour: 1000, retentionDays: 60 },
  archive: { isEnabled: true, bufferSeconds: 300, bufferMiB: 128 },
  analytics: { scanLimitMiB: 10_240 },
  consumers: { batchSize: 1000, batchWindowSeconds: 3, projectionWindowSeconds: 5 },
  cloudWatch: { logGroups: [] },
  dropBucket: { retentionDays: 30, maxObjectMiB: 256 },
  http: { requestsPerSecond: 20, burst: 20 },
  remediation: {
    tag: undefined,
    restart: 'stop-start',
    isDryRun: false,
    cooldownSeconds: 1800,
    maximumPerDay: 3,
    runningWithinSeconds: 600,
    alarms: {},
  },
  rules: [],
  alarms: {
    isEnabled: true,
    emails: [],
    iteratorAgeSeconds: 900,
    waitingNoticesSeconds: 600,
    quarantined: 1,
    throttles: 10,
    errors: 1,
    responseTime: {
      line: ['High', 'response', 'time', 'for', '{endpoint}:', '{ms}', 'ms'],
      milliseconds: 3_000,
      count: 5,
      withinSeconds: 600,
    },
  },
  email: {
    allowed: [],
    from: undefined,
    sender: undefined,
    body: 'text',
    keyFrom: undefined,
    incidentLink: undefined,
  },
};

const SECTIONS = Object.keys(DEFAULTS).join(', ');

function faultsOf(text: string, stage?: string): readonly ConfigurationFault[] {
  try {
    parseConfiguration(text, { stage });
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('has all defaults when the file is empty, has comments only, or has empty sections', () => {
    for (const text of [
      '',
      '# nothing yet\n',
      '{}',
      'stream:\nalerts:\n  windows:\n  emails:\napplicationLogs:\n  sources:\n',
    ]) {
      expect(parseConfiguration(text)).toStrictEqual(DEFAULTS);
    }
  });

  it('is what the sluice.yml that we bring says, word for word', () => {
    const file = new URL('../../sluice.yml', import.meta.url);
    expect(parseConfiguration(readFileSync(file, 'utf8'))).toStrictEqual(DEFAULTS);
  });

  it('reads lengths of time, amounts of data, levels and addresses as people write them', () => {
    const configuration = parseConfiguration(`
stream: { shards: on-demand, retention: 7d }
alerts:
  windows: { critical: 90s }
  emails: { critical: [a@example.org, b@example.org, a@example.org], error: c@example.org }
applicationLogs:
  minLevel: ERROR
  sources: { products-csv: debug, __proto__: info }
  rowsPerFingerprintAndHour: 0
  retention: 36h
`);
    expect(configuration).toStrictEqual({
      ...DEFAULTS,
      stream: { shards: 'on-demand', retentionHours: 168 },
      alerts: {
        ...DEFAULTS.alerts,
        windowSeconds: { ...DEFAULTS.alerts.windowSeconds, critical: 90 },
        emails: { ...DEFAULTS.alerts.emails, critical: ['a@example.org', 'b@example.org'], error: ['c@example.org'] },
      },
      applicationLogs: {
        minLevel: 'error',
        sources: Object.fromEntries([
          ['products-csv', 'debug'],
          ['__proto__', 'info'],
        ]),
        rowsPerFingerprintAndHour: 0,
        retentionDays: 2,
      },
    });
    expect({}).not.toHaveProperty('info');
  });

  it('names every fault at once, each with its line, what was expected, what came and what to do', () => {
    expect(
      faultsOf(`stream:
  shards: many
alerts:
  windows:
    critical: 5
    eror: 1m
applicationLogs:
  minlevel: warning
  sources:
    products-csv: debugg
analytics: 10 GiB
alerst: {}
`),
    ).toStrictEqual([
      {
        path: 'stream.shards',
        line: 2,
        expected: 'a number of shards from 1 to 500, or on-demand',
        got: '"many"',
        advice: 'a shard takes 1 MB and 1,000 records a second; on-demand needs no number and costs more',
      },
      {
        path: 'alerts.windows.critical',
        line: 5,
        expected: 'a length of time from 10s to 7d',
        got: '5',
        advice: 'write a whole number and its unit, s, m, h or d, such as 5m',
      },
      {
        path: 'alerts.windows.eror',
        line: 6,
        expected: 'one of critical, error, warning, info, debug',
        got: '"eror"',
        advice: 'did you mean error?',
      },
      {
        path: 'applicationLogs.sources.products-csv',
        line: 10,
        expected: 'a level: critical, error, warning, info, debug',
        got: '"debugg"',
        advice: 'did you mean debug?',
      },
      {
        path: 'applicationLogs.minlevel',
        line: 8,
        expected: 'one of minLevel, sources, rowsPerFingerprintAndHour, retention',
        got: '"minlevel"',
        advice: 'did you mean minLevel?',
      },
      {
        path: 'analytics',
        line: 11,
        expected: 'a group of settings',
        got: '"10 GiB"',
        advice: 'indent its settings below it, as in the sluice.yml that Sluice brings',
      },
      {
        path: 'alerst',
        line: 12,
        expected: `one of ${SECTIONS}`,
        got: '"alerst"',
        advice: 'did you mean alerts?',
      },
    ]);
  });

  it.each([
    ['stream: {shards: 0}', 'stream.shards'],
    ['stream: {shards: 1.5}', 'stream.shards'],
    ['stream: {retention: 23h}', 'stream.retention'],
    ['stream: {retention: 366d}', 'stream.retention'],
    ['stream: {retention: 1 day}', 'stream.retention'],
    ['alerts: {windows: {error: 9s}}', 'alerts.windows.error'],
    ['alerts: {emails: {error: [a@example]}}', 'alerts.emails.error'],
    ['alerts: {emails: {error: ["a@example.org, b@example.org"]}}', 'alerts.emails.error'],
    ['applicationLogs: {minLevel: warn}', 'applicationLogs.minLevel'],
    ['applicationLogs: {minLevel: 3}', 'applicationLogs.minLevel'],
    ['applicationLogs: {sources: [products-csv]}', 'applicationLogs.sources'],
    ['applicationLogs: {rowsPerFingerprintAndHour: "1000"}', 'applicationLogs.rowsPerFingerprintAndHour'],
    ['applicationLogs: {rowsPerFingerprintAndHour: -1}', 'applicationLogs.rowsPerFingerprintAndHour'],
    ['analytics: {scanLimit: 9 MiB}', 'analytics.scanLimit'],
    ['consumers: {batchSize: 10001}', 'consumers.batchSize'],
    ['consumers: {batchWindow: 301s}', 'consumers.batchWindow'],
    ['alarms: {iteratorAge: 13h}', 'alarms.iteratorAge'],
    ['consumers: {batchWindow: .nan}', 'consumers.batchWindow'],
    ['consumers: {projectionWindow: 301s}', 'consumers.projectionWindow'],
    ['cloudWatch: {logGroups: {a: b}}', 'cloudWatch.logGroups'],
    ['cloudWatch: {logGroups: [/ok, ""]}', 'cloudWatch.logGroups.1'],
    ['cloudWatch: {logGroups: "arn:aws:logs:eu-west-1:1:log-group:/ecs/shop"}', 'cloudWatch.logGroups'],
    ['dropBucket: {retention: 1h}', 'dropBucket.retention'],
    ['dropBucket: {maxObject: 6 GiB}', 'dropBucket.maxObject'],
  ])('refuses %s', (text, path) => {
    expect(faultsOf(text).map((fault) => fault.path)).toStrictEqual([path]);
  });

  it('says where a file stops being YAML, and that a key stands there twice', () => {
    expect(faultsOf('stream:\n  shards: 1\n  shards: 2\n').map(({ line, got }) => [line, got])).toStrictEqual([
      [3, 'Map keys must be unique'],
    ]);
    expect(faultsOf('stream: [').map((fault) => fault.line)).toStrictEqual([1]);
  });

  it.each(['- a list', 'a sentence', '5'])('refuses a file that is %s', (text) => {
    expect(faultsOf(text).map((fault) => fault.expected)).toStrictEqual(['a group of settings']);
  });

  it('refuses a file whose aliases multiply', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 9; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect(faultsOf(lines.join('\n')).map((fault) => fault.expected)).toStrictEqual(['YAML with few aliases']);
  });

  it('says all of it in its message, a line for a fault', () => {
    expect(() => parseConfiguration('stream: {shards: 0}\nalert: 1', { fileName: 'my.yml' })).toThrow(
      [
        'my.yml has 2 faults:',
        '  my.yml:1 stream.shards: expected a number of shards from 1 to 500, or on-demand, got 0; a shard takes 1 MB and 1,000 records a second; on-demand needs no number and costs more',
        `  my.yml:2 alert: expected one of ${SECTIONS}, got "alert"; did you mean alerts?`,
      ].join('\n'),
    );
  });

  describe('of log groups', () => {
    const groups = `cloudWatch:
  logGroups:
    - /aws/lambda/checkout
    - /aws/lambda/sluice-dev-routeAlerts
    - /aws/lambda/*
    - /ecs/*
    - sluice-dev-tools
    - /aws/lambda/sluice-gate
    - /aws/kinesisfirehose/sluice-dev
    - 17
`;

    it('refuses the groups of its own stage, each with its line, and every wildcard', () => {
      const own = "a log group that is not Sluice's own on the stage dev";
      expect(faultsOf(groups, 'dev').map(({ line, expected, got }) => [line, expected, got])).toStrictEqual([
        [4, own, '"/aws/lambda/sluice-dev-routeAlerts"'],
        [5, own, '"/aws/lambda/*"'],
        [6, 'the whole name of a log group', '"/ecs/*"'],
        [7, own, '"sluice-dev-tools"'],
        [9, own, '"/aws/kinesisfirehose/sluice-dev"'],
        [10, 'the name of a log group', '17'],
      ]);
    });

    it('takes those of another stage, each once', () => {
      const text = 'cloudWatch: {logGroups: [/aws/lambda/sluice-dev-routeAlerts, /ecs/shop, /ecs/shop]}';
      expect(parseConfiguration(text, { stage: 'prod' }).cloudWatch.logGroups).toStrictEqual([
        '/aws/lambda/sluice-dev-routeAlerts',
        '/ecs/shop',
      ]);
    });

    it('says when they are more than the policy of a function takes', () => {
      const many = Array.from({ length: 60 }, (_, index) => `/aws/lambda/function-${index}`);
      expect(
        faultsOf(`cloudWatch: {logGroups: [${many.join(', ')}]}`).map(({ path, advice }) => [path, advice]),
      ).toStrictEqual([
        ['cloudWatch.logGroups', 'subscribe the others to the stream itself, as docs/cloudwatch.md shows'],
      ]);
    });
  });
});
