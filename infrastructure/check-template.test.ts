import { describe, expect, it } from 'vitest';
import { templateFaults } from './check-template.ts';
import { soundTemplate } from './rules/sound-template.fixture.ts';
import { arnOf, objectsIn, ref } from './template.ts';

type Change = (resources: Record<string, { Type: string; Properties: Record<string, unknown> }>) => void;

/** The faults after one thing was changed. */
function faultsAfter(change: Change): string[] {
  const template = soundTemplate();
  change(template.Resources as Parameters<Change>[0]);
  return templateFaults(template);
}

const set = (id: string, name: string, value: unknown): Change => {
  return (resources) => Object.assign(resources[id]?.Properties ?? {}, { [name]: value });
};
const allow = (statement: object, id = 'ArchiveEventsRole'): Change =>
  set(id, 'Policies', [{ PolicyDocument: { Statement: { Effect: 'Allow', ...statement } } }]);
const restarts = (Action: string, Condition: object | undefined): Change => {
  const Resource = { 'Fn::Sub': `arn:\${AWS::Partition}:ec2:\${AWS::Region}:\${AWS::AccountId}:instance/*` };
  return allow({ Action, Resource, Condition }, 'RemediateRole');
};
const exact = { Action: 's3:PutObject', Resource: arnOf('Bucket') };

it('finds nothing in a sound template', () => {
  expect(templateFaults(soundTemplate())).toStrictEqual([]);
});

