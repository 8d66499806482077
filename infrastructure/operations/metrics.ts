import type { Level } from '../../shared/events/levels.ts';
import type { Configuration } from '../../shared/runtime/configuration.ts';
import { capitalized, ref } from '../template.ts';
import type { Metric } from './alarm.ts';

/** The functions that are always deployed, by their keys in serverless.yml. A test holds the list to that file. */
export const FUNCTIONS = [
  'routeAlerts',
  'projectIncidents',
  'ingestHttp',
  'closeWindows',
  'ingestCloudwatch',
  'ingestS3',
] as const;

/** Those that a configuration brings: the archive, rules, remediation and alarms. */
type BroughtKey = 'archiveEvents' | 'evaluateRules' | 'remediate' | 'ingestNotifications';
export type FunctionKey = (typeof FUNCTIONS)[number] | BroughtKey;

/** The functions behind the stream, with the name that they write metrics under. */
const CONSUMERS = [
  { key: 'routeAlerts', service: 'route-alerts' },
  { key: 'projectIncidents', service: 'project-incidents' },
] as const satisfies readonly Consumer[];
const ARCHIVE: Consumer = { key: 'archiveEvents', service: 'archive-events' };
const RULES: Consumer = { key: 'evaluateRules', service: 'evaluate-rules' };

interface Consumer {
  key: FunctionKey;
  service: string;
}

/** What of a configuration decides which functions are deployed. */
export type Brings = Pick<Configuration, 'archive' | 'rules' | 'remediation'>;

export function consumersOf({ archive, rules }: Pick<Brings, 'archive' | 'rules'>): readonly Consumer[] {
  return [...CONSUMERS, ...(archive.isEnabled ? [ARCHIVE] : []), ...(rules.length === 0 ? [] : [RULES])];
}

/** Who keeps what could not be understood. */
export function quarantineService({ archive }: Pick<Brings, 'archive'>): string {
  return archive.isEnabled ? ARCHIVE.service : 'project-incidents';
}

/** The functions of a deployment that has alarms, and with them the function that puts alarms on the stream. */
export function functionsOf({ archive, rules, remediation }: Brings): readonly FunctionKey[] {
  return [
    ...FUNCTIONS,
    'ingestNotifications',
    ...(archive.isEnabled ? (['archiveEvents'] as const) : []),
    ...(rules.length === 0 ? [] : (['evaluateRules'] as const)),
    ...(remediation.tag === undefined ? [] : (['remediate'] as const)),
  ];
}

export const TABLES = ['IncidentsTable', 'ApplicationLogsTable', 'AlertGroupsTable', 'LedgerTable'] as const;

/** What the functions themselves count: `addMetric` in services and shared/runtime. */
export function ownMetric(stage: string, service: string, name: string): Metric {
  return { namespace: `Sluice/${stage}`, name, dimensions: { service } };
}

/** Source: Lambda Developer Guide, "Types of metrics for Lambda functions". */
export function functionMetric(key: FunctionKey, name: string): Metric {
  return { namespace: 'AWS/Lambda', name, dimensions: { FunctionName: ref(`${capitalized(key)}LambdaFunction`) } };
}

/** Source: Kinesis Developer Guide, "Monitor the Kinesis service with CloudWatch". */
export function streamMetric(name: string): Metric {
  return { namespace: 'AWS/Kinesis', name, dimensions: { StreamName: ref('Stream') } };
}

/** Source: DynamoDB Developer Guide, "Metrics and dimensions". */
export function tableMetric(table: (typeof TABLES)[number], name: string): Metric {
  return { namespace: 'AWS/DynamoDB', name, dimensions: { TableName: ref(table) } };
}

/** Source: Firehose Developer Guide, "Monitor with CloudWatch metrics". */
export function deliveryMetric(level: Level, name: string): Metric {
  const dimensions = { DeliveryStreamName: ref(`${capitalized(level)}DeliveryStream`) };
  return { namespace: 'AWS/Firehose', name, dimensions };
}

export const levelTopic = (level: Level) => `${capitalized(level)}Topic` as const;

/** Source: SNS Developer Guide, "Monitoring Amazon SNS topics using CloudWatch". */
export function topicMetric(topic: `${string}Topic`, name: string): Metric {
  const TopicName = { 'Fn::GetAtt': [topic, 'TopicName'] };
  return { namespace: 'AWS/SNS', name, dimensions: { TopicName } };
}

/** Source: API Gateway Developer Guide, "Amazon API Gateway dimensions and metrics". */
export function apiMetric(stage: string, name: string): Metric {
  // As the framework names the API.
  return { namespace: 'AWS/ApiGateway', name, dimensions: { ApiName: `${stage}-sluice` } };
}

/** Source: SQS Developer Guide, "Available CloudWatch metrics for Amazon SQS". */
export function queueMetric(queue: string, name: string): Metric {
  return { namespace: 'AWS/SQS', name, dimensions: { QueueName: { 'Fn::GetAtt': [queue, 'QueueName'] } } };
}
