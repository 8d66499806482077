import type { Resource, Resources } from '../template.ts';
import { ref } from '../template.ts';

/** Where a metric comes from: what CloudWatch needs to find it. Values may be references into the template. */
export interface Metric {
  namespace: string;
  name: string;
  dimensions?: Readonly<Record<string, unknown>>;
}

/** One alarm on one metric. No metric math: each metric in it costs as much as an alarm, and local clouds know none. */
export interface Alarm {
  /** After `sluice-<stage>-`. */
  name: string;
  /** What it means and what to do: people read it in the alarm's email. */
  description: string;
  metric: Metric;
  statistic: 'Sum' | 'Maximum' | 'Minimum';
  periodSeconds: number;
  /** Periods that are looked at, all of which must be over. Default 1. */
  periods?: number;
  /** Rises at `atLeast` and above, or at `below` and under. */
  limit: { atLeast: number } | { below: number };
  /** What no data means. Default `fine`: most of these metrics are written only when there is something to count. */
  silence?: 'fine' | 'bad';
}

/** So that a resource's id keeps when the list of alarms changes. */
export function alarmId(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Alarm`;
}

export const alarmName = (stage: string, { name }: Pick<Alarm, 'name'>) => `sluice-${stage}-${name}`;

/** The alarms as resources; each tells the topic when it rises and when it is over. */
export function alarmResources(stage: string, alarms: readonly Alarm[]): Resources {
  return Object.fromEntries(alarms.map((alarm) => [alarmId(alarm.name), resource(stage, alarm)]));
}

function resource(stage: string, alarm: Alarm): Resource {
  const { metric, statistic, periodSeconds, periods = 1, limit, silence = 'fine' } = alarm;
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: alarmName(stage, alarm),
      AlarmDescription: alarm.description,
      Namespace: metric.namespace,
      MetricName: metric.name,
      Dimensions: Object.entries(metric.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
      Statistic: statistic,
      Period: periodSeconds,
      EvaluationPeriods: periods,
      DatapointsToAlarm: periods,
      ...('atLeast' in limit
        ? { ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: limit.atLeast }
        : { ComparisonOperator: 'LessThanThreshold', Threshold: limit.below }),
      TreatMissingData: silence === 'fine' ? 'notBreaching' : 'breaching',
      AlarmActions: [ref('AlarmsTopic')],
      OKActions: [ref('AlarmsTopic')],
    },
  };
}
