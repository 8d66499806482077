import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEvent } from './decode.ts';

const ARRIVED_AT = Date.parse('2026-11-21T10:00:00.000Z');
const decode = (text: string, arrivedAt = ARRIVED_AT) =>
  decodeEvent({ text }, { id: 'x', arrivedAt, source: 'unknown' });

/** Without what every event has. */
function said(text: string) {
  const { v: _v, id: _id, type: _type, ...rest } = decode(text);
  return rest;
}

const NOW = '2026-11-21T10:00:00.000Z';

describe('a line of syslog', () => {
  test('with structured data has it in its details, a name that stands twice with both values', () => {
    expect(
      said('<165>1 2026-11-21T09:59:59.123456+01:00 - app - - [a@1 x="1" y="\\"\\]\\\\" x="2"][b@2] \uFEFFhé'),
    ).toStrictEqual({
      time: '2026-11-21T08:59:59.123Z',
      level: 'info',
      source: 'app',
      message: 'hé',
      details: { structuredData: { 'a@1': { x: ['1', '2'], y: '"]\\' }, 'b@2': {} } },
      attributes: { 'syslog.facility': '20', 'syslog.severity': '5' },
    });
  });

  test.each([
    ['<14>1 - - - - - [a@1 x="1"', '1 - - - - - [a@1 x="1"'],
    ['<14>1 - - - - - [a@1][a@1] twice', '1 - - - - - [a@1][a@1] twice'],
    ['<14>2 - - - - - - no version', '2 - - - - - - no version'],
  ])('that is broken keeps all of it in the message: %j', (line, message) => {
    expect(said(line)).toMatchObject({ message, level: 'info', source: 'unknown' });
  });

  test.each([
    ['<11>Nov 21 09:00:00 web-1 shop[7]: no stock', 'error', 'shop', 'no stock'],
    ['<11>Nov 21 09:00:00 shop: no stock', 'error', 'shop', 'no stock'],
    ['<11>Nov 21 09:00:00 web-1 no stock at all', 'error', 'web-1', 'no stock at all'],
    ['<8>kernel: [  0.1] on fire', 'critical', 'kernel', '[  0.1] on fire'],
    ['<11>Error: no stock', 'error', 'unknown', 'Error: no stock'],
    ['<15>INFO: no stock', 'debug', 'unknown', 'INFO: no stock'],
    ['Nov 21 09:00:00 web-1 sshd(pam_unix)[7]: session opened', 'info', 'sshd(pam_unix)', 'session opened'],
    ['2026-11-21T09:00:00.000001+00:00 web-1 cron[7]: ERROR no stock', 'error', 'cron', 'ERROR no stock'],
  ])('%j is of level %s, from %s', (line, level, source, message) => {
    expect(said(line)).toMatchObject({ level, source, message });
  });

  test.each([
    ['<192>too high'],
    ['<1000>too long'],
    ['Nov 21 09:00:00 something happened'],
    ['2026-11-21T09:00:00Z ERROR server[7]: a logger of another kind'],
    ['2026-11-21T09:00:00Z web-1 server: no process'],
  ])('is not %j: that is plain text', (line) => {
    expect(said(line)).toMatchObject({ message: line, source: 'unknown' });
  });

  test('without a year is of the year that is nearest to its arrival', () => {
    const newYear = Date.parse('2027-01-01T00:00:05.000Z');
    expect(decode('<14>Dec 31 23:59:59 h a: x', newYear).time).toBe('2026-12-31T23:59:59.000Z');
    expect(decode('<14>Jan  1 00:00:01 h a: x', Date.parse('2026-12-31T23:59:59.000Z')).time).toBe(
      '2027-01-01T00:00:01.000Z',
    );
  });

  test('with a stamp that is no time near its arrival says so', () => {
    const { time, attributes } = said('<14>Feb 30 99:99:99 h a: x');
    expect([time, attributes?.['sluice.time']]).toStrictEqual([NOW, 'Feb 30 99:99:99']);
  });
});

