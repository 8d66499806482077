import type { Configuration } from '../../shared/runtime/configuration.ts';
import { arnOf, type Resources, ref } from '../template.ts';
import { alarmResources } from './alarm.ts';
import { alarmsTopic } from './alarms-topic.ts';
import { dashboard } from './dashboard.ts';
import { groupAlarms, groupFilters, groupMetrics } from './log-group-alarms.ts';
import { pipelineAlarms } from './pipeline-alarms.ts';

interface Operations {
  /** For `functions` of serverless.yml; null where nothing is deployed. */
  function: object | null;
  resources: { Resources?: Resources; Outputs?: Record<string, { Value: object }> };
}

/**
 * All that watches Sluice and the log groups: alarms, their topic, one dashboard, and the function that puts on the stream
 * what AWS tells. Nothing where `alarms.enabled` is false. `emails` get the alarms.
 */
export function operations(stage: string, configuration: Configuration, emails: readonly string[]): Operations {
  const { alarms: settings, cloudWatch } = configuration;
  if (!settings.isEnabled) return { function: null, resources: {} };
  const groups = groupMetrics(stage, cloudWatch.logGroups, settings);
  const alarms = [...pipelineAlarms(stage, configuration), ...groupAlarms(groups, settings)];
  return {
    function: {
      handler: 'services/ingest-notifications/handler.handler',
      package: { patterns: ['!services/**', 'services/ingest-notifications/**'] },
      description: 'Puts on the stream what AWS tells of Sluice: alarms, batches given up, emails that came back',
      role: { 'Fn::Sub': `\${IngestNotificationsRole.Arn}` },
      events: [{ sns: { arn: ref('AlarmsTopic'), topicName: `sluice-${stage}-alarms` } }],
      environment: { STREAM_NAME: ref('Stream') },
    },
    resources: {
      Resources: {
        ...alarmsTopic(stage, emails),
        ...alarmResources(stage, alarms),
        ...groupFilters(groups, settings),
        Dashboard: dashboard(stage, { alarms, groups, brings: configuration }),
        IngestNotificationsRole: role(),
        FailuresBucket: tellsOfObjects(),
      },
      Outputs: { AlarmsTopicArn: { Value: ref('AlarmsTopic') } },
    },
  };
}

/** Merged into the bucket of infrastructure/archive.yml: S3 tries the topic when the notification is set up. */
function tellsOfObjects() {
  const TopicConfigurations = [
    {
      Event: 's3:ObjectCreated:*',
      Topic: ref('AlarmsTopic'),
      Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'aws/lambda/' }] } },
    },
  ];
  return {
    Type: 'AWS::S3::Bucket',
    DependsOn: 'AlarmsTopicPolicy',
    Properties: { NotificationConfiguration: { TopicConfigurations } },
  };
}

function role() {
  const statement = (Action: string[], Resource: unknown) => ({ Effect: 'Allow', Action, Resource });
  const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: document({
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
      Policies: [
        {
          PolicyName: 'ingest-notifications',
          PolicyDocument: document(
            statement(['logs:CreateLogStream', 'logs:PutLogEvents'], arnOf('IngestNotificationsLogGroup')),
            statement(['kinesis:PutRecords'], arnOf('Stream')),
          ),
        },
      ],
    },
  };
}
