import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../shared/stream/fault.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { type MemoryTopics, memoryTopics } from '../../test/support/memory-topics.ts';
import type { Alert, SendAlertsOptions } from './alert-api.ts';
import { sendAlertsBy } from './send-alerts.ts';

const arn = (name: string) => `arn:aws:sns:eu-central-1:123456789012:${name}`;
const [A, B, GONE] = [arn('a'), arn('b'), arn('gone')];
const alert = (part: Partial<Alert> = {}): Alert => ({ channel: 'sns', message: 'disk full', topicArns: [A], ...part });

function world() {
  const topics = memoryTopics([A, B]);
  const clock = manualClock();
  const send = (alerts: readonly Alert[], options: SendAlertsOptions = {}) =>
    sendAlertsBy(alerts, { publish: topics.publish, ...options }, clock);
  return { topics, clock, send, texts: (topicArn: string) => topics.taken.get(topicArn)?.map(({ text }) => text) };
}

/** Without the alert, which is given back as it came. */
const issuesOf = async (outcomes: ReturnType<ReturnType<typeof world>['send']>) =>
  (await outcomes).map(({ issues }) => issues);

describe('alerts', () => {
  test('go to each of their topics, with the level to filter by and a subject', async () => {
    const { topics, send } = world();
    const given = alert({ level: 'error', message: 'Disk full\non web-1', topicArns: [A, B] });
    expect(await send([given])).toEqual([{ alert: given, sent: [A, B], issues: [] }]);
    const message = {
      text: 'Disk full\non web-1',
      subject: '[ERROR] Disk full',
      attributes: { level: 'error' },
    };
    expect([...topics.taken]).toEqual([
      [A, [message]],
      [B, [message]],
    ]);
  });

  test('that go to one topic share calls of ten', async () => {
    const { topics, send, texts } = world();
    const alerts = Array.from({ length: 25 }, (_, n) => alert({ message: `alert ${n}` }));
    await send(alerts);
    expect(texts(A)).toEqual(alerts.map(({ message }) => message));
    expect(topics.calls).toEqual([10, 10, 5]);
  });

  test('that are large share a call only as far as SNS takes it', async () => {
    const { topics, send } = world();
    const outcomes = await send(Array.from({ length: 4 }, () => alert({ message: 'x'.repeat(100_000) })));
    expect(outcomes.flatMap(({ issues }) => issues)).toEqual([]);
    expect(topics.calls).toEqual([2, 2]);
  });

  test('tell a topic that is named twice once', async () => {
    const { send, texts } = world();
    expect((await send([alert({ topicArns: [A, A] })]))[0]?.sent).toEqual([A]);
    expect(texts(A)).toHaveLength(1);
  });

  test('over 249 KiB are sent cut, marked, and the caller is told', async () => {
    const { send, texts } = world();
    expect(await issuesOf(send([alert({ message: '€'.repeat(100_000) })]))).toEqual([
      [{ code: 'cut', message: 'expected a message of at most 254976 bytes of UTF-8: it is sent cut' }],
    ]);
    const [text = ''] = texts(A) ?? [];
    expect(text).toMatch(/€… \[cut \d+ bytes\]$/);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(254_976);
  });
});

