import { RULES_DUE } from '../shared/rules/projection.ts';
import type { Configuration } from '../shared/runtime/configuration.ts';
import { arnOf, objectsIn, type Resources, ref } from './template.ts';

const LOG_GROUP = 'EvaluateRulesLogGroup';

interface Part {
  /** For `functions` of serverless.yml; null where nothing is deployed. */
  function: object | null;
  resources: { Resources?: Resources; extensions?: object };
}

/** The consumer that rules are evaluated by, once there are rules; without any, nothing reads the stream for them. */
export function ruleEvaluation({ rules, remediation }: Configuration, configuration: string): Part {
  if (rules.length === 0) return { function: null, resources: {} };
  const restarts = remediation.tag !== undefined;
  return {
    function: {
      handler: 'services/evaluate-rules/handler.handler',
      package: { patterns: ['!services/**', 'services/evaluate-rules/**'] },
      description: 'Counts events for rules, and tells and asks for restarts when one fires',
      role: { 'Fn::Sub': `\${EvaluateRulesRole.Arn}` },
      events: [{ stream: `\${self:custom.batches}` }, { schedule: 'rate(1 minute)' }],
      environment: {
        SLUICE_CONFIG: configuration,
        LEDGER_TABLE: ref('LedgerTable'),
        ALERT_GROUPS_TABLE: ref('AlertGroupsTable'),
        STREAM_NAME: ref('Stream'),
        ...(restarts ? { REMEDIATION_QUEUE_URL: ref('RemediationQueue') } : {}),
      },
    },
    resources: {
      Resources: { EvaluateRulesRole: role(restarts) },
      // As infrastructure/mappings.yml does for the others.
      extensions: {
        EvaluateRulesEventSourceMappingKinesisStream: {
          Properties: { DestinationConfig: { OnFailure: { Destination: arnOf('FailuresBucket') } } },
        },
      },
    },
  };
}

function role(restarts: boolean) {
  const allow = (Action: string | string[], Resource: unknown, Condition?: object) => ({
    Effect: 'Allow',
    Action,
    Resource,
    ...(Condition ? { Condition } : {}),
  });
  const readStream = ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'];
  const ownStates = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['rule#*'] } };
  const ownDue = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [RULES_DUE] } };
  const Statement = [
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arnOf(LOG_GROUP)),
    allow(
      readStream.map((name) => `kinesis:${name}`),
      arnOf('Stream'),
    ),
    allow('kinesis:PutRecords', arnOf('Stream')),
    allow('s3:ListBucket', arnOf('FailuresBucket')),
    allow('s3:PutObject', { 'Fn::Sub': objectsIn('FailuresBucket', 'aws/lambda/*') }),
    allow(['dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem'], arnOf('LedgerTable')),
    allow(
      ['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:BatchWriteItem'],
      arnOf('AlertGroupsTable'),
      ownStates,
    ),
    allow('dynamodb:Query', { 'Fn::Sub': `\${AlertGroupsTable.Arn}/index/byDue` }, ownDue),
    ...(restarts ? [allow('sqs:SendMessage', arnOf('RemediationQueue'))] : []),
  ];
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] },
      Policies: [{ PolicyName: 'evaluate-rules', PolicyDocument: { Version: '2012-10-17', Statement } }],
    },
  };
}
