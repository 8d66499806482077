import { at, resourcesOf, shown, type Template } from '../template.ts';

/** What must be so for every resource of a type, whoever adds one. The sentence says what is missing. */
const RULES: readonly { type: string; path: string[]; isSound: (value: unknown) => boolean; expected: string }[] = [
  {
    type: 'AWS::S3::Bucket',
    path: [
      'BucketEncryption',
      'ServerSideEncryptionConfiguration',
      '0',
      'ServerSideEncryptionByDefault',
      'SSEAlgorithm',
    ],
    isSound: isPresent,
    expected: 'BucketEncryption',
  },
  ...['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].map((key) => ({
    type: 'AWS::S3::Bucket',
    path: ['PublicAccessBlockConfiguration', key],
    isSound: isTrue,
    expected: `PublicAccessBlockConfiguration.${key} true`,
  })),
  {
    type: 'AWS::Kinesis::Stream',
    path: ['StreamEncryption', 'EncryptionType'],
    isSound: (value) => value === 'KMS',
    expected: 'StreamEncryption with KMS',
  },
  {
    type: 'AWS::DynamoDB::Table',
    path: ['SSESpecification', 'SSEEnabled'],
    isSound: isTrue,
    expected: 'SSESpecification',
  },
  {
    type: 'AWS::DynamoDB::Table',
    path: ['PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled'],
    isSound: isTrue,
    expected: 'PointInTimeRecoveryEnabled true',
  },
  { type: 'AWS::SNS::Topic', path: ['KmsMasterKeyId'], isSound: isPresent, expected: 'KmsMasterKeyId' },
  {
    type: 'AWS::KinesisFirehose::DeliveryStream',
    path: ['DeliveryStreamEncryptionConfigurationInput', 'KeyType'],
    isSound: isPresent,
    expected: 'DeliveryStreamEncryptionConfigurationInput',
  },
  {
    type: 'AWS::Athena::WorkGroup',
    path: ['WorkGroupConfiguration', 'ResultConfiguration', 'EncryptionConfiguration', 'EncryptionOption'],
    isSound: isPresent,
    expected: 'encrypted results',
  },
  {
    type: 'AWS::Athena::WorkGroup',
    path: ['WorkGroupConfiguration', 'EnforceWorkGroupConfiguration'],
    isSound: isTrue,
    expected: 'EnforceWorkGroupConfiguration true',
  },
  {
    type: 'AWS::Athena::WorkGroup',
    path: ['WorkGroupConfiguration', 'BytesScannedCutoffPerQuery'],
    isSound: (value) => typeof value === 'number' && value >= 10_000_000,
    expected: 'BytesScannedCutoffPerQuery of at least 10 MB',
  },
  { type: 'AWS::Logs::LogGroup', path: ['RetentionInDays'], isSound: isPresent, expected: 'RetentionInDays' },
];

/** Which tables lose rows by themselves. Incidents never do; a table that is not named here must be decided first. */
const EXPIRY: Readonly<Record<string, string | undefined>> = {
  IncidentsTable: undefined,
  ApplicationLogsTable: 'expiry',
  AlertGroupsTable: 'expiry',
  LedgerTable: 'expiry',
};

/** Encryption at rest, no public access, restorable tables (SECURITY 10), and rows that expire when they should. */
export function atRestFaults(template: Template): string[] {
  const broken = RULES.flatMap(({ type, path, isSound, expected }) =>
    resourcesOf(template, type).flatMap(({ id, properties }) => {
      const value = at(properties, ...path);
      return isSound(value) ? [] : [`${id}: expected ${expected}, got ${shown(value)}`];
    }),
  );
  return [...broken, ...queueFaults(template), ...expiryFaults(template)];
}

function queueFaults(template: Template): string[] {
  return resourcesOf(template, 'AWS::SQS::Queue')
    .filter(({ properties }) => !(isTrue(properties.SqsManagedSseEnabled) || isPresent(properties.KmsMasterKeyId)))
    .map(({ id }) => `${id}: expected SqsManagedSseEnabled true or a KmsMasterKeyId, got neither`);
}

function expiryFaults(template: Template): string[] {
  return resourcesOf(template, 'AWS::DynamoDB::Table').flatMap(({ id, properties }) => {
    if (!Object.hasOwn(EXPIRY, id)) return [`${id}: expected EXPIRY to say whether its rows expire, got nothing`];
    const enabled = at(properties, 'TimeToLiveSpecification', 'Enabled') === true;
    const attribute = enabled ? at(properties, 'TimeToLiveSpecification', 'AttributeName') : undefined;
    if (attribute === EXPIRY[id]) return [];
    return [`${id}: expected time to live on ${EXPIRY[id] ?? 'nothing'}, got ${shown(attribute ?? 'nothing')}`];
  });
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== '' && value !== null;
}

function isTrue(value: unknown): boolean {
  return value === true;
}
