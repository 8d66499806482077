import { describe, expect, test } from 'vitest';
import { decodeEvent } from './decode.ts';
import type { LogEvent } from './event.ts';
import { logEvent } from './event.ts';

const ARRIVAL = { id: 's-1:7#0', arrivedAt: Date.parse('2026-11-21T10:00:00.000Z'), source: 'unknown' };
const TIME = '2026-11-21T09:59:59.123Z';
const EPOCH = Date.parse(TIME);
const BASE = {
  v: 1,
  id: 's-1:7#0',
  type: 'log',
  time: TIME,
  level: 'error',
  source: 'shop',
  message: 'failed',
} as const;

const V8 = 'TypeError: boom\n    at f (a.js:1:1)';
const PYTHON = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\nValueError: nope';

/** One row a logger: what it writes, what is read. */
const ROWS: { name: string; record: unknown; event: Partial<LogEvent> }[] = [
  {
    name: 'pino',
    record: {
      level: 50,
      time: EPOCH,
      pid: 7,
      hostname: 'h',
      name: 'shop',
      err: { type: 'TypeError', message: 'boom', stack: V8, code: 'E7' },
      msg: 'failed',
      order: 3,
    },
    event: {
      error: { type: 'TypeError', message: 'boom', stack: V8 },
      details: { pid: 7, hostname: 'h', order: 3, err: { code: 'E7' } },
    },
  },
  {
    name: 'bunyan',
    record: { v: 0, name: 'shop', hostname: 'h', pid: 7, level: 50, msg: 'failed', time: TIME, src: { line: 3 } },
    event: { details: { v: 0, hostname: 'h', pid: 7, src: { line: 3 } } },
  },
  {
    name: 'winston',
    record: { level: 'error', message: 'failed', timestamp: TIME, service: 'shop', stack: V8, meta: { a: 1 } },
    event: { error: { type: 'TypeError', message: 'boom', stack: V8 }, details: { meta: { a: 1 } } },
  },
  {
    name: 'Powertools logger',
    record: {
      level: 'ERROR',
      message: 'failed',
      sampling_rate: 0,
      service: 'shop',
      timestamp: TIME,
      xray_trace_id: '1-5759e988-bd862e3fe1be46a994272793',
      error: { name: 'TypeError', location: 'a.js:1', message: 'boom', stack: V8 },
      function_name: 'f',
    },
    event: {
      error: { type: 'TypeError', message: 'boom', stack: V8 },
      traceId: '1-5759e988-bd862e3fe1be46a994272793',
      details: { sampling_rate: 0, function_name: 'f', error: { location: 'a.js:1' } },
    },
  },
  {
    name: 'python-json-logger',
    record: {
      asctime: '2026-11-21 09:59:59,123',
      name: 'shop',
      levelname: 'ERROR',
      message: 'failed',
      exc_info: PYTHON,
    },
    event: { error: { type: 'ValueError', message: 'nope', stack: PYTHON } },
  },
  {
    name: 'OpenTelemetry',
    record: {
      timeUnixNano: `${EPOCH}000000`,
      observedTimeUnixNano: `${EPOCH}000001`,
      severityNumber: 17,
      severityText: 'Error',
      body: { stringValue: 'failed' },
      attributes: [
        { key: 'http.status', value: { intValue: '500' } },
        { key: 'tags', value: { arrayValue: { values: [{ stringValue: 'a' }] } } },
        { key: 'exception.type', value: { stringValue: 'TypeError' } },
        { key: 'exception.message', value: { stringValue: 'boom' } },
        { key: 'exception.stacktrace', value: { stringValue: V8 } },
      ],
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
    },
    event: {
      error: { type: 'TypeError', message: 'boom', stack: V8 },
      attributes: {
        'http.status': '500',
        tags: '["a"]',
        'exception.type': 'TypeError',
        'exception.message': 'boom',
        'exception.stacktrace': V8,
      },
      details: {
        observedTimeUnixNano: `${EPOCH}000001`,
        severityNumber: 17,
        severityText: 'Error',
        resource: { attributes: { 'service.name': 'shop' } },
      },
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
    },
  },
  {
    name: 'Fluent Bit around a plain line',
    record: {
      date: EPOCH / 1000,
      log: 'ERROR failed\n',
      stream: 'stderr',
      kubernetes: { container_name: 'shop', pod_name: 'p' },
    },
    event: {
      message: 'ERROR failed',
      details: { stream: 'stderr', kubernetes: { container_name: 'shop', pod_name: 'p' } },
    },
  },
  {
    name: 'Fluent Bit around the JSON of a logger',
    record: {
      '@timestamp': '2026-11-21T10:00:00.000Z',
      log: `{"level":50,"time":${EPOCH},"pid":1,"hostname":"h","name":"shop","msg":"failed"}\n`,
      stream: 'stdout',
    },
    event: { details: { '@timestamp': '2026-11-21T10:00:00.000Z', pid: 1, hostname: 'h', stream: 'stdout' } },
  },
  {
    name: 'zap',
    record: {
      level: 'error',
      ts: EPOCH / 1000,
      caller: 'a.go:7',
      msg: 'failed',
      error: 'boom',
      stacktrace: 'main.f\n\ta.go:7',
      app: 'shop',
    },
    event: { error: { type: 'Error', message: 'boom', stack: 'main.f\n\ta.go:7' }, details: { caller: 'a.go:7' } },
  },
  {
    name: 'Cloud Logging',
    record: { severity: 'ERROR', time: TIME, message: 'failed', service: 'shop', httpRequest: { status: 500 } },
    event: { details: { httpRequest: { status: 500 } } },
  },
  {
    name: 'ECS',
    record: {
      '@timestamp': TIME,
      'log.level': 'ERROR',
      message: 'failed',
      'service.name': 'shop',
      'trace.id': 't',
      'error.stack_trace': V8,
    },
    event: { error: { type: 'TypeError', message: 'boom', stack: V8 }, traceId: 't' },
  },
];

