import { describe, expect, test } from 'vitest';
import type { LogEvent } from '../events/event.ts';
import { EMAIL_SOURCE, type Email, type EmailOutcome } from './email.ts';
import { emailReceiver } from './email-receiver.ts';
import type { Notice } from './notice.ts';

const notice = (id: string, source = 'shop'): Notice => ({
  id,
  kind: 'first',
  level: 'error',
  source,
  fingerprint: 'v1:abc',
  title: 'shop: refused',
  count: 1,
  firstSeen: '2026-11-21T12:00:00.000Z',
  lastSeen: '2026-11-21T12:00:00.000Z',
  sample: 'refused',
});

/** A sender whose answers are given, and what was put on the stream. */
function world(answers: (EmailOutcome | Error)[], { takes = true } = {}) {
  const sent: Email[] = [];
  const events: LogEvent[] = [];
  const receive = emailReceiver('oncall@example.org', {
    now: () => Date.parse('2026-11-21T12:00:05.000Z'),
    put: async (put) => {
      events.push(...put);
      return takes ? [] : [{ reason: 'throttled' }];
    },
    email: {
      send: async (email) => {
        sent.push(email);
        const answer = answers.shift() ?? { status: 'accepted' };
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
  });
  return { receive, sent, events };
}

const refused = (reason: string): EmailOutcome => ({ status: 'refused', reason });

describe('an address as receiver', () => {
  test('gets an email for each notice', async () => {
    const { receive, sent, events } = world([]);
    expect(await receive([notice('1'), notice('2')])).toEqual([]);
    expect(sent.map(({ id }) => id)).toEqual(['1/oncall@example.org', '2/oncall@example.org']);
    expect(events).toEqual([]);
  });

  test('that is refused is an event, and its notice does not wait', async () => {
    const { receive, events } = world([refused('the address is not verified')]);
    expect(await receive([notice('1')])).toEqual([]);
    expect(events).toEqual([
      {
        v: 1,
        id: expect.stringMatching(/^email\/\d+$/),
        type: 'log',
        time: '2026-11-21T12:00:05.000Z',
        level: 'warning',
        source: EMAIL_SOURCE,
        message: 'An email to oncall@example.org was refused: the address is not verified',
        attributes: { recipient: 'oncall@example.org' },
      },
    ]);
  });

  test('that is refused twice for one notice makes one event', async () => {
    const { receive, events } = world([refused('a'), refused('a'), refused('a')]);
    await receive([notice('1'), notice('1'), notice('2')]);
    const [one, again, other] = events.map(({ id }) => id);
    expect([one === again, one === other]).toEqual([true, false]);
  });

  test('that is refused where the stream does not answer waits, so that the event is not lost', async () => {
    const { receive } = world([refused('no')], { takes: false });
    expect(await receive([notice('1')])).toEqual([{ index: 0, reason: 'throttled' }]);
  });

  test('that is refused an email about emails makes no event: it would never end', async () => {
    const { receive, events } = world([refused('no')]);
    expect(await receive([notice('1', EMAIL_SOURCE)])).toEqual([]);
    expect(events).toEqual([]);
  });

  test('waits while the sender does not answer, which is asked twice in a row and no more', async () => {
    const down = new Error('the email sender does not answer');
    const { receive, sent } = world([{ status: 'accepted' }, down, down]);
    const unsent = await receive(['1', '2', '3', '4', '5'].map((id) => notice(id)));
    expect(unsent).toEqual([1, 2, 3, 4].map((index) => ({ index, reason: down.message })));
    expect(sent.length).toBe(3);
  });

  test('goes on after one email that could not be sent', async () => {
    const { receive } = world([new Error('too long'), { status: 'accepted' }, new Error('too long')]);
    expect(await receive(['1', '2', '3'].map((id) => notice(id)))).toEqual([
      { index: 0, reason: 'too long' },
      { index: 2, reason: 'too long' },
    ]);
  });
});