describe('one fault is found and named when', () => {
  it.each<[string, Change, string]>([
    [
      'partial answers are switched off',
      set('Mapping', 'FunctionResponseTypes', []),
      'Mapping: expected FunctionResponseTypes',
    ],
    [
      'a batch is not halved',
      set('Mapping', 'BisectBatchOnFunctionError', false),
      'Mapping: expected BisectBatchOnFunctionError',
    ],
    ['tries have no limit', set('Mapping', 'MaximumRetryAttempts', -1), 'Mapping: expected MaximumRetryAttempts'],
    [
      'tries have no setting',
      set('Mapping', 'MaximumRetryAttempts', undefined),
      'Mapping: expected MaximumRetryAttempts',
    ],
    [
      'records have no age limit',
      set('Mapping', 'MaximumRecordAgeInSeconds', -1),
      'Mapping: expected MaximumRecordAge',
    ],
    [
      'records may expire first',
      set('Mapping', 'MaximumRecordAgeInSeconds', 86_400),
      'Mapping: expected MaximumRecordAge',
    ],
    [
      'a failed batch goes nowhere',
      set('Mapping', 'DestinationConfig', undefined),
      'Mapping: expected DestinationConfig',
    ],
    [
      'a failed batch goes to a queue, without its records',
      set('Mapping', 'DestinationConfig', { OnFailure: { Destination: arnOf('Queue') } }),
      'Mapping: expected DestinationConfig',
    ],
    [
      'batches of a shard overlap',
      set('Mapping', 'ParallelizationFactor', 2),
      'Mapping: expected ParallelizationFactor',
    ],
    ['the start can miss records', set('Mapping', 'StartingPosition', 'LATEST'), 'Mapping: expected StartingPosition'],
    [
      'an action has a *',
      allow({ ...exact, Action: ['s3:Get*'] }),
      'ArchiveEventsRole: expected exact actions, got s3:Get*',
    ],
    ['a resource is *', allow({ ...exact, Resource: '*' }), 'ArchiveEventsRole: expected an exact resource, got *'],
    [
      'a resource has a * that nobody reviewed',
      allow({ ...exact, Resource: { 'Fn::Sub': objectsIn('ArchiveBucket', '*') } }),
      `ArchiveEventsRole: expected an exact resource, got ${objectsIn('ArchiveBucket', '*')}`,
    ],
    [
      'a * was reviewed for another role',
      allow({ ...exact, Resource: { 'Fn::Sub': objectsIn('ArchiveBucket', 'quarantine/*') } }, 'DeliveryRole'),
      'DeliveryRole: expected an exact resource',
    ],
    [
      'a * hides in a joined resource',
      allow({ ...exact, Resource: { 'Fn::Join': ['', [arnOf('Bucket'), '/*']] } }),
      'ArchiveEventsRole: expected an exact resource',
    ],
    [
      'instances are restarted whatever their tag',
      restarts('ec2:StopInstances', undefined),
      'RemediateRole: expected an exact resource, got arn:',
    ],
    [
      'instances are restarted by a tag with a wildcard',
      restarts('ec2:StopInstances', { StringLike: { 'aws:ResourceTag/any': '*' } }),
      'RemediateRole: expected an exact resource, got arn:',
    ],
    [
      'tagged instances are terminated',
      restarts('ec2:TerminateInstances', { StringEquals: { 'aws:ResourceTag/any': 'x' } }),
      'RemediateRole: expected an exact resource, got arn:',
    ],
    [
      'more than looking at instances is allowed on all of them',
      allow({ Action: ['ec2:DescribeInstances', 'ec2:StopInstances'], Resource: '*' }, 'RemediateRole'),
      'RemediateRole: expected an exact resource, got *',
    ],
    ['all but an action is allowed', allow({ NotAction: 's3:PutObject', Resource: arnOf('Bucket') }), 'got NotAction'],
    [
      'a policy apart from its role is wide',
      (resources) => {
        const statement = { Effect: 'Allow', Action: '*', Resource: arnOf('Bucket') };
        resources.Extra = { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement: [statement] } } };
      },
      'Extra: expected exact actions, got *',
    ],
    [
      'a role takes a policy from elsewhere',
      set('ArchiveEventsRole', 'ManagedPolicyArns', ['arn:aws:iam::aws:policy/AdministratorAccess']),
      'ArchiveEventsRole: expected policies written in this template',
    ],
    [
      'a role may be taken by people',
      set('ArchiveEventsRole', 'AssumeRolePolicyDocument', {
        Statement: [{ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' }],
      }),
      'ArchiveEventsRole: expected a role for a service',
    ],
    [
      'a service acts for anybody',
      set('DeliveryRole', 'AssumeRolePolicyDocument', {
        Statement: [{ Effect: 'Allow', Principal: { Service: 'firehose.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
      'DeliveryRole: expected a condition on aws:SourceArn',
    ],
    [
      'a function may be called for anybody',
      set('Permission', 'SourceArn', undefined),
      'Permission: expected SourceArn',
    ],
    ['the stream is not encrypted', set('Stream', 'StreamEncryption', undefined), 'Stream: expected StreamEncryption'],
    ['a bucket is not encrypted', set('Bucket', 'BucketEncryption', undefined), 'Bucket: expected BucketEncryption'],
    ['a queue is not encrypted', set('Queue', 'SqsManagedSseEnabled', false), 'Queue: expected SqsManagedSseEnabled'],
    ['a topic is not encrypted', set('Topic', 'KmsMasterKeyId', undefined), 'Topic: expected KmsMasterKeyId'],
    [
      'a table is not encrypted',
      set('LedgerTable', 'SSESpecification', undefined),
      'LedgerTable: expected SSESpecification',
    ],
    [
      'a delivery stream is not encrypted',
      set('DeliveryStream', 'DeliveryStreamEncryptionConfigurationInput', undefined),
      'DeliveryStream: expected DeliveryStreamEncryptionConfigurationInput',
    ],
    [
      'a table cannot be restored',
      set('IncidentsTable', 'PointInTimeRecoverySpecification', undefined),
      'IncidentsTable: expected PointInTimeRecoveryEnabled',
    ],
    [
      'rows that should expire stay',
      set('LedgerTable', 'TimeToLiveSpecification', undefined),
      'LedgerTable: expected time to live on expiry, got nothing',
    ],
    [
      'expiry is there but switched off',
      set('LedgerTable', 'TimeToLiveSpecification', { AttributeName: 'expiry', Enabled: false }),
      'LedgerTable: expected time to live on expiry, got nothing',
    ],
    [
      'incidents would expire',
      set('IncidentsTable', 'TimeToLiveSpecification', { AttributeName: 'expiry', Enabled: true }),
      'IncidentsTable: expected time to live on nothing, got expiry',
    ],
    ['logs are kept for ever', set('LogGroup', 'RetentionInDays', undefined), 'LogGroup: expected RetentionInDays'],
    ['anybody may post', set('Method', 'ApiKeyRequired', false), 'Method: expected ApiKeyRequired true, got false'],
    ['an API takes old TLS', set('Api', 'SecurityPolicy', undefined), 'Api: expected SecurityPolicy to be one of'],
    ['an API has no plan', set('UsagePlan', 'ApiStages', []), 'Api: expected a usage plan for it, got none'],
    [
      'a plan has no limit',
      set('UsagePlan', 'Throttle', { RateLimit: 20 }),
      'UsagePlan: expected Throttle with RateLimit and BurstLimit above 0, got 20, nothing',
    ],
    ['a plan has no key', set('UsagePlanKey', 'UsagePlanId', ref('Other')), 'UsagePlan: expected a key'],
    [
      'a new table is not decided about',
      (resources) => {
        resources.NewTable = { ...(resources.LedgerTable as { Type: string; Properties: Record<string, unknown> }) };
      },
      'NewTable: expected EXPIRY to say whether its rows expire',
    ],
  ])('%s', (_, change, fault) => {
    expect(faultsAfter(change)).toStrictEqual([expect.stringContaining(fault)]);
  });

  it.each(['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'])('%s is off', (key) => {
    const block = {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    };
    expect(faultsAfter(set('Bucket', 'PublicAccessBlockConfiguration', { ...block, [key]: false }))).toStrictEqual([
      `Bucket: expected PublicAccessBlockConfiguration.${key} true, got false`,
    ]);
  });

  it.each([
    ['Bucket', 'BucketPolicy'],
    ['Queue', 'QueuePolicy'],
    ['Topic', 'TopicPolicy'],
  ])('a %s takes plain HTTP: without a policy, with one of another, with a weaker one', (id, policy) => {
    const fault = [expect.stringContaining(`${id}: expected a AWS::`)];
    expect(faultsAfter((resources) => delete resources[policy])).toStrictEqual(fault);
    const key = { Bucket: 'Bucket', Queue: 'Queues', Topic: 'Topics' }[id] ?? '';
    expect(faultsAfter(set(policy, key, ref('Other')))).toStrictEqual(fault);
    const weaker = { Effect: 'Deny', Principal: { AWS: 'x' }, Action: 's3:*', Condition: {} };
    expect(faultsAfter(set(policy, 'PolicyDocument', { Statement: [weaker] }))).toStrictEqual(fault);
  });

  it.each([
    ['EnforceWorkGroupConfiguration', false],
    ['BytesScannedCutoffPerQuery', undefined],
    ['ResultConfiguration', {}],
  ])('the work group has %s %j', (key, value) => {
    const change: Change = ({ WorkGroup }) =>
      Object.assign(WorkGroup?.Properties.WorkGroupConfiguration as object, { [key]: value });
    expect(faultsAfter(change)).toStrictEqual([expect.stringContaining('WorkGroup: expected ')]);
  });

  it('everybody, or a service for anybody, may send to a queue', () => {
    const sends =
      (principal: unknown): Change =>
      ({ QueuePolicy }) => {
        const document = QueuePolicy?.Properties.PolicyDocument as { Statement: object[] };
        document.Statement.push({ Effect: 'Allow', Principal: principal, Action: 'sqs:SendMessage', Resource: 'x' });
      };
    expect(faultsAfter(sends('*'))).toStrictEqual([
      'QueuePolicy: expected an Allow for named principals, got everybody',
    ]);
    expect(faultsAfter(sends({ AWS: '*' }))).toStrictEqual([
      'QueuePolicy: expected an Allow for named principals, got everybody',
    ]);
    expect(faultsAfter(sends({ Service: 's3.amazonaws.com' }))).toStrictEqual([
      'QueuePolicy: expected a condition on aws:SourceArn or aws:SourceAccount or sts:ExternalId for s3.amazonaws.com, got none',
    ]);
  });
});
