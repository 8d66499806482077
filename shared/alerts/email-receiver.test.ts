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
  const receive = emailReceiver(['oncall@example.org'], {
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

test('several addresses get an email each, and all again when one of them could not be sent to', async () => {
  const sent: string[] = [];
  const fails = new Set(['b@example.org']);
  const send = async ({ to }: Email): Promise<EmailOutcome> => {
    sent.push(to);
    if (fails.delete(to)) throw new Error('not now');
    return { status: 'accepted' };
  };
  const receive = emailReceiver(['a@example.org', 'b@example.org'], {
    email: { send },
    put: async () => [],
    now: () => 0,
  });
  expect(await receive([notice('1')])).toEqual([{ index: 0, reason: 'not now' }]);
  expect(await receive([notice('1')])).toEqual([]);
  expect(sent).toEqual(['a@example.org', 'b@example.org', 'a@example.org', 'b@example.org']);
});

test('an email links to its incident where the configuration says how', async () => {
  const texts: string[] = [];
  const send = async ({ text }: Email): Promise<EmailOutcome> => {
    texts.push(text);
    return { status: 'accepted' };
  };
  const incidentLink = 'https://sluice.example.org/incidents/{fingerprint}';
  const ports = { email: { send }, put: async () => [], now: () => 0, incidentLink };
  await emailReceiver(['a@example.org'], ports)([{ ...notice('1'), fingerprint: 'v1:"><$&' }]);
  expect(texts[0]).toContain('\nIncident: https://sluice.example.org/incidents/v1%3A%22%3E%3C%24%26\n');
});

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

  test('of a storm has no link to an incident: it is none', async () => {
    const sent: Email[] = [];
    const receive = emailReceiver(['a@example.org'], {
      email: {
        send: async (email) => {
          sent.push(email);
          return { status: 'accepted' };
        },
      },
      put: async () => [],
      now: () => 0,
      incidentLink: 'https://sluice.example.org/{fingerprint}',
    });
    await receive([{ ...notice('1'), fingerprint: 'storm:shop' }, notice('2')]);
    expect(sent.map(({ text }) => text.includes('https://'))).toEqual([false, true]);
  });

  test('that is slow gets ten seconds of its caller, and what it took by then is taken', async () => {
    let now = 0;
    const send = async (): Promise<EmailOutcome> => {
      now += 4_000;
      return { status: 'accepted' };
    };
    const receive = emailReceiver(['a@example.org'], { email: { send }, put: async () => [], now: () => now });
    expect(await receive(['1', '2', '3', '4', '5'].map((id) => notice(id)))).toEqual(
      [3, 4].map((index) => ({ index, reason: 'out-of-time: the emails before took too long' })),
    );
  });

  test('goes on after one email that could not be sent', async () => {
    const { receive } = world([new Error('too long'), { status: 'accepted' }, new Error('too long')]);
    expect(await receive(['1', '2', '3'].map((id) => notice(id)))).toEqual([
      { index: 0, reason: 'too long' },
      { index: 2, reason: 'too long' },
    ]);
  });
});
