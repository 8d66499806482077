import { at, listOf, objectsIn, resourcesOf, shown, type Template } from '../template.ts';
import { identityStatements, resourceStatements, type Statement, trustStatements } from './statements.ts';

interface Reviewed {
  role: string;
  resource: string;
  /** Only for these actions. */
  actions?: readonly string[];
  /** Only where such a key must equal a value. */
  conditionKey?: RegExp;
}

/** Every `*` that a role may have. Each was looked at: its bucket is ours, and the prefix is all that the caller needs. */
const REVIEWED: readonly Reviewed[] = [
  // Lambda names the object of a failed batch after the mapping, the shard and the time, of a failed call after the function.
  ...['RouteAlertsRole', 'ProjectIncidentsRole', 'ArchiveEventsRole', 'IngestCloudwatchRole', 'EvaluateRulesRole'].map(
    (role) => ({
      role,
      resource: objectsIn('FailuresBucket', 'aws/lambda/*'),
    }),
  ),
  { role: 'ArchiveEventsRole', resource: objectsIn('ArchiveBucket', 'quarantine/*') },
  { role: 'ProjectIncidentsQuarantines', resource: objectsIn('ArchiveBucket', 'quarantine/*') },
  // EC2 has no narrower resource for looking at an instance.
  { role: 'RemediateRole', resource: '*', actions: ['ec2:DescribeInstances'] },
  // Which instances exist is known to EC2 alone; the tag that they must carry is what narrows it.
  {
    role: 'RemediateRole',
    resource: `arn:\${AWS::Partition}:ec2:\${AWS::Region}:\${AWS::AccountId}:instance/*`,
    actions: ['ec2:StopInstances', 'ec2:StartInstances', 'ec2:RebootInstances'],
    conditionKey: /^aws:ResourceTag\/./,
  },
  { role: 'IngestS3Role', resource: objectsIn('ArchiveBucket', 'quarantine/*') },
  { role: 'IngestS3Role', resource: objectsIn('ArchiveBucket', 'quarantine-objects/*') },
  // It reads whatever is dropped, under whatever name.
  { role: 'IngestS3Role', resource: objectsIn('DropBucket', '*') },
  { role: 'DeliveryRole', resource: objectsIn('ArchiveBucket', 'events/*') },
  { role: 'DeliveryRole', resource: objectsIn('ArchiveBucket', 'errors/*') },
];

const RESOURCE_POLICIES = ['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy'];
/** How a service says for whom it acts. */
const SOURCE_KEYS = ['aws:SourceArn', 'aws:SourceAccount', 'sts:ExternalId'];
/** A role cannot be passed to another account's function, and Lambda documents no source key for its pollers. */
const TRUSTED_WITHOUT_SOURCE = 'lambda.amazonaws.com';

/** Least privilege (SECURITY 9) and no confused deputy (SECURITY 11). */
export function permissionFaults(template: Template): string[] {
  return [
    ...identityStatements(template).filter(allows).flatMap(wildcards),
    ...managedPolicies(template),
    ...RESOURCE_POLICIES.flatMap((type) => resourceStatements(template, type))
      .filter(allows)
      .flatMap(openPrincipal),
    ...trustStatements(template).filter(allows).flatMap(openTrust),
    ...lambdaPermissions(template),
  ];
}

function allows({ effect }: Statement): boolean {
  return effect !== 'Deny';
}

function wildcards(statement: Statement): string[] {
  const { id, actions, resources, negated } = statement;
  return [
    ...(negated ? [`${id}: expected Action and Resource, got ${negated}, which allows all but what it names`] : []),
    ...actions.filter(hasWildcard).map((action) => `${id}: expected exact actions, got ${shown(action)}`),
    ...resources
      .filter((resource) => hasWildcard(resource) && !isReviewed(statement, resource))
      .map(
        (one) =>
          `${id}: expected an exact resource, got ${shown(one)}; narrow it, or add it to REVIEWED with its reason`,
      ),
  ];
}

function hasWildcard(value: unknown): boolean {
  return JSON.stringify(value).includes('*');
}

function isReviewed({ id, actions, condition }: Statement, resource: unknown): boolean {
  return REVIEWED.some(
    (entry) =>
      entry.role === id &&
      entry.resource === shown(resource) &&
      (entry.actions === undefined || actions.every((action) => entry.actions?.includes(String(action)))) &&
      (entry.conditionKey === undefined ||
        Object.keys(at(condition, 'StringEquals') ?? {}).some((key) => entry.conditionKey?.test(key))),
  );
}

function conditionKeys(condition: unknown): string[] {
  return Object.values(condition ?? {}).flatMap((operator) => Object.keys(operator ?? {}));
}

function managedPolicies(template: Template): string[] {
  return resourcesOf(template, 'AWS::IAM::Role').flatMap(({ id, properties }) =>
    listOf(properties.ManagedPolicyArns).map(
      (arn) => `${id}: expected policies written in this template, got ${shown(arn)}, which others may change`,
    ),
  );
}

function openPrincipal({ id, principal, condition }: Statement): string[] {
  if (principal === '*' || at(principal, 'AWS') === '*') {
    return [`${id}: expected an Allow for named principals, got everybody`];
  }
  return confusable(id, principal, condition);
}

function openTrust({ id, principal, condition }: Statement): string[] {
  const services = listOf(at(principal, 'Service'));
  if (services.length === 0) return [`${id}: expected a role for a service, got ${shown(principal)}`];
  return services.every((service) => service === TRUSTED_WITHOUT_SOURCE) ? [] : confusable(id, principal, condition);
}

/** A service acts for any account that asks it to, unless the statement says for whom. */
function confusable(id: string, principal: unknown, condition: unknown): string[] {
  if (at(principal, 'Service') === undefined) return [];
  if (conditionKeys(condition).some((key) => SOURCE_KEYS.includes(key))) return [];
  return [
    `${id}: expected a condition on ${SOURCE_KEYS.join(' or ')} for ${shown(at(principal, 'Service'))}, got none`,
  ];
}

function lambdaPermissions(template: Template): string[] {
  return resourcesOf(template, 'AWS::Lambda::Permission')
    .filter(({ properties }) => properties.SourceArn === undefined && properties.SourceAccount === undefined)
    .map(
      ({ id }) => `${id}: expected SourceArn or SourceAccount, got neither; another account could call the function`,
    );
}
