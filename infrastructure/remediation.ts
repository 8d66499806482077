import type { RemediationConfiguration } from '../shared/runtime/remediation-settings.ts';
import { arnOf, type Resources, ref } from './template.ts';

/** `service: sluice` and the function's key in serverless.yml make these. */
const FUNCTION = 'RemediateLambdaFunction';
const LOG_GROUP = 'RemediateLogGroup';

/** The message of a request comes again after so long, until it is settled; Lambda wants the function to end before. */
const LOOK_AGAIN_SECONDS = 30;
const FUNCTION_SECONDS = 25;
/** So many looks are eight hours; the longest restart takes one. */
const MOST_LOOKS = 1_000;
const DAY_SECONDS = 86_400;

interface Part {
  /** For `functions` of serverless.yml; null where nothing is deployed. */
  function: object | null;
  resources: { Resources?: Resources; Outputs?: Record<string, { Value: object }> };
}

/** All that restarts EC2 instances, once the configuration names a tag; without one, nothing. */
export function remediation(stage: string, settings: RemediationConfiguration, configuration: string): Part {
  const { tag, isDryRun } = settings;
  if (!tag) return { function: null, resources: {} };
  return {
    function: remediateFunction(configuration),
    resources: {
      Resources: { ...requests(stage), ...alarms(stage), ...notices(stage), ...role(tag, isDryRun) },
      Outputs: {
        RemediationQueueUrl: { Value: ref('RemediationQueue') },
        RemediationAlarmsTopicArn: { Value: ref('RemediationAlarmsTopic') },
        RemediateFunctionArn: { Value: arnOf(FUNCTION) },
        RemediationTopicArn: { Value: ref('RemediationTopic') },
        RemediationNoticesQueueUrl: { Value: ref('RemediationNoticesQueue') },
      },
    },
  };
}

function remediateFunction(configuration: string) {
  return {
    handler: 'services/remediate/handler.handler',
    package: { patterns: ['!services/**', 'services/remediate/**'] },
    description: 'Restarts EC2 instances that carry the configured tag, for a rule or an alarm',
    role: { 'Fn::Sub': `\${RemediateRole.Arn}` },
    timeout: FUNCTION_SECONDS,
    events: [
      { sqs: { arn: arnOf('RemediationQueue'), batchSize: 5, functionResponseType: 'ReportBatchItemFailures' } },
    ],
    environment: {
      SLUICE_CONFIG: configuration,
      LEDGER_TABLE: ref('LedgerTable'),
      STREAM_NAME: ref('Stream'),
      REMEDIATION_QUEUE_URL: ref('RemediationQueue'),
      REMEDIATION_TOPIC_ARN: ref('RemediationTopic'),
    },
  };
}

/** The queue that restarts are asked for on, and where a message goes that nothing comes of. */
function requests(stage: string): Resources {
  return {
    ...queue('RemediationQueue', `sluice-${stage}-remediation`, {
      VisibilityTimeout: LOOK_AGAIN_SECONDS,
      MessageRetentionPeriod: DAY_SECONDS,
      RedrivePolicy: { deadLetterTargetArn: arnOf('RemediationFailuresQueue'), maxReceiveCount: MOST_LOOKS },
    }),
    RemediationQueuePolicy: queuePolicy('RemediationQueue', 'RemediationAlarmsTopic'),
    ...queue('RemediationFailuresQueue', `sluice-${stage}-remediation-failures`, {
      MessageRetentionPeriod: 14 * DAY_SECONDS,
    }),
    RemediationFailuresQueuePolicy: queuePolicy('RemediationFailuresQueue'),
  };
}

