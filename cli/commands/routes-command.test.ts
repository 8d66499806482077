import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { captureStreams } from '../../test/support/captured-streams.ts';
import { documentBlock } from '../../test/support/readme.ts';
import { runCli } from '../run-cli.ts';

const CONFIGURATION = `
alerts:
  receivers:
    - { name: ops, sns: [{ topic: critical }] }
    - { name: shop, sns: [{ topic: error }, { topic: warning }] }
    - { name: nobody }
  time_intervals:
    - { name: nights, time_intervals: [{ times: [{ start_time: "00:00", end_time: "06:00" }] }] }
  route:
    routes:
      - { name: page, matchers: [level=critical], receiver: ops, continue: true }
      - name: shop-team
        matchers: ['source=~"shop.*"', 'level!=debug']
        receiver: shop
        group_wait: 30s
        routes:
          - { name: pay, matchers: [attributes.team=pay], receiver: ops, mute_time_intervals: [nights] }
      - { name: late, matchers: [level=critical], receiver: shop }
      - { name: noise, matchers: [source=noise], receiver: nobody }
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-routes-'));
  writeFileSync(join(folder, 'next.yml'), CONFIGURATION);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]) {
  const capture = captureStreams({ env: { SLUICE_CONFIG_FILE: join(folder, 'next.yml') } });
  const code = await runCli(['routes', ...args], capture.streams);
  return { code, stdout: capture.stdout(), stderr: capture.stderr() };
}

describe('sluice routes test', () => {
  test('shows each route, each matcher with what the event has, and who is told', async () => {
    const { code, stdout } = await run('test', '--level', 'critical', '--source', 'shop-1', '--at', '2026-11-21T12:00');
    expect(code).toBe(0);
    const [head, ...lines] = stdout.split('\n').map((line) => line.trimEnd());
    expect(head).toMatch(/^critical from shop-1 at 2026-11-21T12:00:00.000Z, fingerprint v1:/);
    expect(lines.slice(1, 14)).toEqual([
      '○ every event',
      '  ● route page → ops (continues)',
      '      ✔ level="critical"',
      '  ● route shop-team → shop',
      '      ✔ source=~"shop.*"',
      '      ✔ level!="debug"',
      '    ✖ route pay',
      '        ✖ attributes.team="pay", got ""',
      '  · route late not reached',
      '      · level="critical"',
      '  · route noise not reached',
      '      · source="noise"',
      '',
    ]);
    expect(stdout).toMatch(/│ ops +│ at once +│ 60 s +│ ops:sns:0 +│/);
    expect(stdout).toMatch(/│ shop +│ from 2026-11-21T12:00:30.000Z │ 60 s +│ shop:sns:0, shop:sns:1 │/);
  });

  test.each([
    // The wait of 30 seconds is over within the night, or ends in it: neither adds to its end.
    ['2026-11-21T05:00', '2026-11-21T06:00:00.000Z'],
    ['2026-11-20T23:59:45Z', '2026-11-21T06:00:00.000Z'],
    ['2026-11-21T05:59:45Z', '2026-11-21T06:00:15.000Z'],
    ['2026-11-21T12:00', '2026-11-21T12:00:30.000Z'],
  ])('tells of what happens at %s on a route that waits and is muted at night: %s', async (at, told) => {
    const event = ['--level', 'error', '--source', 'shop-1', '--attribute', 'team=pay', '--at', at];
    const { stdout } = await run('test', ...event);
    expect(stdout).toContain(`│ from ${told} │`);
    expect(JSON.parse((await run('test', ...event, '--json')).stdout).receivers[0].toldFrom).toBe(told);
  });

  test('shows for the example of the documentation what the documentation shows', async () => {
    writeFileSync(join(folder, 'next.yml'), documentBlock('docs/routes.md', { language: 'yaml', holding: 'alerts:' }));
    const { stdout } = await run('test', '--level', 'critical', '--source', 'shop-1');
    expect(stdout).toContain(documentBlock('docs/routes.md', { language: '', holding: '○ every event' }));
  });

  test.each([
    [['--level', 'error', '--source', 'web'], ['level-topic']],
    [['--source', 'shop', '--attribute', 'team=pay', '--attribute', 'x=a=b'], ['ops']],
    [
      ['--event', '{"level":"FATAL","app":"web","msg":"down"}'],
      ['ops', 'shop'],
    ],
    [['--message', 'only a message'], ['level-topic']],
  ])('%j goes to %j', async (args, receivers) => {
    const { stdout } = await run('test', ...args, '--json');
    expect(JSON.parse(stdout).receivers.map(({ receiver }: { receiver: string }) => receiver)).toEqual(receivers);
  });

  test('says when a muted route tells, and when nobody is told', async () => {
    const muted = await run(
      'test',
      '--source',
      'shop',
      '--attribute',
      'team=pay',
      '--at',
      '2026-11-21T03:00',
      '--json',
    );
    expect(JSON.parse(muted.stdout).receivers).toMatchObject([{ toldFrom: '2026-11-21T06:00:00.000Z', route: 'pay' }]);
    expect((await run('test', '--source', 'noise')).stdout).toContain('none: told to nobody');
  });

  test('reads an event of any logger as the stream does, its own time included', async () => {
    const time = Date.now() - 3_600_000;
    const pino = JSON.stringify({ level: 50, time, pid: 1, hostname: 'h', name: 'shop-7', msg: 'declined' });
    const { event } = JSON.parse((await run('test', '--event', pino, '--json')).stdout);
    expect(event).toMatchObject({ level: 'error', source: 'shop-7', time: new Date(time).toISOString() });
  });

  test.each([
    [['test'], 2, 'either as --event or as --level, --source, --message and --attribute, got none'],
    [['test', '--event', '{}', '--level', 'error'], 2, 'got both'],
    [['test', '--event', '{'], 2, '--event must be JSON such as'],
    [['test', '--event', '[1]'], 2, '--event must be one object such as'],
    [['test', '--level', 'loud'], 2, '--level must be one of'],
    [['test', '--attribute', 'eu'], 2, '--attribute must be name=value, got "eu"'],
    [['test', '--level', 'info', '--at', 'soon'], 2, '--at must be like'],
    [['test', '--level', 'info', '--config', 'gone.yml'], 1, 'gone.yml expected a file that can be read'],
    [['replay'], 2, "required option '--config <path>' not specified"],
    [['replay', '--config', 'gone.yml'], 1, 'gone.yml expected a file that can be read'],
    [['replay', '--config', 'x', '--since', '31d'], 2, '--since must lie in the last 30 days, got "31d"'],
    [['replay', '--config', 'x', '--since', '2999-01-01'], 2, '--since must lie in the last 30 days'],
    [['replay', '--config', 'x', '--examples', '0'], 2, '--examples must be a whole number'],
  ])('refuses %j', async (args, code, fault) => {
    expect(await run(...args)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(fault) });
  });

  test('names each fault of a configuration with its line, a line each', async () => {
    writeFileSync(
      join(folder, 'next.yml'),
      CONFIGURATION.replace('receiver: ops, continue', 'receiver: opps, continue'),
    );
    const { code, stderr } = await run('test', '--level', 'info');
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/next.yml:\d+ alerts.route.routes.0.receiver: expected one/),
    ]);
    expect(stderr.split('\n').length).toBeGreaterThan(2);
  });

  test('shows nothing of an event that a terminal acts upon', async () => {
    const { stdout } = await run('test', '--source', 'shop\u001b[31m', '--attribute', 'team=\u202e');
    for (const active of ['\u001b', '\u202e']) expect(stdout).not.toContain(active);
  });

  test('nor of one that is none, beside the place in the code that refused it', async () => {
    const { code, stderr } = await run('test', '--event', '["\u009b2J\u202e"]', '--verbose');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--event must be one object.*\n[\s\S]*\n {4}at /)]);
    for (const active of ['\u009b', '\u202e']) expect(stderr).not.toContain(active);
  });
});
