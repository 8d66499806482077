import { arnOf, objectsIn, ref, type Template } from '../template.ts';

/** A small template with one of each thing that is checked, and nothing wrong with it. */
export function soundTemplate(): Template {
  const tls = (action: string) => ({
    Effect: 'Deny',
    Principal: '*',
    Action: action,
    Resource: 'x',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
  const trust = (service: string, condition?: object) => ({
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole', Condition: condition }],
  });
  const table = (expiry?: object) => ({
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: expiry,
    },
  });
  return {
    Resources: {
      Stream: {
        Type: 'AWS::Kinesis::Stream',
        Properties: { RetentionPeriodHours: 24, StreamEncryption: { EncryptionType: 'KMS' } },
      },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: arnOf('Stream'),
          StartingPosition: 'TRIM_HORIZON',
          ParallelizationFactor: 1,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          BisectBatchOnFunctionError: true,
          MaximumRetryAttempts: 10_000,
          MaximumRecordAgeInSeconds: 82_800,
          DestinationConfig: { OnFailure: { Destination: arnOf('Bucket') } },
        },
      },
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
          },
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
        },
      },
      BucketPolicy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: { Bucket: ref('Bucket'), PolicyDocument: { Statement: [tls('s3:*')] } },
      },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: true } },
      QueuePolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [ref('Queue')],
          PolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Service: 'sns.amazonaws.com' },
                Action: 'sqs:SendMessage',
                Resource: arnOf('Queue'),
                Condition: { ArnEquals: { 'aws:SourceArn': ref('Topic') } },
              },
              tls('sqs:*'),
            ],
          },
        },
      },
      Topic: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: 'alias/aws/sns' } },
      TopicPolicy: {
        Type: 'AWS::SNS::TopicPolicy',
        Properties: { Topics: [ref('Topic')], PolicyDocument: { Statement: [tls('sns:Publish')] } },
      },
      IncidentsTable: table(),
      LedgerTable: table({ AttributeName: 'expiry', Enabled: true }),
      DeliveryStream: {
        Type: 'AWS::KinesisFirehose::DeliveryStream',
        Properties: { DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' } },
      },
      WorkGroup: {
        Type: 'AWS::Athena::WorkGroup',
        Properties: {
          WorkGroupConfiguration: {
            EnforceWorkGroupConfiguration: true,
            BytesScannedCutoffPerQuery: 10_000_000,
            ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_S3' } },
          },
        },
      },
      LogGroup: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 30 } },
      ArchiveEventsRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
          Policies: [
            {
              PolicyDocument: {
                Statement: [
                  {
                    Effect: 'Allow',
                    Action: ['s3:PutObject'],
                    Resource: { 'Fn::Sub': objectsIn('ArchiveBucket', 'quarantine/*') },
                  },
                  { Effect: 'Deny', Action: 's3:*', Resource: '*' },
                ],
              },
            },
          ],
        },
      },
      RemediateRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
          Policies: [
            {
              PolicyDocument: {
                Statement: [
                  { Effect: 'Allow', Action: 'ec2:DescribeInstances', Resource: '*' },
                  {
                    Effect: 'Allow',
                    Action: ['ec2:StopInstances', 'ec2:StartInstances', 'ec2:RebootInstances'],
                    Resource: {
                      'Fn::Sub': `arn:\${AWS::Partition}:ec2:\${AWS::Region}:\${AWS::AccountId}:instance/*`,
                    },
                    Condition: { StringEquals: { 'aws:ResourceTag/sluice-remediation': 'allowed' } },
                  },
                ],
              },
            },
          ],
        },
      },
      DeliveryRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: trust('firehose.amazonaws.com', {
            StringEquals: { 'sts:ExternalId': ref('AWS::AccountId') },
          }),
        },
      },
      Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { SecurityPolicy: 'SecurityPolicy_TLS13_1_2_2021_06' } },
      Method: { Type: 'AWS::ApiGateway::Method', Properties: { ApiKeyRequired: true } },
      UsagePlan: {
        Type: 'AWS::ApiGateway::UsagePlan',
        Properties: { ApiStages: [{ ApiId: ref('Api') }], Throttle: { RateLimit: 20, BurstLimit: 40 } },
      },
      UsagePlanKey: { Type: 'AWS::ApiGateway::UsagePlanKey', Properties: { UsagePlanId: ref('UsagePlan') } },
      Permission: { Type: 'AWS::Lambda::Permission', Properties: { SourceArn: arnOf('Rule') } },
    },
  };
}
