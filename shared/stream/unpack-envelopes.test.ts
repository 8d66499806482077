import { describe, expect, test } from 'vitest';
import { unpackRecord } from './unpack.ts';

const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
const scope = { name: 'cart' };
const record = (said: string) => ({ severityNumber: 9, body: { stringValue: said } });
const otlp = (...records: object[]) => ({ resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: records }] }] });

function jsonOf(value: unknown, text = JSON.stringify(value)): unknown {
  const unpacked = unpackRecord(Buffer.from(text));
  return unpacked.ok
    ? unpacked.payloads.map((payload) => ('json' in payload ? payload.json : payload.text))
    : unpacked.code;
}

describe('an OTLP body', () => {
  const two = [record('a'), record('b')].map((each) => ({ ...each, resource, scope }));

  test('is its log records, each with its resource and scope', () => {
    expect(jsonOf(otlp(record('a'), record('b')))).toStrictEqual(two);
    expect(jsonOf(0, JSON.stringify(otlp(record('a'), record('b')), undefined, 2))).toStrictEqual(two);
    expect(jsonOf(0, `${JSON.stringify(otlp(record('a')))}\n${JSON.stringify(otlp(record('b')))}\n`)).toStrictEqual(
      two,
    );
  });

  test('carries schema URLs, and resources without a scope', () => {
    const entry = { resource, schemaUrl: 'r', scopeLogs: [{ schemaUrl: 's', logRecords: [record('a')] }] };
    expect(jsonOf({ resourceLogs: [entry] })).toStrictEqual([
      { ...record('a'), resource, resourceSchemaUrl: 'r', schemaUrl: 's' },
    ]);
  });

  test.each([
    [{ resourceLogs: 'none' }],
    [{ resourceLogs: [1] }],
    [{ resourceLogs: [{ resource }] }],
    [{ resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: {} }] }] }],
    [{ resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [record('a')], more: 1 }] }] }],
    [{ resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [{ ...record('a'), scope: 'its own' }] }] }] }],
    [{ ...otlp(record('a')), partialSuccess: true }],
    [{ resourceSpans: [] }],
  ])('of any other form stays one event, and loses nothing: %j', (value) => {
    expect(jsonOf(value)).toStrictEqual([value]);
  });

  test('without records is refused, as an empty array is', () => {
    expect([jsonOf({ resourceLogs: [] }), jsonOf(otlp()), jsonOf([])]).toStrictEqual(['empty', 'empty', 'empty']);
  });

  test('whose resource would be said too often is refused: a megabyte must not become gigabytes', () => {
    const long = { ...otlp(...Array.from({ length: 5_000 }, () => ({ body: 1 }))) };
    (long.resourceLogs[0] as { resource: object }).resource = { attributes: [], text: 'x'.repeat(100_000) };
    expect(jsonOf(long)).toBe('too-large');
    expect(jsonOf(otlp(...Array.from({ length: 10_001 }, () => ({ body: 1 }))))).toBe('too-many-events');
  });
});
