import { at, listOf, objectsIn, resourcesOf, shown, type Template } from '../template.ts';
import { identityStatements, resourceStatements, type Statement, trustStatements } from './statements.ts';

/** Every `*` that a role may have. Each was looked at: its bucket is ours, and the prefix is all that the caller needs. */
const REVIEWED: readonly { role: string; resource: string }[] = [
  // Lambda names the object of a failed batch after the mapping, the shard and the time, of a failed call after the function.
  ...['RouteAlertsRole', 'ProjectIncidentsRole', 'ArchiveEventsRole', 'IngestCloudwatchRole'].map((role) => ({
    role,
    resource: objectsIn('FailuresBucket', 'aws/lambda/*'),
  })),
  { role: 'ArchiveEventsRole', resource: objectsIn('ArchiveBucket', 'quarantine/*') },
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

function wildcards({ id, actions, resources, negated }: Statement): string[] {
  return [
    ...(negated ? [`${id}: expected Action and Resource, got ${negated}, which allows all but what it names`] : []),
    ...actions.filter(hasWildcard).map((action) => `${id}: expected exact actions, got ${shown(action)}`),
    ...resources
      .filter((resource) => hasWildcard(resource) && !isReviewed(id, resource))
      .map(
        (one) =>
          `${id}: expected an exact resource, got ${shown(one)}; narrow it, or add it to REVIEWED with its reason`,
      ),
  ];
}

function hasWildcard(value: unknown): boolean {
  return JSON.stringify(value).includes('*');
}

function isReviewed(id: string, resource: unknown): boolean {
  return REVIEWED.some((entry) => entry.role === id && entry.resource === shown(resource));
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
  const keys = Object.values(condition ?? {}).flatMap((operator) => Object.keys(operator ?? {}));
  if (keys.some((key) => SOURCE_KEYS.includes(key))) return [];
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