describe('what goes wrong is told with the alert that it befell, topic by topic', () => {
  test('a topic that is not there, beside one that is', async () => {
    const { send } = world();
    const outcomes = await send([alert({ topicArns: [GONE, A] }), alert({ topicArns: [B] })]);
    expect(outcomes.map(({ sent, issues }) => ({ sent, issues }))).toEqual([
      {
        sent: [A],
        issues: [{ code: 'not-sent', message: 'missing: PublishBatch failed: NotFoundException', topicArn: GONE }],
      },
      { sent: [B], issues: [] },
    ]);
  });

  test('what is no ARN of a standard topic', async () => {
    const { topics, send } = world();
    const bad = [
      'nonsense',
      `${A}.fifo`,
      'arn:aws:sqs:eu-central-1:123456789012:a',
      arn('a').replace('-1', '-1.evil.example'),
    ];
    const [issues = []] = await issuesOf(send([alert({ topicArns: bad })]));
    const message = 'expected the ARN of a standard SNS topic, arn:aws:sns:REGION:ACCOUNT:NAME';
    expect(issues).toEqual(bad.map((one) => ({ code: 'bad-topic', message, topicArn: JSON.stringify(one) })));
    expect(topics.calls).toEqual([]);
  });

  test('a topic that is not on the list: neither by name nor by the beginning of one', async () => {
    const { send, texts } = world();
    const refused = (topicArn: string) => ({
      code: 'not-allowed',
      message: 'expected a topic of allowedTopicArns',
      topicArn,
    });
    const both = [alert({ topicArns: [A, B] })];
    expect(await issuesOf(send(both, { allowedTopicArns: [B] }))).toEqual([[refused(A)]]);
    expect(await issuesOf(send(both, { allowedTopicArns: [] }))).toEqual([[refused(A), refused(B)]]);
    expect(await issuesOf(send(both, { allowedTopicArns: [arn('*')] }))).toEqual([[]]);
    expect([texts(A)?.length, texts(B)?.length]).toEqual([1, 2]);
  });

  test('a list that is none opens nothing', async () => {
    const { topics, send } = world();
    for (const list of ['*', [A, '*'], [`arn:*:${A}*`], [1]] as string[][]) {
      const [issues = []] = await issuesOf(send([alert()], { allowedTopicArns: list }));
      expect(issues.map(({ code }) => code)).toEqual(['bad-option', 'not-allowed']);
    }
    expect(topics.calls).toEqual([]);
  });

  test.each([
    ['another channel', alert({ channel: 'email' as 'sns' }), 'expected channel "sns", got "email"'],
    ['no message', alert({ message: ' \n' }), 'expected a message, a text that is not empty, got an empty one'],
    [
      'a message that is no text',
      alert({ message: { secret: 1 } as unknown as string }),
      'expected a message, a text that is not empty, got a value of type object',
    ],
    ['no topics', alert({ topicArns: [] }), 'expected topicArns, a list of 1 to 100 ARNs of SNS topics, got 0'],
    ['nothing', undefined as unknown as Alert, 'expected {channel, message, topicArns}, got undefined'],
  ])('%s', async (_, given, message) => {
    const { topics, send } = world();
    expect(await issuesOf(send([given]))).toEqual([[{ code: 'bad-alert', message }]]);
    expect(topics.calls).toEqual([]);
  });

  test('an unknown level and a subject that is none: it is sent without them', async () => {
    const { topics, send } = world();
    const [issues = []] = await issuesOf(send([alert({ level: 'loud' as 'info', subject: '\u202e' })]));
    expect(issues.map(({ message }) => message)).toEqual([
      'expected level, one of critical, error, warning, info, debug, got "loud": it is sent without',
      'expected subject, a text, got "\u202e": it has another',
    ]);
    expect(topics.taken.get(A)).toEqual([{ text: 'disk full', subject: 'disk full' }]);
  });

  test('what is no list of alerts', async () => {
    const outcomes = await world().send({ length: 3 } as unknown as Alert[]);
    expect(outcomes.map(({ issues }) => issues)).toEqual([
      [{ code: 'bad-alert', message: 'expected a list of alerts: TypeError: got a value of type object' }],
    ]);
  });
});