describe('an access line', () => {
  test('has the attributes of OpenTelemetry, its level from the status, and what a server appends', () => {
    const line =
      'shop.example:443 10.0.0.7 - mary [21/Nov/2026:11:00:00 +0100] "POST /pay?order=17 HTTP/2.0" 503 12 "-" "curl/8 \\"x\\"" rt=0.3 "10.1.1.1"';
    expect(said(line)).toStrictEqual({
      time: NOW,
      level: 'error',
      source: 'shop.example',
      message: 'POST /pay 503',
      details: { rest: 'rt=0.3 "10.1.1.1"' },
      attributes: {
        'server.address': 'shop.example:443',
        'client.address': '10.0.0.7',
        'user.name': 'mary',
        'http.request.method': 'POST',
        'url.path': '/pay',
        'url.query': 'order=17',
        'network.protocol.version': '2.0',
        'http.response.status_code': '503',
        'http.response.body.size': '12',
        'user_agent.original': 'curl/8 \\"x\\"',
      },
    });
  });

  test.each([
    ['200', 'info'],
    ['304', 'info'],
    ['499', 'warning'],
    ['500', 'error'],
    ['-', 'info'],
  ])('with status %s is of level %s', (status, level) => {
    expect(said(`::1 - - [21/Nov/2026:10:00:00 +0000] "-" ${status} -`)).toMatchObject({
      level,
      message: `- ${status}`,
    });
  });

  test.each([
    ['::1 - - [21/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200'],
    ['::1 - - [21/Nov/2026:10:00:00 +0000] "GET / 200 5'],
    ['::1 - - [21/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5\nsecond line'],
  ])('that is cut or goes on is plain text, whole: %j', (line) => {
    expect(said(line).message).toBe(line);
  });
});

describe('logfmt', () => {
  test('gives its fields, quoted text with its escapes, a flag as true', () => {
    expect(
      said('ts=2026-11-21T09:59:59Z level=warn msg="a \\"b\\"\\nc" order=17 dry_run app=shop empty='),
    ).toStrictEqual({
      time: '2026-11-21T09:59:59.000Z',
      level: 'warning',
      source: 'shop',
      message: 'a "b"\nc',
      details: { order: '17', dry_run: true, empty: '' },
    });
  });

  test('that says no message is its own, and a key that stands twice keeps both', () => {
    expect(said('at=info method=GET path=/ path=/b status=200')).toMatchObject({
      level: 'info',
      message: 'at=info method=GET path=/ path=/b status=200',
      details: { method: 'GET', path: '/', 'path~3': '/b', status: '200' },
    });
  });

  test.each([
    ['level=error msg=failed to connect host=db'],
    ['a=b and more'],
    ['x=1 y=2'],
    ['level=error'],
    ['level=error msg="cut'],
    ['level=error msg="a"b'],
    ['level=error msg=a\n  at f'],
  ])('is not %j: that is plain text', (line) => {
    expect(said(line).message).toBe(line);
  });
});

describe('plain text', () => {
  test.each([
    ['2026-11-21 09:59:59,123 ERROR failed', '2026-11-21T09:59:59.123Z'],
    ['[2026-11-21T10:59:59.5+01:00] failed', '2026-11-21T09:59:59.500Z'],
    ['2026/11/21 09:59:59 [error] failed', '2026-11-21T09:59:59.000Z'],
    ['[Sat Nov 21 09:59:59.436187 2026] [core:error] failed', '2026-11-21T09:59:59.436Z'],
    ['Nov 21, 2026 9:59:59 AM Shop buy\nSEVERE: failed', '2026-11-21T09:59:59.000Z'],
    ['Nov 20, 2026 12:00:01\u202fPM Shop buy', '2026-11-20T12:00:01.000Z'],
    ['2005-06-03 09:59:59 an old file', NOW],
    ['2026-11-21 09:59:59x no stamp', NOW],
    ['no stamp', NOW],
  ])('%j happened at %s', (line, time) => {
    const { message, attributes } = decode(line);
    expect([decode(line).time, message, attributes]).toStrictEqual([time, line, undefined]);
  });
});

test('a line within JSON of Fluent Bit is read by the same table', () => {
  const json = { date: 1, stream: 'stdout', log: '::1 - - [21/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 404 5\n' };
  const event = decodeEvent(
    { json, text: JSON.stringify(json) },
    { id: 'x', arrivedAt: ARRIVED_AT, source: 'unknown' },
  );
  expect(event).toMatchObject({
    level: 'warning',
    message: 'GET /a 404',
    time: NOW,
    details: { stream: 'stdout', date: 1 },
  });
});

