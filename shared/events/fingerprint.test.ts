import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintEvent, fingerprintOf, parseFingerprint } from './fingerprint.ts';
import { applicationFrames } from './fingerprint-frames.ts';

const V8 = `TypeError: x is not a function
    at parseRow (/home/ann/shop/src/products.ts:12:7)
    at async Promise.all (index 0)
    at node:internal/process/task_queues:95:5
    at async new Reader.read [as run] (file:///var/task/services/read.mjs?v=3:3:1)
    at next (/var/task/node_modules/csv/lib/index.js:9:9)
    at C:\\build\\main-0a1b2c3d4e.js:1:2
    at too (deep.js:1:1)`;
const PYTHON = `Traceback (most recent call last):
  File "/srv/app/main.py", line 30, in <module>
    run()
  File "/srv/venv/lib/python3.12/site-packages/requests/api.py", line 3, in get
  File "/srv/app/rows.py", line 7, in parse_row
ValueError: bad`;
const JAVA = `java.lang.IllegalStateException: bad
\tat java.base/java.util.ArrayList.get(ArrayList.java:427)
\tat com.example.shop.Rows.lambda$parse$4(Rows.java:12)
\tat com.example.shop.Main.main(Main.java:3)
Caused by: java.io.IOException`;

describe('the frames of the application', () => {
  it('are read from a V8 stack, without directories, positions, Node.js and libraries', () => {
    expect(applicationFrames(V8)).toStrictEqual(['parseRow@products.ts', 'Reader.read@read.mjs', '@main.js']);
  });

  it('keep their file without what a bundler adds to its name', () => {
    expect(applicationFrames('    at C:\\build\\main-0a1b2c3d4e.js:1:2')).toStrictEqual(['@main.js']);
  });

  it('are read from a Python traceback, whose top is its end', () => {
    expect(applicationFrames(PYTHON)).toStrictEqual(['parse_row@rows.py', '<module>@main.py']);
  });

  it('are read from a Java stack', () => {
    expect(applicationFrames(JAVA)).toStrictEqual([
      'com.example.shop.Rows.lambda$parse$0@Rows.java',
      'com.example.shop.Main.main@Main.java',
    ]);
  });

  it('are read from a .NET stack', () => {
    expect(applicationFrames('   at Shop.Rows.Parse(String row) in C:\\src\\Rows.cs:line 12')).toStrictEqual([
      'Shop.Rows.Parse@Rows.cs',
    ]);
  });

  it('are looked for in the first 64 lines and 16,384 characters only', () => {
    expect(applicationFrames(`${'\n'.repeat(64)}    at f (a.js:1:1)`)).toStrictEqual([]);
    expect(applicationFrames(`${'x'.repeat(16_384)}\n    at f (a.js:1:1)`)).toStrictEqual([]);
  });
});

describe('the fingerprint of an event', () => {
  const event = { source: 'shop', message: 'Order 17 failed after 30 ms' };
  const error = { type: 'TypeError', message: 'row 12 is bad', stack: V8 };

  /** Version 1 for ever: when one of these fails, what is wrong is the code. */
  it.each([
    ['a message', event, 'v1:41f56d939ed44599a1c3ebf12f2d18d4'],
    ['an empty message', { source: 'shop', message: '' }, 'v1:931477fb318aff9a22f09a38c90358a2'],
    [
      'a message that is not ASCII',
      { source: 'café', message: '订单123失败 \ud800' },
      'v1:ca51ed03835ffcbd675020ae650ddab0',
    ],
    ['an error with a stack', { ...event, error }, 'v1:aa402e1f4caf0307844e3b213629a944'],
    [
      'an error without a stack',
      { ...event, error: { type: 'TypeError', message: 'row 12 is bad' } },
      'v1:daea7e89d0c8e25f4159e54d38cbf771',
    ],
    [
      'an error with a stack of libraries only',
      { ...event, error: { ...error, stack: 'at node:fs:1:1' } },
      'v1:daea7e89d0c8e25f4159e54d38cbf771',
    ],
    ['an error without a type', { ...event, error: { ...error, type: '' } }, 'v1:41f56d939ed44599a1c3ebf12f2d18d4'],
    ['a Python error', { ...event, error: { ...error, stack: PYTHON } }, 'v1:f5948e50589bb44e7911ec1531e23b02'],
    ['a Java error', { ...event, error: { ...error, stack: JAVA } }, 'v1:498ab46ec680c94a0ee2f5627a1ad79e'],
  ])('is the same for ever: %s', (_name, given, golden) => {
    expect(fingerprintOf(given)).toBe(golden);
  });

  it('does not change with numbers, with the lines of the stack, or with the directory it was built in', () => {
    expect(fingerprintOf({ source: 'shop', message: 'Order 4711 failed after 2 s' })).toBe(fingerprintOf(event));
    const elsewhere = V8.replaceAll('/home/ann/shop', '/opt/b').replaceAll(/:\d+:\d+/g, ':99:1');
    expect(fingerprintOf({ ...event, message: 'x', error: { ...error, message: 'y', stack: elsewhere } })).toBe(
      fingerprintOf({ ...event, error }),
    );
  });

  it('changes with the source, the words of the message, the type of the error and its place', () => {
    const others = [
      event,
      { ...event, source: 'shop2' },
      { ...event, message: 'Order 17 was paid after 30 ms' },
      { ...event, error },
      { ...event, error: { ...error, type: 'RangeError' } },
      { ...event, error: { ...error, stack: V8.replace('parseRow', 'parseRows') } },
    ];
    expect(new Set(others.map(fingerprintOf)).size).toBe(others.length);
  });

  it('comes with the template of the message', () => {
    expect(fingerprintEvent({ ...event, error })).toStrictEqual({
      fingerprint: fingerprintOf({ ...event, error }),
      template: 'Order <*> failed after <*>',
    });
  });

  it('is the same before and after the memo has been emptied', () => {
    const before = fingerprintOf(event);
    for (let index = 0; index < 10_000; index += 1) fingerprintOf({ source: `source-${index}`, message: 'x' });
    expect(fingerprintOf(event)).toBe(before);
  });

  it('is made of any text', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, text, text, (source, message, type, stack) => {
        const { fingerprint } = fingerprintEvent({ source, message, error: { type, message, stack: `at ${stack}` } });
        expect(parseFingerprint(fingerprint)).toBe(fingerprint);
      }),
    );
  });
});

describe('a fingerprint from outside', () => {
  it.each([
    '',
    'v1:',
    `v2:${'0'.repeat(32)}`,
    `v1:${'0'.repeat(31)}`,
    `v1:${'0'.repeat(33)}`,
    `v1:${'A'.repeat(32)}`,
    ` v1:${'0'.repeat(32)}`,
    `v1:${'0'.repeat(32)}\n`,
  ])('is refused when it is not of the form: %j', (text) => {
    expect(parseFingerprint(text)).toBeUndefined();
  });
});