/** Where CloudWatch alarms publish to, or whom they invoke. */
function alarms(stage: string): Resources {
  const ofThisAccount = { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } };
  const cloudWatch = { Service: 'cloudwatch.amazonaws.com' };
  return {
    // CloudWatch cannot publish to a topic under the key alias/aws/sns. Source: CloudWatch User Guide, "Notifying users on
    // alarm changes".
    RemediationAlarmsKey: {
      Type: 'AWS::KMS::Key',
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
      Properties: {
        Description: `Alarms of sluice-${stage} on their way to a restart`,
        EnableKeyRotation: true,
        PendingWindowInDays: 7,
        KeyPolicy: policyDocument(
          {
            Sid: 'ThisAccountManages',
            Effect: 'Allow',
            Principal: { AWS: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root` } },
            Action: 'kms:*',
            Resource: '*',
          },
          {
            Sid: 'OurAlarmsEncrypt',
            Effect: 'Allow',
            Principal: cloudWatch,
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Resource: '*',
            Condition: ofThisAccount,
          },
        ),
      },
    },
    RemediationAlarmsTopic: topic(`sluice-${stage}-remediation-alarms`, ref('RemediationAlarmsKey')),
    RemediationAlarmsTopicPolicy: topicPolicy('RemediationAlarmsTopic', {
      Sid: 'OurAlarmsPublish',
      Effect: 'Allow',
      Principal: cloudWatch,
      Action: 'sns:Publish',
      Resource: ref('RemediationAlarmsTopic'),
      Condition: ofThisAccount,
    }),
    RemediationAlarmsToQueue: subscription('RemediationAlarmsTopic', 'RemediationQueue'),
    RemediationAlarmsInvoke: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: arnOf(FUNCTION),
        Action: 'lambda:InvokeFunction',
        Principal: 'lambda.alarms.cloudwatch.amazonaws.com',
        SourceAccount: ref('AWS::AccountId'),
      },
    },
  };
}

/** Where every step is told. */
function notices(stage: string): Resources {
  return {
    RemediationTopic: topic(`sluice-${stage}-remediation`, 'alias/aws/sns'),
    RemediationTopicPolicy: topicPolicy('RemediationTopic'),
    ...queue('RemediationNoticesQueue', `sluice-${stage}-remediation-notices`, {
      MessageRetentionPeriod: 14 * DAY_SECONDS,
    }),
    RemediationNoticesQueuePolicy: queuePolicy('RemediationNoticesQueue', 'RemediationTopic'),
    RemediationToQueue: subscription('RemediationTopic', 'RemediationNoticesQueue'),
  };
}

function role(tag: { key: string; value: string }, isDryRun: boolean): Resources {
  const allow = (Action: string | string[], Resource: unknown, Condition?: object) => ({
    Effect: 'Allow',
    Action,
    Resource,
    ...(Condition ? { Condition } : {}),
  });
  const instances = { 'Fn::Sub': `arn:\${AWS::Partition}:ec2:\${AWS::Region}:\${AWS::AccountId}:instance/*` };
  const restarts = allow(['ec2:StopInstances', 'ec2:StartInstances', 'ec2:RebootInstances'], instances, {
    StringEquals: { [`aws:ResourceTag/${tag.key}`]: tag.value },
  });
  return {
    RemediateRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: policyDocument({
          Effect: 'Allow',
          Principal: { Service: 'lambda.amazonaws.com' },
          Action: 'sts:AssumeRole',
        }),
        Policies: [
          {
            PolicyName: 'remediate',
            PolicyDocument: policyDocument(
              allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arnOf(LOG_GROUP)),
              allow(
                ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:SendMessage'],
                arnOf('RemediationQueue'),
              ),
              allow(['dynamodb:BatchGetItem', 'dynamodb:PutItem'], arnOf('LedgerTable'), {
                'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['remediation#*'] },
              }),
              allow('kinesis:PutRecords', arnOf('Stream')),
              allow('sns:Publish', ref('RemediationTopic')),
              // EC2 knows no narrower resource for it.
              allow('ec2:DescribeInstances', '*'),
              ...(isDryRun ? [] : [restarts]),
            ),
          },
        ],
      },
    },
  };
}

function queue(id: string, QueueName: string, properties: object): Resources {
  return { [id]: { Type: 'AWS::SQS::Queue', Properties: { QueueName, SqsManagedSseEnabled: true, ...properties } } };
}

function queuePolicy(queueId: string, topicId?: string) {
  const sends = (id: string) => ({
    Sid: 'OurTopicSends',
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: arnOf(queueId),
    Condition: {
      StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') },
      ArnEquals: { 'aws:SourceArn': ref(id) },
    },
  });
  const document = policyDocument(...(topicId ? [sends(topicId)] : []), onlyOverTls('sqs:*', arnOf(queueId)));
  return { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [ref(queueId)], PolicyDocument: document } };
}

function topic(TopicName: string, KmsMasterKeyId: unknown) {
  return { Type: 'AWS::SNS::Topic', Properties: { TopicName, KmsMasterKeyId } };
}

function topicPolicy(topicId: string, ...statements: object[]) {
  const document = policyDocument(...statements, onlyOverTls('sns:Publish', ref(topicId)));
  return { Type: 'AWS::SNS::TopicPolicy', Properties: { Topics: [ref(topicId)], PolicyDocument: document } };
}

function subscription(topicId: string, queueId: string) {
  const properties = { TopicArn: ref(topicId), Protocol: 'sqs', Endpoint: arnOf(queueId), RawMessageDelivery: true };
  return { Type: 'AWS::SNS::Subscription', Properties: properties };
}

function onlyOverTls(Action: string, Resource: unknown) {
  const Condition = { Bool: { 'aws:SecureTransport': 'false' } };
  return { Sid: 'OnlyOverTls', Effect: 'Deny', Principal: '*', Action, Resource, Condition };
}

function policyDocument(...Statement: object[]) {
  return { Version: '2012-10-17', Statement };
}
