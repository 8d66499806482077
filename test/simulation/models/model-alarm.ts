/** One value of a metric, as CloudWatch gets it. */
export interface Datapoint {
  at: number;
  value: number;
}

/** Properties of an `AWS::CloudWatch::Alarm`, as the template has them. */
export type AlarmProperties = Readonly<Record<string, unknown>>;

const STATISTICS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Maximum: (values) => Math.max(...values),
  Minimum: (values) => Math.min(...values),
};
const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
};

/**
 * When an alarm first rises over what was measured: at the end of the period that makes enough of the last ones bad.
 * CloudWatch may look two or three periods further back where some have no data; an alarm that needs that is not counted on.
 * Source: CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data".
 */
export function firstRise(alarm: AlarmProperties, points: readonly Datapoint[]): number | undefined {
  const milliseconds = Number(alarm.Period) * 1_000;
  const periods = Number(alarm.EvaluationPeriods);
  const byPeriod = Map.groupBy(points, ({ at }) => Math.floor(at / milliseconds));
  const isBad = (period: number) => {
    const values = byPeriod.get(period)?.map(({ value }) => value);
    if (values === undefined) return alarm.TreatMissingData === 'breaching';
    const measured = named(STATISTICS, alarm.Statistic)(values);
    return named(COMPARISONS, alarm.ComparisonOperator)(measured, Number(alarm.Threshold));
  };
  const isRisen = (period: number) => {
    const looked = Array.from({ length: periods }, (_, back) => period - back);
    return looked.filter(isBad).length >= Number(alarm.DatapointsToAlarm ?? periods);
  };
  const first = [...byPeriod.keys()].sort((a, b) => a - b).find(isRisen);
  return first === undefined ? undefined : (first + 1) * milliseconds;
}

function named<Value>(known: Readonly<Record<string, Value>>, name: unknown): Value {
  const found = Object.hasOwn(known, String(name)) ? known[String(name)] : undefined;
  if (found !== undefined) return found;
  throw new Error(
    `expected one of ${Object.keys(known).join(', ')} in an alarm, got ${name}: add it to model-alarm.ts`,
  );
}
