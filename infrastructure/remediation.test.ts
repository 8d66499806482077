import { expect, it } from 'vitest';
import { parseConfiguration } from '../shared/runtime/configuration.ts';
import { remediation } from './remediation.ts';
import { identityStatements } from './rules/statements.ts';

const settings = (lines: string) => parseConfiguration(`remediation: {${lines}}`).remediation;

/** The statements of the role that name EC2. */
function onInstances(lines: string) {
  const { Resources = {} } = remediation('dev', settings(lines), '{}').resources;
  const statements = identityStatements({ Resources });
  return statements
    .filter(({ actions }) => actions.some((action) => String(action).startsWith('ec2:')))
    .map(({ actions, condition }) => [actions, condition]);
}

it('is nothing at all without a tag', () => {
  expect(remediation('dev', settings('cooldown: 1h'), '{}')).toStrictEqual({ function: null, resources: {} });
});

it('may look at instances, and restart those with the tag', () => {
  expect(onInstances('tag: sluice-remediation=allowed')).toStrictEqual([
    [['ec2:DescribeInstances'], undefined],
    [
      ['ec2:StopInstances', 'ec2:StartInstances', 'ec2:RebootInstances'],
      { StringEquals: { 'aws:ResourceTag/sluice-remediation': 'allowed' } },
    ],
  ]);
});

it('may restart nothing in a dry run', () => {
  expect(onInstances('tag: sluice-remediation=allowed, dryRun: true')).toStrictEqual([
    [['ec2:DescribeInstances'], undefined],
  ]);
});

it('looks again before a message is forgotten, and only when the run before it has ended', () => {
  const { function: made, resources } = remediation('dev', settings('tag: a=b'), '{}');
  const properties = resources.Resources?.RemediationQueue?.Properties as Record<string, number>;
  expect(properties.VisibilityTimeout).toBeGreaterThan((made as { timeout: number }).timeout);
  const { maxReceiveCount } = (properties as unknown as { RedrivePolicy: { maxReceiveCount: number } }).RedrivePolicy;
  const looksFor = maxReceiveCount * (properties.VisibilityTimeout ?? 0);
  expect(looksFor).toBeGreaterThan(settings('runningWithin: 60m').runningWithinSeconds * 2);
  expect(properties.MessageRetentionPeriod).toBeGreaterThan(looksFor);
});
