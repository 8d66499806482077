import { callAws } from './aws-fault.ts';
import { cloudWatch } from './cloudwatch-client.ts';

export interface MetricQuery {
  namespace: string;
  name: string;
  dimensions: Readonly<Record<string, string>>;
  statistic: 'Sum' | 'Maximum';
}

const PERIOD_SECONDS = 300;

/**
 * The sum or the greatest value of each metric since a time, by the label of its query; no entry where there is no data.
 * One call, of at most 500 queries.
 */
export async function metricValues(
  queries: Readonly<Record<string, MetricQuery>>,
  { since, now }: { since: Date; now: Date },
): Promise<Record<string, number>> {
  const { sdk, client } = await cloudWatch();
  const labels = Object.keys(queries);
  const MetricDataQueries = Object.values(queries).map(({ namespace, name, dimensions, statistic }, index) => ({
    Id: `m${index}`,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: PERIOD_SECONDS,
      Stat: statistic,
    },
  }));
  const request = new sdk.GetMetricDataCommand({ MetricDataQueries, StartTime: since, EndTime: now });
  const { MetricDataResults = [] } = await callAws('GetMetricData', () => client.send(request));
  const found = MetricDataResults.flatMap(({ Id = '', Values = [] }): [string, number][] => {
    const label = labels[Number(Id.slice(1))];
    const statistic = label === undefined ? undefined : queries[label]?.statistic;
    if (label === undefined || Values.length === 0) return [];
    return [[label, statistic === 'Sum' ? Values.reduce((sum, value) => sum + value, 0) : Math.max(...Values)]];
  });
  return Object.fromEntries(found);
}
