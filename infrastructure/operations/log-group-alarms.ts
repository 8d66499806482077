import { createHash } from 'node:crypto';
import type { AlarmConfiguration } from '../../shared/runtime/alarm-settings.ts';
import type { Resources } from '../template.ts';
import type { Alarm, Metric } from './alarm.ts';

/** What of a log group is counted. */
export interface GroupMetrics {
  logGroup: string;
  errors: Metric;
  /** Milliseconds of each response; missing when no line is configured. */
  responseTime?: Metric;
}

const FIVE_MINUTES = 300;

/**
 * How loggers write that something is an error. A pattern of words cannot read JSON, and one that reads JSON cannot read
 * words: so the ways in which JSON says it are words too. Levels of pino are numbers. A word counts wherever it stands:
 * optional terms go with no others, and a regular expression, without groups or quotes, cannot tell the places of levels in
 * all these forms; one that missed some would hide errors. Source: CloudWatch Logs User Guide, "Filter pattern syntax".
 */
const ERROR_WORDS = [
  ...['ERROR', 'FATAL', 'CRITICAL', 'Task timed out'],
  ...['error', 'fatal', 'critical'].flatMap((word) => [`"level":"${word}"`, `"level": "${word}"`]),
  ...['50', '60'].map((number) => `"level":${number},`),
];
export const ERROR_PATTERN = ERROR_WORDS.map((word) => `?"${word.replaceAll('"', '\\"')}"`).join(' ');

/** The words of a line as fields, the milliseconds called `ms`. Words that are no plain ones may be anything. */
export function responsePattern(line: readonly string[], condition = ''): string {
  const fields = line.map((word, index) => {
    if (word === '{ms}') return `ms${condition}`;
    return /^[A-Za-z0-9_]+$/.test(word) ? `w${index}=${word}` : `w${index}`;
  });
  return `[..., ${fields.join(', ')}]`;
}

/** The metrics of the log groups that are subscribed. */
export function groupMetrics(
  stage: string,
  logGroups: readonly string[],
  { responseTime }: AlarmConfiguration,
): GroupMetrics[] {
  const namespace = `Sluice/${stage}/log-groups`;
  return logGroups.map((logGroup) => ({
    logGroup,
    errors: { namespace, name: metricName('errors', logGroup) },
    ...(responseTime.line.length > 0
      ? { responseTime: { namespace, name: metricName('response-time', logGroup) } }
      : {}),
  }));
}

/** Filters that count, on their own: they go on when Sluice itself does not. */
export function groupFilters(metrics: readonly GroupMetrics[], { responseTime }: AlarmConfiguration): Resources {
  const { line, milliseconds } = responseTime;
  return Object.fromEntries(
    metrics.flatMap(({ logGroup, errors, responseTime: times }) => [
      // 0 where there is none, so that the alarm falls back as soon as it is over.
      filter(logGroup, 'Errors', { pattern: ERROR_PATTERN, metric: errors, value: '1', otherwise: 0 }),
      ...(times === undefined
        ? []
        : [
            filter(logGroup, 'ResponseTime', { pattern: responsePattern(line), metric: times, value: '$ms' }),
            filter(logGroup, 'SlowResponses', {
              pattern: responsePattern(line, `>${milliseconds}`),
              metric: slow(times),
              value: '1',
            }),
          ]),
    ]),
  );
}

export function groupAlarms(metrics: readonly GroupMetrics[], { errors, responseTime }: AlarmConfiguration): Alarm[] {
  const { milliseconds, count, withinSeconds } = responseTime;
  return metrics.flatMap(({ logGroup, errors: counted, responseTime: times }): Alarm[] => [
    {
      name: `errors-${shortName(logGroup)}`,
      description: `${logGroup} writes errors.`,
      metric: counted,
      statistic: 'Sum',
      periodSeconds: FIVE_MINUTES,
      limit: { atLeast: errors },
    },
    ...(times === undefined
      ? []
      : [
          {
            name: `slow-${shortName(logGroup)}`,
            description: `${logGroup} writes of more than ${count} responses over ${milliseconds} ms in ${withinSeconds / 60} minutes.`,
            metric: slow(times),
            statistic: 'Sum' as const,
            periodSeconds: withinSeconds,
            limit: { atLeast: count + 1 },
          },
        ]),
  ]);
}

const slow = ({ namespace, name }: Metric): Metric => ({ namespace, name: name.replace('response-time', 'slow') });

/** Names of metrics and alarms hold 255 characters, of log groups 512. The hash keeps `/a/b` and `/a-b` apart. */
function shortName(logGroup: string): string {
  const readable = logGroup.replace(/[^\w.-]+/g, '-').replace(/^-+/, '');
  return `${readable.slice(0, 100)}-${hashOf(logGroup).slice(0, 6)}`;
}

function metricName(what: string, logGroup: string): string {
  return logGroup.length <= 200 ? `${what} ${logGroup}` : `${what} ${shortName(logGroup)}`;
}

function hashOf(logGroup: string): string {
  return createHash('sha256').update(logGroup).digest('hex').slice(0, 12);
}

interface Filter {
  pattern: string;
  metric: Metric;
  value: string;
  otherwise?: number;
}

function filter(logGroup: string, what: string, { pattern, metric, value, otherwise }: Filter) {
  const resource = {
    Type: 'AWS::Logs::MetricFilter',
    Properties: {
      LogGroupName: logGroup,
      FilterPattern: pattern,
      MetricTransformations: [
        {
          MetricNamespace: metric.namespace,
          MetricName: metric.name,
          MetricValue: value,
          ...(otherwise === undefined ? {} : { DefaultValue: otherwise }),
        },
      ],
    },
  };
  return [`${what}Filter${hashOf(logGroup)}`, resource] as const;
}
