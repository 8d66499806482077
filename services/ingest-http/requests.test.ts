import { randomUUID } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openApi } from '../../infrastructure/open-api.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { httpEvent } from '../../shared/events/http-event.ts';
import type { StreamEntry } from '../../shared/stream/put-records.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import type { BodyFault } from './faults.ts';
import { httpRequests, type OpenTelemetry } from './requests.ts';

const SECRET = 'hunter2-is-the-password';
const sound = { log_level: 'info', message: SECRET, source_application: 'shop' };

/** The answers as docs/openapi.json describes them: every answer of every test is held to it. */
const described = openApi();
const ajv = new Ajv2020({ strict: false }).addSchema({ $id: 'api', ...described });

function expectDescribed(status: number, body: unknown): void {
  const isSound = ajv.compile({ $ref: `api#/paths/~1logs/post/responses/${status}/content/application~1json/schema` });
  expect(isSound(body), JSON.stringify(isSound.errors)).toBe(true);
}

function setup({ refuses = false, fails = false } = {}) {
  const put: StreamEntry[] = [];
  const logged: unknown[] = [];
  const counted: Record<string, number> = {};
  const log = (...line: unknown[]) => logged.push(line);
  const telemetry = {
    logger: { info: log, warn: log, error: log, debug: log },
    metrics: { addMetric: (name: string, _unit: string, value: number) => Object.assign(counted, { [name]: value }) },
  };
  const send = async (entries: readonly StreamEntry[]) => {
    if (refuses) return entries.map((_, index) => ({ index, reason: 'Rate exceeded for shard of account 1234' }));
    put.push(...entries);
    return [];
  };
  const newId = () => {
    if (fails) throw new TypeError('no more chance');
    return randomUUID();
  };
  const ports = { clock: manualClock(), newId, send };
  const handle = httpRequests(ports, (async () => telemetry) as unknown as OpenTelemetry);
  const post = async (body: unknown, more: Partial<APIGatewayProxyEvent> = {}) => {
    const text = typeof body === 'string' || body === null ? body : JSON.stringify(body);
    const answer = await handle({ headers: {}, body: text, ...more } as APIGatewayProxyEvent, {} as Context);
    const json = JSON.parse(answer.body);
    expectDescribed(answer.statusCode, json);
    return { status: answer.statusCode, headers: answer.headers, ...json };
  };
  const events = (): LogEvent[] =>
    put.flatMap(({ data }) =>
      new TextDecoder()
        .decode(data)
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
  return { post, put, events, logged, counted };
}

const pathsOf = ({ faults }: { faults: BodyFault[] }) => faults.map(({ path }) => path).sort();

describe('202', () => {
  test.each(['critical', 'CRITICAL', 'Error', 'wArNiNg', 'INFO', 'debug'])('takes the level %s', async (log_level) => {
    const { post, events } = setup();
    expect(await post({ ...sound, log_level })).toMatchObject({ status: 202, ids: [expect.any(String)] });
    expect(events()[0]?.level).toBe(log_level.toLowerCase());
  });

  test('answers the ids in the order of the body, those that were given as they are', async () => {
    const { post, events } = setup();
    const answer = await post([{ ...sound, id: 'b' }, sound, { ...sound, id: 'a' }, { ...sound, id: 'b' }]);
    expect(answer.ids).toEqual(['b', expect.stringMatching(/^[0-9a-f-]{36}$/), 'a', 'b']);
    expect(events().map(({ id }) => id)).toEqual(answer.ids);
  });

  test('is answered for base64 as API Gateway hands over binary bodies, and for a BOM-less UTF-8 text', async () => {
    const { post, events } = setup();
    const body = Buffer.from(JSON.stringify({ ...sound, message: 'größer 🪵' })).toString('base64');
    expect(await post(body, { isBase64Encoded: true })).toMatchObject({ status: 202 });
    expect(events()[0]?.message).toBe('größer 🪵');
  });
});

describe('400 names every fault of the body with its path, and nothing is put', () => {
  test('of one event', async () => {
    const { post, put } = setup();
    const answer = await post({ log_level: 'loud', mesage: 'x', source_application: '', details: 1 });
    expect(answer).toMatchObject({
      status: 400,
      message: 'The body has 4 faults: nothing of it was put onto the stream.',
    });
    expect(answer.faults).toContainEqual({
      path: '/log_level',
      expected: 'a level: critical, error, warning, info, debug, in any letter case',
      got: '"loud"',
    });
    expect(answer.faults).toContainEqual({
      path: '/mesage',
      expected: expect.stringContaining('did you mean message?'),
      got: 'a field of another name',
    });
    expect(pathsOf(answer)).toEqual(['/log_level', '/mesage', '/message', '/source_application']);
    expect(put).toEqual([]);
  });

  test('of a list, sound events among them', async () => {
    const { post, put } = setup();
    const answer = await post([
      sound,
      { ...sound, attributes: { 'a/b~c': 1 }, error: { type: 'E' } },
      7,
      { ...sound, time: 'yesterday', v: 1, type: 'incident.resolved' },
    ]);
    expect(pathsOf(answer)).toEqual(['/1/attributes/a~1b~0c', '/1/error/message', '/2', '/3/time', '/3/type', '/3/v']);
    expect(put).toEqual([]);
  });

  test.each([
    ['no body', null, 'nothing'],
    ['a blank body', '  ', 'nothing'],
    ['a form', 'log_level=info', expect.any(String)],
    ['cut JSON', '{"log_level": "info"', expect.any(String)],
  ])('of %s', async (_, body, got) => {
    const answer = await setup().post(body);
    expect(answer).toMatchObject({ status: 400, faults: [{ path: '', expected: expect.stringMatching(/JSON/), got }] });
  });

  test('of an empty list, and of one of too many events', async () => {
    const { post } = setup();
    const expected = '1 to 1000 events';
    expect(await post([])).toMatchObject({ status: 400, faults: [{ path: '', expected, got: 'a list of 0' }] });
    const many = Array.from({ length: 1_001 }, () => ({ ...sound, message: 'm' }));
    expect(await post(many)).toMatchObject({ status: 400, faults: [{ path: '', expected, got: 'a list of 1001' }] });
  });

  test('of details that nest too deep to be written again, and of a body of nothing but depth', async () => {
    const { post } = setup();
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const event = JSON.stringify({ ...sound, details: 0 }).replace('"details":0', `"details":${deep}`);
    expect(pathsOf(await post(`[${JSON.stringify(sound)},${event}]`))).toEqual(['/1/details']);
    expect(pathsOf(await post(event))).toEqual(['/details']);
    expect(pathsOf(await post(deep))).toEqual(['/0']);
  });

  test('of keys that mean something to JavaScript', async () => {
    const { post } = setup();
    const body = '{"__proto__": {"log_level": "info"}, "constructor": 1, "message": "m", "source_application": "s"}';
    expect(pathsOf(await post(body))).toEqual(['/__proto__', '/constructor', '/log_level']);
  });

  test('up to five thousand, and says how many more there are', async () => {
    const { post } = setup();
    const unknown = Object.fromEntries(Array.from({ length: 90_000 }, (_, n) => [`k${n}`, 0]));
    const answer = await post({ ...sound, ...unknown });
    expect([answer.status, answer.faults.length, answer.more]).toEqual([400, 5_000, 85_000]);
  });
});

describe('413 and 415', () => {
  test('a body over a mebibyte is refused, one of just that is not', async () => {
    const { post } = setup();
    const room = 1_048_576 - JSON.stringify([{ ...sound, details: '' }]).length;
    const body = (length: number) => JSON.stringify([{ ...sound, details: 'x'.repeat(length) }]);
    expect(await post(body(room))).toMatchObject({ status: 202 });
    expect(await post(body(room + 1))).toMatchObject({ status: 413, message: expect.stringContaining('1048577') });
    // Counted in bytes, not in characters.
    expect(await post(body(room - 1).replace('xx', 'ßß'))).toMatchObject({ status: 413 });
  });

  test('a compressed body is refused in so many words', async () => {
    const headers = { 'Content-Encoding': 'gzip' };
    expect(await setup().post('…', { headers })).toMatchObject({ status: 415 });
  });
});

describe('5xx', () => {
  test('503 says of each event whether it is on the stream, and keeps what the stream said for the log', async () => {
    const { post, logged, counted } = setup({ refuses: true });
    const answer = await post({ ...sound, id: 'given' });
    expect(answer).toMatchObject({ status: 503, events: [{ id: 'given', accepted: false }] });
    expect(answer.headers['retry-after']).toBe('2');
    expect(JSON.stringify(answer)).not.toContain('1234');
    expect(JSON.stringify(logged)).toContain('Rate exceeded');
    expect(counted).toEqual({ 'events.accepted': 0, 'events.refused': 1 });
  });

  test('500 for a fault of ours, which is logged', async () => {
    const { post, logged } = setup({ fails: true });
    expect(await post(sound)).toMatchObject({ status: 500 });
    expect(logged).toEqual([['request failed', { reason: 'TypeError: no more chance' }]]);
  });
});

test('neither a body nor a key is ever logged', async () => {
  for (const refuses of [true, false]) {
    const { post, logged } = setup({ refuses });
    const headers = { 'x-api-key': SECRET };
    for (const body of [
      sound,
      { ...sound, [SECRET]: SECRET },
      `{"${SECRET}`,
      [SECRET],
      'x'.repeat(2_000_000) + SECRET,
    ]) {
      await post(body, { headers });
    }
    expect(logged.length).toBeGreaterThan(3);
    expect(JSON.stringify(logged)).not.toContain(SECRET);
  }
});

describe('whatever is posted', () => {
  const anyEvent = fc.record(
    {
      log_level: fc.oneof(fc.constantFrom('info', 'ERROR', 'loud', ''), fc.anything()),
      message: fc.oneof(fc.string(), fc.constant(null)),
      source_application: fc.oneof(fc.string({ minLength: 1, maxLength: 300 }), fc.integer()),
      details: fc.jsonValue(),
      id: fc.oneof(fc.string({ maxLength: 300 }), fc.constant({})),
      time: fc.oneof(
        fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
        fc.string(),
      ),
      error: fc.oneof(fc.record({ type: fc.string(), message: fc.string() }), fc.jsonValue()),
      attributes: fc.oneof(fc.dictionary(fc.string(), fc.string()), fc.jsonValue()),
      other: fc.string(),
    },
    { requiredKeys: [] },
  );

  test('is accepted exactly when the schema in zod accepts it, and then every event is on the stream', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 4 }), async (bodies) => {
        const json = JSON.parse(JSON.stringify(bodies));
        const { post, events } = setup();
        const answer = await post(json);
        const isSound = json.every((one: unknown) => httpEvent.safeParse(one).success);
        expect(answer.status).toBe(isSound ? 202 : 400);
        expect(events()).toHaveLength(isSound ? json.length : 0);
        expect(answer.ids ?? []).toEqual(events().map(({ id }) => id));
      }),
    );
  });

  test('is answered, never thrown: any text, any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), fc.boolean(), async (body, isBase64Encoded) => {
        const { status } = await setup().post(body, { isBase64Encoded });
        expect([202, 400]).toContain(status);
      }),
    );
  });
});