describe('a topic that refuses', () => {
  const passing = () => new Fault('throttled', 'PublishBatch failed: Throttled');

  test('in passing is told again, only of what it refused, after growing pauses', async () => {
    const { topics, clock, send, texts } = world();
    topics.refusals.push(passing(), [1]);
    const outcomes = await send([alert({ message: '1' }), alert({ message: '2' })]);
    expect(outcomes.flatMap(({ issues }) => issues)).toEqual([]);
    expect(texts(A)).toEqual(['1', '2']);
    expect(topics.calls).toEqual([2, 2, 1]);
    expect(clock.pauses).toEqual([25, 50]);
  });

  test('for good is not told again', async () => {
    const { topics, send } = world();
    topics.refusals.push(new Fault('denied', 'PublishBatch failed: AuthorizationError'));
    const issue = { code: 'not-sent', message: 'denied: PublishBatch failed: AuthorizationError', topicArn: A };
    expect(await issuesOf(send([alert()]))).toEqual([[issue]]);
    expect(topics.calls).toEqual([1]);
  });

  test('until the time is over: what was not tried by then is not sent, and said', async () => {
    const { topics, clock, send } = world();
    const slow: SendAlertsOptions['publish'] = (topicArn) => async (messages) => {
      clock.advance(600);
      return topics.publish(topicArn)(messages);
    };
    const alerts = Array.from({ length: 30 }, () => alert());
    const outcomes = await send(alerts, { publish: slow, timeout: 1_000 });
    expect(outcomes.filter(({ sent }) => sent.length === 1)).toHaveLength(20);
    expect(outcomes.at(-1)?.issues).toEqual([
      { code: 'not-sent', message: 'out-of-time: the time for it was over', topicArn: A },
    ]);
  });
});

describe('whatever it is given', () => {
  const trap = () => {
    throw new Error('a trap');
  };
  const hostile = new Proxy({}, { get: trap, ownKeys: trap });
  const anything = fc.oneof(
    fc.anything({ withNullPrototype: true, withBigInt: true }),
    fc.constant(hostile),
    fc.constant(Symbol('one')),
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constant('\ud800'),
    fc.constant('x'.repeat(300_000)),
  );
  const nearly = fc.record(
    {
      channel: fc.oneof({ weight: 9, arbitrary: fc.constant('sns') }, anything),
      message: fc.oneof({ weight: 9, arbitrary: text }, anything),
      topicArns: fc.oneof(
        { weight: 9, arbitrary: fc.array(fc.oneof(fc.constantFrom(A, B, GONE), anything)) },
        anything,
      ),
      subject: fc.oneof(text, anything),
      level: fc.oneof(fc.constantFrom('error', 'debug'), anything),
    },
    { requiredKeys: [] },
  );
  const option = fc.record(
    { allowedTopicArns: fc.oneof(fc.constant([A, arn('*')]), anything), timeout: anything },
    { requiredKeys: [] },
  );

  test('it neither throws nor rejects; an alert that was sent nowhere has an issue, and SNS gets what it takes', async () => {
    const check = async (alerts: unknown, options: unknown) => {
      const topics: MemoryTopics = memoryTopics([A, B]);
      const withPublish = typeof options === 'object' && options !== null && options !== hostile;
      const given = withPublish ? { ...options, publish: topics.publish } : { publish: topics.publish };
      const outcomes = await sendAlertsBy(alerts as Alert[], given as SendAlertsOptions, manualClock());
      expect(outcomes).toHaveLength(Array.isArray(alerts) ? alerts.length : 1);
      for (const { sent, issues } of outcomes) expect(sent.length + issues.length).toBeGreaterThan(0);
      const refused = outcomes.flatMap(({ issues }) =>
        issues.filter(({ topicArn }) => topicArn === A || topicArn === B),
      );
      expect(refused.filter(({ code }) => code === 'not-sent')).toEqual([]);
    };
    const alerts = fc.oneof({ weight: 9, arbitrary: fc.array(fc.oneof(nearly, anything)) }, anything);
    await fc.assert(fc.asyncProperty(alerts, fc.oneof({ weight: 9, arbitrary: option }, anything), check));
  });

  test('options that cannot be read are no reason to throw', async () => {
    const [outcome] = await sendAlertsBy([alert()], hostile as SendAlertsOptions, manualClock());
    expect(outcome?.issues).toHaveLength(1);
  });

  test('a port that throws is a topic that refuses', async () => {
    const { send } = world();
    const [issues] = await issuesOf(send([alert()], { publish: () => { throw new Error('no port'); } })); // biome-ignore format: one line says it
    expect(issues).toEqual([{ code: 'not-sent', message: 'Error: no port', topicArn: A }]);
  });
});
