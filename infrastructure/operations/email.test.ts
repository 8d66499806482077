import { describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../shared/runtime/configuration.ts';
import { at, type Resource } from '../template.ts';
import { configurationSetName, email } from './email.ts';

describe('emails', () => {
  const emailOf = (yaml: string): [Record<string, Resource>, string] => {
    const settings = parseConfiguration(`email: {${yaml}}`).email;
    return [email('test', settings, { hasTopic: true }), configurationSetName('test', settings)];
  };

  it('need nothing where none are sent', () => {
    expect(emailOf('')).toStrictEqual([{}, '']);
  });

  it('may be sent by SES from the one address, and SES tells what became of them', () => {
    const [resources, name] = emailOf('from: sluice@example.org');
    expect(Object.keys(resources)).toStrictEqual(['EmailPolicy', 'EmailConfigurationSet', 'EmailEvents']);
    expect(name).toBe('sluice-test');
    expect(at(resources.EmailPolicy?.Properties, 'PolicyDocument', 'Statement', '1', 'Condition')).toStrictEqual({
      StringEquals: { 'ses:FromAddress': 'sluice@example.org' },
    });
  });

  it('need the key of the sender and nothing of SES where there is one', () => {
    const [resources, name] = emailOf(
      'from: a@example.org, sender: "https://mail.example.org/", keyFrom: "ssm:/sluice/key"',
    );
    expect([Object.keys(resources), name]).toStrictEqual([['EmailPolicy'], '']);
    expect(at(resources.EmailPolicy?.Properties, 'PolicyDocument', 'Statement', '1', 'Action')).toBe(
      'ssm:GetParameter',
    );
  });

  it('may be sent under whichever identity SES has verified: the address, its domain, or a domain above it', () => {
    const identitiesOf = (from: string) => {
      const resources = emailOf(`from: ${from}`)[0].EmailPolicy?.Properties;
      const arns = at(resources, 'PolicyDocument', 'Statement', '1', 'Resource') as { 'Fn::Sub': string }[];
      return arns.map((arn) => arn['Fn::Sub'].replace(/^.*:/, '')).filter((one) => one.startsWith('identity/'));
    };
    expect(identitiesOf('sluice@alerts.eu.example.org')).toStrictEqual([
      'identity/sluice@alerts.eu.example.org',
      'identity/alerts.eu.example.org',
      'identity/eu.example.org',
      'identity/example.org',
    ]);
    expect(identitiesOf('sluice@example.org')).toStrictEqual(['identity/sluice@example.org', 'identity/example.org']);
  });
});