test('a container on ECS is known by the family of its task', () => {
  const json = {
    log: 'hello',
    container_name: '/ecs-shop-12-app-a8',
    source: 'stderr',
    ecs_task_definition: 'shop:12',
  };
  const event = decodeEvent(
    { json, text: JSON.stringify(json) },
    { id: 'x', arrivedAt: ARRIVED_AT, source: 'unknown' },
  );
  expect(event).toMatchObject({ source: 'shop', message: 'hello', details: { ecs_task_definition: 'shop:12' } });
});

test('a record of journald is read by its own names', () => {
  const json = {
    MESSAGE: 'no space',
    PRIORITY: '2',
    SYSLOG_IDENTIFIER: 'shop',
    __REALTIME_TIMESTAMP: `${ARRIVED_AT - 1000}000`,
    _PID: '7',
  };
  const event = decodeEvent(
    { json, text: JSON.stringify(json) },
    { id: 'x', arrivedAt: ARRIVED_AT, source: 'unknown' },
  );
  expect(event).toMatchObject({
    source: 'shop',
    message: 'no space',
    level: 'critical',
    time: '2026-11-21T09:59:59.000Z',
    details: { _PID: '7' },
  });
});

describe('what Fluent Bit sends with nothing set, `log` alone', () => {
  const ofJson = (json: unknown) =>
    decodeEvent({ json, text: JSON.stringify(json) }, { id: 'x', arrivedAt: ARRIVED_AT, source: 'unknown' });

  test('is the line, with the level and the source that its logger stated', () => {
    const log = JSON.stringify({ level: 50, pid: 1, hostname: 'h', name: 'shop', msg: 'failed' });
    expect(ofJson({ log })).toMatchObject({ level: 'error', source: 'shop', message: 'failed' });
  });

  test('keeps what filters added: a source and the ids of a trace in their places, the rest among the details', () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const { source, message, traceId: read, details } = ofJson({ log: 'x', app: 'shop', trace_id: traceId, zone: 'a' });
    expect([source, message, read, details]).toStrictEqual(['shop', 'x', traceId, { zone: 'a' }]);
  });

  test('has no source in the name of a stream', () => {
    const { source, details } = ofJson({ log: 'x', source: 'stderr' });
    expect([source, details]).toStrictEqual(['unknown', { source: 'stderr' }]);
  });

  test('has a source that is no text among the details', () => {
    const { source, details } = ofJson({ log: 'x', source: [{ toString: '' }] });
    expect([source, details]).toStrictEqual(['unknown', { source: [{ toString: '' }] }]);
  });

  test('is no wrapping where a level stands beside it: then a logger calls its message so', () => {
    expect(ofJson({ log: '{"level":"info","msg":"y"}', level: 'error' })).toMatchObject({
      level: 'error',
      message: '{"level":"info","msg":"y"}',
    });
  });
});

describe('what Fluent Bit sends with log_key', () => {
  const escaped = (json: unknown) => JSON.stringify(JSON.stringify(json)).slice(1, -1);

  test('becomes what the JSON itself becomes', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.jsonValue(), (msg, other) => {
        // As JSON has it, which knows no zero below zero.
        const json = JSON.parse(JSON.stringify({ level: 'error', msg, name: 'shop', other }));
        const { id: _, ...event } = decode(escaped(json));
        const { id: __, ...direct } = decodeEvent(
          { json, text: JSON.stringify(json) },
          { id: 'x', arrivedAt: ARRIVED_AT, source: 'unknown' },
        );
        expect(event).toStrictEqual(direct);
      }),
    );
  });

  test.each(['{\\"a\\":', '{\\"a\\":"b"}', '{\\"a\\":\\"\\ud800\\"}', '{\\"a\\":\\"\\\\u0000\\"}', '{\\"a\\":1}\n{'])(
    'is text, whole, where it is no such JSON: %j',
    (text) => {
      expect(decode(text).message).toBe(text);
    },
  );
});
