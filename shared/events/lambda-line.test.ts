import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEvent } from './decode.ts';
import { logEvent } from './event.ts';
import { logLinePayload } from './lambda-line.ts';

const ID = '6234bffe-149a-4642-81ff-2e8e376d8aff';
const STAMP = '2026-11-21T11:59:59.123Z';
const ARRIVAL = { id: 'line-1', arrivedAt: Date.parse('2026-11-21T12:00:00.000Z'), source: 'checkout' };

const decoded = (line: string) => decodeEvent(logLinePayload(line), ARRIVAL);

/** What a line becomes, without what every event has. */
function said(line: string) {
  const { v: _v, id: _id, type: _type, time: _time, source: _source, ...rest } = decoded(line);
  return rest;
}

describe('a line of the platform', () => {
  test.each([
    [`START RequestId: ${ID} Version: $LATEST\n`],
    [`END RequestId: ${ID}\n`],
    [
      `REPORT RequestId: ${ID}\tDuration: 46.84 ms\tBilled Duration: 47 ms \tMemory Size: 192 MB\tMax Memory Used: 72 MB\t\n`,
    ],
    [`REPORT RequestId: ${ID}\tDuration: 3000.00 ms\tMemory Size: 192 MB\tStatus: timeout\n`],
    ['INIT_START Runtime Version: nodejs:24.v3\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:1\n'],
    ['EXTENSION\tName: agent\tState: Ready\tEvents: [INVOKE, SHUTDOWN]\n'],
    ['XRAY TraceId: 1-61c86fa4-59b3c6d959653c527fd10966\tSegmentId: 107ea78a5750a811\tSampled: true\n'],
  ])('tells that something ran, at level debug: %j', (line) => {
    expect(said(line)).toEqual({ level: 'debug', message: line.trimEnd() });
  });

  test.each([
    [`${STAMP} ${ID} Task timed out after 3.00 seconds\n\n`],
    [`RequestId: ${ID} Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n`],
    [`RequestId: ${ID} Process exited before completing request\n`],
    ['INIT_REPORT Init Duration: 10008.49 ms\tPhase: init\tStatus: timeout\n'],
  ])('that no code of the function could log is an error: %j', (line) => {
    expect(said(line)).toEqual({ level: 'error', message: line.trimEnd() });
  });

  test('in JSON is of level debug, save a time-out and a killed process', () => {
    const report = (record: object) => said(JSON.stringify({ time: STAMP, type: 'platform.report', record }));
    const ran = { requestId: ID, metrics: { durationMs: 12.5 }, status: 'success' };
    expect(report(ran)).toEqual({
      level: 'debug',
      message: 'platform.report: success',
      details: { type: 'platform.report', record: ran },
    });
    expect(report({ status: 'timeout' })).toMatchObject({ level: 'error', message: 'platform.report: timeout' });
    expect(report({ status: 'error', errorType: 'Runtime.ExitError' })).toMatchObject({ level: 'error' });
    expect(report({ status: 'error', errorType: 'TypeError' })).toMatchObject({ level: 'debug' });
    expect(said('{"type":"platform.start","record":{"requestId":"x"}}')).toMatchObject({ level: 'debug' });
  });
});

describe('a line that Node.js logged', () => {
  test('has the level of its prefix, and the request in its details', () => {
    expect(said(`${STAMP}\t${ID}\tWARN\tslow query\ntook 900 ms\n`)).toEqual({
      level: 'warning',
      message: 'slow query\ntook 900 ms',
      details: { requestId: ID },
    });
    expect(said(`${STAMP}\tundefined\tERROR\tbefore any request`)).toEqual({
      level: 'error',
      message: 'before any request',
    });
  });

  test('that is JSON is read as such; its own level comes first', () => {
    expect(said(`${STAMP}\t${ID}\tINFO\t{"severity":"error","msg":"refused","order":17}`)).toEqual({
      level: 'error',
      message: 'refused',
      details: { order: 17, requestId: ID },
    });
    expect(said(`${STAMP}\t${ID}\tERROR\t{"msg":"refused"}`)).toMatchObject({ level: 'error', message: 'refused' });
  });

  test('that tells what the handler threw has it as its error', () => {
    const thrown = {
      errorType: 'TypeError',
      errorMessage: 'no order',
      code: 7,
      stack: ['TypeError: no order', '    at f (a.js:1:2)'],
    };
    expect(said(`${STAMP}\t${ID}\tERROR\tInvoke Error \t${JSON.stringify(thrown)}`)).toEqual({
      level: 'error',
      message: 'TypeError: no order',
      error: { type: 'TypeError', message: 'no order', stack: 'TypeError: no order\n    at f (a.js:1:2)' },
      details: { code: 7, requestId: ID },
    });
  });
});

test('what a handler in Python raised, and what its logger wrote, are found', () => {
  const trace = '  File "/var/task/app.py", line 3, in handler\n    raise ValueError("x")';
  const line = `[ERROR] ValueError: no order\nTraceback (most recent call last):\n${trace}`;
  expect(said(line)).toEqual({
    level: 'error',
    message: line,
    error: { type: 'ValueError', message: 'no order', stack: trace },
  });
  expect(said(`[WARNING]\t${STAMP}\t${ID}\tslow query\n`)).toEqual({
    level: 'warning',
    message: 'slow query',
    details: { requestId: ID },
  });
});

test("Lambda's JSON log format of either run time has its error", () => {
  const python = {
    timestamp: STAMP,
    level: 'ERROR',
    message: 'no order',
    errorMessage: 'no order',
    errorType: 'ValueError',
    requestId: ID,
    stackTrace: ['  File "a.py", line 1\n', '    f()\n'],
  };
  expect(said(JSON.stringify(python))).toEqual({
    level: 'error',
    message: 'no order',
    error: { type: 'ValueError', message: 'no order', stack: '  File "a.py", line 1\n    f()' },
    details: { requestId: ID },
  });
  const node = {
    timestamp: STAMP,
    level: 'ERROR',
    requestId: ID,
    message: { errorType: 'TypeError', errorMessage: 'no order', stackTrace: [] },
  };
  expect(said(JSON.stringify(node))).toMatchObject({
    level: 'error',
    error: { type: 'TypeError', message: 'no order' },
  });
});

test.each([['START of the day'], ['RequestId: none'], ['2026-11-21 ERROR payment failed'], ['{broken'], ['[1,2]']])(
  'any other line stays the text that it is: %j',
  (line) => {
    expect(logLinePayload(line)).toEqual({ text: line });
  },
);

const pieces = fc.constantFrom(
  `${STAMP}\t${ID}\tERROR\t`,
  `START RequestId: ${ID}`,
  'INIT_REPORT ',
  '\tStatus: timeout',
  '[ERROR] X: y\n',
  'Traceback (most recent call last):\n',
  '{"errorType":"T","errorMessage":"m"}',
  '{"type":"platform.report","record":{}}',
  '{"message":{"errorType":1}}',
  'Invoke Error \t',
  '{"__proto__":{"level":"error"}}',
  '\u0000',
  '\ud800',
  '\n',
  '{"a":"\ud800"}',
);

test('property: whatever a line holds, it is one sound event', () => {
  const line = fc
    .array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 6 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(line, (text) => {
      const event = decoded(text);
      expect(logEvent.safeParse(event).error).toBeUndefined();
      expect(JSON.stringify(event).isWellFormed()).toBe(true);
    }),
    { numRuns: 500 },
  );
});
