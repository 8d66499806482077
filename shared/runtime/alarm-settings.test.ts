import { describe, expect, it } from 'vitest';
import { ConfigurationError, parseConfiguration } from './configuration.ts';

function faultOf(text: string) {
  try {
    parseConfiguration(text);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults.map(({ path, line }) => [path, line]);
  }
  return [];
}

describe('alarms and emails in the configuration', () => {
  it('are read as people write them', () => {
    const { alarms, email } = parseConfiguration(`
alarms:
  enabled: false
  emails: oncall@example.org
  iteratorAge: 1h
  waitingNotices: 30m
  responseTime: { line: "took {ms} ms", milliseconds: 500, count: 0, within: 1h }
email:
  allowed: [oncall@example.org, "@ops.example.org"]
  sender: https://mail.example.org/send
  body: html
  keyFrom: ssm:/sluice/email-key
  incidentLink: https://sluice.example.org/{fingerprint}
`);
    expect(alarms).toStrictEqual({
      isEnabled: false,
      emails: ['oncall@example.org'],
      iteratorAgeSeconds: 3_600,
      waitingNoticesSeconds: 1_800,
      quarantined: 1,
      throttles: 10,
      errors: 1,
      responseTime: { line: ['took', '{ms}', 'ms'], milliseconds: 500, count: 0, withinSeconds: 3_600 },
    });
    expect(email).toStrictEqual({
      allowed: ['oncall@example.org', '@ops.example.org'],
      from: undefined,
      sender: 'https://mail.example.org/send',
      body: 'html',
      keyFrom: 'ssm:/sluice/email-key',
      incidentLink: 'https://sluice.example.org/{fingerprint}',
    });
  });

  it('let a receiver write to addresses of the allow-list, and to no others', () => {
    const file = (to: string) =>
      `alerts: {receivers: [{name: oncall, email: [{to: [${to}]}]}]}\nemail: {from: s@example.org, allowed: ["@example.org"]}`;
    expect(parseConfiguration(file('a@example.org')).alerts.receivers[0]?.receivers[0]).toMatchObject({
      kind: 'email',
      to: ['a@example.org'],
    });
    expect(faultOf(file('a@example.org, b@example.com'))).toStrictEqual([['alerts.receivers.0.email', 1]]);
  });

  it('look at no response times where the line is none', () => {
    expect(parseConfiguration('alarms: {responseTime: {line: none}}').alarms.responseTime.line).toStrictEqual([]);
  });

  it.each([
    ['alarms:\n  enabled: "yes"', 'alarms.enabled', 2],
    ['alarms:\n  emails: [nobody]', 'alarms.emails', 2],
    ['alarms:\n  iteratorAge: 30s', 'alarms.iteratorAge', 2],
    ['alarms:\n  waitingNotices: 90s', 'alarms.waitingNotices', 2],
    ['alarms:\n  quarantined: 0', 'alarms.quarantined', 2],
    ['alarms:\n  throttles: many', 'alarms.throttles', 2],
    ['alarms:\n  responseTime:\n    line: no time in it', 'alarms.responseTime.line', 3],
    ['alarms:\n  responseTime:\n    line: "{ms} or {ms}"', 'alarms.responseTime.line', 3],
    ['alarms:\n  responseTime:\n    line: "took {ms}ms"', 'alarms.responseTime.line', 3],
    ['alarms:\n  responseTime:\n    within: 90s', 'alarms.responseTime.within', 3],
    ['alarms:\n  response: 1', 'alarms.response', 2],
    ['email:\n  allowed: [example.org]', 'email.allowed', 2],
    ['email:\n  from: "@example.org"', 'email.from', 2],
    ['email:\n  sender: http://mail.example.org/', 'email.sender', 2],
    ['email:\n  sender: https://key:secret@mail.example.org/', 'email.sender', 2],
    ['email:\n  keyFrom: key of mine', 'email.keyFrom', 2],
    [
      'alerts:\n  receivers:\n    - name: oncall\n      email: [{ to: [a@example.org] }]',
      'alerts.receivers.0.email',
      4,
    ],
    ['email:\n  body: markdown', 'email.body', 2],
    ['email:\n  incidentLink: https://example.org/', 'email.incidentLink', 2],
    ['email:\n  incidentLink: "javascript:{fingerprint}"', 'email.incidentLink', 2],
  ])('refuse %j with its line', (text, path, line) => {
    expect(faultOf(text)).toStrictEqual([[path, line]]);
  });
});
