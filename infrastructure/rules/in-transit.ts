import { at, listOf, logicalIdIn, resourcesOf, type Template } from '../template.ts';

/** What has a policy of its own, the policy's type, and how it names what it belongs to. */
const KINDS = [
  { type: 'AWS::S3::Bucket', policy: 'AWS::S3::BucketPolicy', names: 'Bucket', denied: 's3:*' },
  { type: 'AWS::SQS::Queue', policy: 'AWS::SQS::QueuePolicy', names: 'Queues', denied: 'sqs:*' },
  // SNS refuses `sns:*` in a topic's policy.
  { type: 'AWS::SNS::Topic', policy: 'AWS::SNS::TopicPolicy', names: 'Topics', denied: 'sns:Publish' },
] as const;

/** Plain HTTP to a bucket, queue or topic is denied to everybody (SECURITY 10). */
export function inTransitFaults(template: Template): string[] {
  return KINDS.flatMap(({ type, policy, names, denied }) => {
    const policies = resourcesOf(template, policy);
    return resourcesOf(template, type).flatMap(({ id }) => {
      const own = policies.filter(({ properties }) => listOf(properties[names]).some((one) => logicalIdIn(one) === id));
      const isDenied = own.some(({ properties }) => statements(properties).some((one) => deniesPlainHttp(one, denied)));
      return isDenied ? [] : [`${id}: expected a ${policy} that denies ${denied} to everybody without TLS, got none`];
    });
  });
}

function statements(properties: Record<string, unknown>): unknown[] {
  return listOf(at(properties, 'PolicyDocument', 'Statement'));
}

function deniesPlainHttp(statement: unknown, action: string): boolean {
  return (
    at(statement, 'Effect') === 'Deny' &&
    at(statement, 'Principal') === '*' &&
    listOf(at(statement, 'Action')).includes(action) &&
    String(at(statement, 'Condition', 'Bool', 'aws:SecureTransport')) === 'false'
  );
}
