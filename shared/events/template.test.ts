import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { templateOf } from './template.ts';

/** The rules, a row each. A change in a right-hand column changes fingerprints for ever: it needs a new version. */
const RULES: readonly (readonly [rule: string, message: string, template: string])[] = [
  ['numbers', 'retry 3 of 10 after -1.5', 'retry <*> of <*> after <*>'],
  ['words with digits', 'worker-17 took order_99812 from queue42', '<*> took <*> from <*>'],
  ['hex digits with and without 0x', 'at 0x7ffe01 and deadbeef', 'at <*> and <*>'],
  ['UUIDs', 'request 9b2fd6a0-1c52-4ac1-9b7e-6c7d1f0a2b3c failed', 'request <*> failed'],
  ['addresses and ports', 'from 10.0.0.7:5432 to fe80::c6b3:1ff:fecd:467f', 'from <*> to <*>'],
  ['MAC addresses', 'seen bc:ee:7b:aa:0d:ff again', 'seen <*> again'],
  ['paths', 'cannot open /var/log/app/x.log: denied', 'cannot open <*>: denied'],
  ['Windows paths', 'cannot open C:\\data\\x.csv: denied', 'cannot open <*>: denied'],
  ['a word with one slash is a word', 'read/write error', 'read/write error'],
  ['URLs', 'GET https://api.example.com/v1/users?id=5, slow', 'GET <*>, slow'],
  ['quoted strings', 'user "Ann Lee" has no role \'admin\'', 'user <*> has no role <*>'],
  ['an apostrophe opens nothing', "can't find it, isn't there", "can't find it, isn't there"],
  ['request lines keep their method', '"GET /a/7 HTTP/1.1" 200', '"GET <*>" <*>'],
  ['quoted values of keys are read like others', 'msg="disk full" disk="sda1"', 'msg="disk full" disk="sda1"'],
  ['JSON keeps its keys', '{"id": 5, "name": "Ann"}', '{"id": <*>, "name": <*>}'],
  ['durations', 'took 12ms, then 3 seconds, then 1 second', 'took <*>, then <*>, then <*>'],
  ['sizes in any unit', 'free 5.2 KB or 93.0 B', 'free <*> or <*>'],
  ['a comparison belongs to the number', 'lifetime <1 sec', 'lifetime <*>'],
  ['times and dates', 'at 2026-11-21T10:00:00.000Z or Sat Nov 21 10:00:00 UTC 2026', 'at <*> or <*>'],
  ['e-mail addresses and hosts', 'mail to ann@example.org via mx.example.org', 'mail to <*> via <*>'],
  ['a host of any kind with a port', 'db.cluster.prod:5432 is down', '<*> is down'],
  ['names of packages and services', 'com.example.orders.worker: stopped', '<*>: stopped'],
  ['types of errors stay', 'com.example.PaymentException: declined', 'com.example.PaymentException: declined'],
  ['property names stay', 'app.task.id is deprecated', 'app.task.id is deprecated'],
  ['values of keys', 'status=200 user=root dur=7ms', 'status=<*> user=root dur=<*>'],
  ['lists of any length', 'ids 1, 2, 3; done', 'ids <*>; done'],
  ['the same thing said twice', '18846 bytes (18.4 KB) received from 10.0.0.1 ()', '<*> received from <*>'],
  ['names behind for user', 'session opened for user ann', 'session opened for user <*>'],
  ['names between for and from', 'Failed password for ann from 10.0.0.1', 'Failed password for <*> from <*>'],
  ['one digit belongs to a short name', 'eth0 up, IPv6 on', 'eth0 up, IPv6 on'],
  ['an ellipsis parts', 'enabled......1', 'enabled......<*>'],
  ['blanks', ' a \t b\r\n c\u00a0', 'a b c'],
  ['terminal colours', '\u001b[31mred\u001b[0m alert', 'red alert'],
  ['stack frames are no part of a message', 'boom\n    at f (/a/b.js:1:2)\n    at g', 'boom'],
  ['scripts without spaces', '订单123失败', '订单<*>失败'],
  ['placeholders stay', 'a <*> b', 'a <*> b'],
  ['the empty message', '', ''],
];

describe('the template of a message', () => {
  it.each(RULES)('masks or keeps: %s', (_rule, message, template) => {
    expect(templateOf(message)).toBe(template);
  });
});

/** Text that is likely to trip the scanner: what its rules look for, in any order. */
const PIECES = (
  '<*> < * > 5 42 a abc user for from invalid Jun Mon ms KB bytes " \' ` . .. ... : :: :// = - / \\ @ ( ) [ ] { } , ; ' +
  'com a.b.com com.a.b /a/b C:\\x GET 0x1f deadbeef é 日 \u00a0 \u2003 \ud800 \0 \u001b[31m 10.0.0.1 fe80 12:30:00 ! ? ' +
  '# $ % + ~ | ^ _ eth0 at by to UTC PM & ../ \n \t'
).split(' ');
const tricky = fc.array(fc.constantFrom(' ', ...PIECES), { maxLength: 24 }).map((pieces) => pieces.join(''));
const long = fc
  .array(fc.constantFrom(' ', ...PIECES), { minLength: 150, maxLength: 600, size: 'max' })
  .map((pieces) => pieces.join(''));
