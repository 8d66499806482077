import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logEvent } from '../events/event.ts';
import { EMAIL_SOURCE, EMAIL_TAG } from './email.ts';
import { emailFeedback } from './email-feedback.ts';

const NOW = Date.parse('2026-11-21T12:00:05.000Z');

const mail = (about: string = EMAIL_TAG.ofIncidents) => ({
  timestamp: '2026-11-21T12:00:00.000Z',
  source: 'sluice@example.org',
  messageId: 'EXAMPLE7c191be45',
  destination: ['oncall@example.org'],
  tags: { 'ses:configuration-set': ['sluice-prod'], [EMAIL_TAG.name]: [about] },
});

/** As SES publishes it. Source: SES Developer Guide, "Examples of event data". */
const BOUNCE = {
  eventType: 'Bounce',
  bounce: {
    bounceType: 'Permanent',
    bounceSubType: 'General',
    bouncedRecipients: [
      {
        emailAddress: 'oncall@example.org',
        action: 'failed',
        status: '5.1.1',
        diagnosticCode: 'smtp; 550 5.1.1 user unknown',
      },
    ],
    timestamp: '2026-11-21T12:00:01.000Z',
    feedbackId: '0102-x',
  },
  mail: mail(),
};

const messages = (told: unknown) => emailFeedback(told, NOW)?.map(({ message }) => message);

describe('what SES tells of an email', () => {
  test('that came back is a warning that names the address and why', () => {
    expect(emailFeedback(BOUNCE, NOW)).toEqual([
      {
        v: 1,
        id: expect.stringMatching(/^email\/\d+$/),
        type: 'log',
        time: '2026-11-21T12:00:05.000Z',
        level: 'warning',
        source: EMAIL_SOURCE,
        message: 'An email to oncall@example.org came back: smtp; 550 5.1.1 user unknown',
        attributes: { recipient: 'oncall@example.org' },
      },
    ]);
  });

  test('is one event however often it is told', () => {
    const [one, later] = [NOW, NOW + 60_000].map((at) => emailFeedback(BOUNCE, at)?.[0]?.id);
    expect(one).toBe(later);
  });

  test.each([
    [
      'marked as spam',
      {
        eventType: 'Complaint',
        complaint: { complainedRecipients: [{ emailAddress: 'a@b.org' }], complaintFeedbackType: 'abuse' },
      },
      'An email to a@b.org was marked as spam: abuse',
    ],
    [
      'refused by SES',
      { eventType: 'Reject', reject: { reason: 'Bad content' } },
      'An email to oncall@example.org was refused by SES: Bad content',
    ],
    [
      'delayed',
      {
        eventType: 'DeliveryDelay',
        deliveryDelay: { delayType: 'MailboxFull', delayedRecipients: [{ emailAddress: 'a@b.org' }] },
      },
      'An email to a@b.org is delayed: MailboxFull',
    ],
    [
      "of an identity's own topic",
      { ...BOUNCE, eventType: undefined, notificationType: 'Bounce' },
      messages(BOUNCE)?.[0],
    ],
  ])('that was %s', (_, told, message) => {
    expect(messages({ mail: mail(), ...told })).toEqual([message]);
  });

  test('that is good news is no event', () => {
    expect(emailFeedback({ eventType: 'Delivery', delivery: {}, mail: mail() }, NOW)).toEqual([]);
  });

  test('of an email that told of emails is no event: it would never end', () => {
    expect(emailFeedback({ ...BOUNCE, mail: mail(EMAIL_TAG.ofEmails) }, NOW)).toEqual([]);
  });

  test.each([{}, null, [], 'Bounce', { eventType: 'Bounce' }, { AlarmName: 'x', NewStateValue: 'ALARM' }])(
    'is nothing where it is of something else: %j',
    (told) => {
      expect(emailFeedback(told, NOW)).toBeUndefined();
    },
  );

  test('throws nothing and makes events that the stream takes, whatever comes', () => {
    const part = fc.oneof(
      fc.jsonValue(),
      fc.record({ emailAddress: fc.string({ unit: 'binary' }), diagnosticCode: fc.string() }),
    );
    const told = fc.record({
      eventType: fc.constantFrom('Bounce', 'Reject', 'Complaint', '__proto__', 'constructor'),
      bounce: fc.record({ bouncedRecipients: fc.array(part), bounceType: fc.jsonValue() }),
      mail: fc.record({
        messageId: fc.string({ minLength: 1 }),
        destination: fc.array(fc.string()),
        tags: fc.jsonValue(),
      }),
    });
    fc.assert(
      fc.property(told, (message) => {
        for (const event of emailFeedback(message, NOW) ?? []) expect(logEvent.safeParse(event).error).toBeUndefined();
      }),
    );
  });
});
