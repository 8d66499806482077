import { operations } from '../../infrastructure/operations/operations.ts';
import { at, capitalized, listOf, resourcesOf } from '../../infrastructure/template.ts';
import { parseConfiguration } from '../../shared/runtime/configuration.ts';
import { EVERYTHING } from './deployed.ts';
import type { AlarmProperties } from './models/model-alarm.ts';

const { Resources = {} } = operations('simulated', parseConfiguration(EVERYTHING), []).resources;
const ALARMS = resourcesOf({ Resources }, 'AWS::CloudWatch::Alarm').map(({ properties }) => properties);

/** The product's alarms on one metric of a function, which tell somebody when they rise. */
export function alarmsOn(service: string, metric: string): readonly AlarmProperties[] {
  const words = service.split('-').map(capitalized);
  const functionId = `${words.join('')}LambdaFunction`;
  return ALARMS.filter(
    ({ Namespace, MetricName, Dimensions, AlarmActions }) =>
      Namespace === 'AWS/Lambda' &&
      MetricName === metric &&
      listOf(Dimensions).some((dimension) => at(dimension, 'Value', 'Ref') === functionId) &&
      listOf(AlarmActions).length > 0,
  );
}