const anyText = fc.oneof(tricky, long, fc.string(), fc.string({ unit: 'binary' }));

describe('on any text', () => {
  it('a template is its own template', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const template = templateOf(text);
        expect(templateOf(template)).toBe(template);
      }),
      { numRuns: 5_000 },
    );
  });

  it('a template has at most 512 characters, none of them a control character', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const template = templateOf(text);
        expect(template.length).toBeLessThanOrEqual(512);
        expect([...template].every((character) => character >= ' ' && character !== '\u007f')).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('the messages before have no influence', () => {
    fc.assert(
      fc.property(anyText, anyText, (before, text) => {
        const alone = templateOf(text);
        templateOf(before);
        expect(templateOf(text)).toBe(alone);
      }),
    );
  });
});

describe('what is remembered of earlier messages', () => {
  it('tells texts apart that are alike but for one character, or for a placeholder', () => {
    const texts = [
      'state a is b',
      'state c is b',
      'state \uffff is b',
      'state <*> is b',
      'state a is b <*>',
      'state a is',
    ];
    for (const _round of [1, 2]) expect(texts.map(templateOf)).toStrictEqual(texts);
  });
});

describe('two events that differ in a variable part', () => {
  const hexadecimal = fc.stringMatching(/^0x[0-9a-f]{4,16}$/);
  const host = fc.stringMatching(/^[a-z]{1,12}\.[a-z]{1,12}\.(?:com|org|net)$/);
  const duration = fc
    .tuple(fc.nat(), fc.constantFrom('ms', ' ms', 's', ' seconds', ' min'))
    .map((parts) => parts.join(''));
  const size = fc
    .tuple(fc.nat(), fc.constantFrom('B', ' B', 'KB', ' MB', ' GiB', ' bytes'))
    .map((parts) => parts.join(''));
  const path = fc.stringMatching(/^(?:\/[A-Za-z][\w-]{0,9}[.]?[a-z]){1,5}$/);
  const quoted = fc.stringMatching(/^"(?:[a-z][a-zA-Z ,.]{0,20})?"$/);
  const variable = {
    integer: fc.integer().map(String),
    decimal: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((value) => value.toFixed(3)),
    uuid: fc.uuid(),
    IPv4: fc.ipV4(),
    IPv6: fc.tuple(fc.uuid()).map(([id]) => id.replaceAll('-', '').replace(/(.{4})(?=.)/g, '$1:')),
    hexadecimal,
    host,
    duration,
    size,
    path,
    quoted,
    time: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString()),
    email: fc.tuple(fc.stringMatching(/^[a-z]{1,8}[.]?[a-z]$/), host).map((parts) => parts.join('@')),
  };
  const frames = [
    (part: string) => `Request failed: ${part}`,
    (part: string) => `${part} could not be read`,
    (part: string) => `The value (${part}) is over the limit`,
    (part: string) => `Closed ${part}, giving up.`,
    (part: string) => `state=done, what=x, last ${part}`,
  ];

  it.each(Object.entries(variable))('have the same template: %s', (_name, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, arbitrary, fc.constantFrom(...frames), (one, other, frame) => {
        expect(templateOf(frame(one))).toBe(templateOf(frame(other)));
      }),
      { numRuns: 300 },
    );
  });

  it('and in a word have two', () => {
    expect(templateOf('Disk 1 failed')).not.toBe(templateOf('Disk 1 recovered'));
  });
});

describe('however long the message', () => {
  it('only its first 4,096 characters are looked at', () => {
    const head = 'word '.repeat(60) + '1 '.repeat(1_898);
    expect(head).toHaveLength(4_096);
    expect(templateOf(`${head}tail`)).toBe(templateOf(head));
  });

  it.each([
    ['letters', 'a'],
    ['digits', '7'],
    ['colons', ':'],
    ['hex and colons', 'a:'],
    ['quotes that open', ' "a'],
    ['quotes of keys', ' "a":'],
    ['brackets', '1 (('],
    ['full stops', '..a'],
    ['placeholders', '<*>'],
    ['line ends', '\n \n'],
    ['lone surrogates', '\ud800'],
    ['NUL', '\0'],
  ])('a megabyte of %s has a short template, which is its own', (_name, unit) => {
    const template = templateOf(unit.repeat(1_000_000 / unit.length));
    expect(template.length).toBeLessThanOrEqual(512);
    expect(templateOf(template)).toBe(template);
  });

  it('is cut between words and never within a surrogate pair', () => {
    expect(templateOf('word '.repeat(200))).toBe('word '.repeat(102).trimEnd());
    expect(templateOf(`${'日'.repeat(511)}😀`).isWellFormed()).toBe(true);
  });
});