describe('a record of another logger', () => {
  test.each(ROWS)('$name is read by its own names, the rest kept in the details', ({ record, event }) => {
    const text = JSON.stringify(record);
    const decoded = decodeEvent({ json: JSON.parse(text), text }, ARRIVAL);
    expect(decoded).toStrictEqual({ ...BASE, ...event });
    expect(logEvent.safeParse(decoded).error).toBeUndefined();
  });

  test('around a canonical line keeps the id of the event, so that a retry is the same', () => {
    const inner = { v: 1, id: 'e-1', type: 'log', time: TIME, level: 'error', source: 'shop', message: 'failed' };
    const record = { log: JSON.stringify(inner), stream: 'stdout' };
    const decoded = decodeEvent({ json: record, text: JSON.stringify(record) }, ARRIVAL);
    expect(decoded).toStrictEqual({ ...inner, details: { stream: 'stdout' } });
  });

  test('with an `id` of its own business is not that event', () => {
    const record = { level: 'info', msg: 'created user', id: 42 };
    const decoded = decodeEvent({ json: record, text: JSON.stringify(record) }, ARRIVAL);
    expect([decoded.id, decoded.details]).toStrictEqual([ARRIVAL.id, { id: 42 }]);
  });

  test('with two stacks keeps both', () => {
    const record = { message: 'm', err: { message: 'boom', stack: 'first' }, stack: 'second' };
    const decoded = decodeEvent({ json: record, text: JSON.stringify(record) }, ARRIVAL);
    expect([decoded.error?.stack, decoded.details]).toStrictEqual(['first', { stack: 'second' }]);
  });

  test('with an error and nothing else says what failed', () => {
    const record = { err: { type: 'TypeError', message: 'boom' } };
    const decoded = decodeEvent({ json: record, text: JSON.stringify(record) }, ARRIVAL);
    expect([decoded.message, decoded.level]).toStrictEqual(['TypeError: boom', 'error']);
  });
});
