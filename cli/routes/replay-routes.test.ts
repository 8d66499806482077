import { describe, expect, test } from 'vitest';
import { alertPolicy, NEVER, routingTree } from '../../test/support/alert-events.ts';
import { captureStreams } from '../../test/support/captured-streams.ts';
import { createTerminal } from '../terminal.ts';
import { archivedEventsQuery, arrivedAlerts } from './archived-events.ts';
import { replayRoutes } from './replay-routes.ts';
import { replayText } from './routes-text.ts';

const COLUMNS = ['id', 'level', 'source', 'fingerprint', 'template', 'time', 'received_at', 'message', 'attributes'];
const page = (rows: (string | null)[][]) => ({
  columns: COLUMNS.map((name) => ({ name, type: 'varchar' })),
  rows,
  scannedBytes: 1,
});
const row = (n: number, cells: Record<string, string | null> = {}) => {
  const time = `2026-11-21 12:00:${String(n).padStart(2, '0')}.500`;
  const usual = {
    id: `e${n}`,
    level: 'error',
    source: 'shop',
    fingerprint: 'v1:f',
    template: 'no <*>',
    message: 'no 1',
  };
  const all: Record<string, string | null> = { ...usual, time, received_at: time, attributes: null, ...cells };
  return COLUMNS.map((name) => all[name] ?? null);
};

describe('the archive', () => {
  test('is asked for what routing looks at, in the order of arrival, of one time', () => {
    const sql = archivedEventsQuery({
      from: new Date('2026-11-14T00:30:00Z'),
      to: new Date('2026-11-21T12:00:00.250Z'),
      most: 10,
    });
    expect(sql.split('\n')).toEqual([
      'SELECT id, level, source, fingerprint, template, time, received_at,',
      '  substr(message, 1, 200) AS message, json_format(CAST(attributes AS JSON)) AS attributes',
      'FROM log_events',
      "WHERE dt >= '2026-11-13'",
      "  AND received_at >= TIMESTAMP '2026-11-14 00:30:00.000' AND received_at < TIMESTAMP '2026-11-21 12:00:00.250'",
      "  AND type = 'log'",
      'ORDER BY received_at, time, id LIMIT 10',
    ]);
  });

  test('gives events as they arrived', () => {
    const cells = { attributes: '{"team":"pay"}', time: '2026-11-21 11:00:00' };
    expect(arrivedAlerts(page([row(1, cells)]))).toEqual([
      {
        event: {
          v: 1,
          id: 'e1',
          type: 'log',
          time: '2026-11-21T11:00:00.000Z',
          level: 'error',
          source: 'shop',
          message: 'no 1',
          attributes: { team: 'pay' },
        },
        fingerprint: 'v1:f',
        template: 'no <*>',
        arrivedAt: Date.parse('2026-11-21T12:00:01.500Z'),
      },
    ]);
  });

  test.each([
    ['id', null],
    ['level', 'loud'],
    ['time', 'noon'],
  ])('a row whose %s is %j is refused with a sentence', (name, value) => {
    expect(() => arrivedAlerts(page([row(1, { [name]: value })]))).toThrow(/^Expected .*(row|level|time)/);
  });
});

async function* pages(...all: (string | null)[][][]) {
  for (const rows of all) yield arrivedAlerts(page(rows));
}
const addresses = new Map([['ops', ['ops:sns:0']]]);
const tree = (receiver?: string) =>
  alertPolicy(routingTree(receiver === undefined ? {} : { receiver }, { addresses, resolveTimeout: NEVER }));

test('a replay counts an event once however often the archive holds it, over all pages, and tells how far it is', async () => {
  const progress: [number, number][] = [];
  const replayed = await replayRoutes(pages([row(0), row(0), row(1)], [row(1), row(2)], []), {
    present: tree(),
    next: tree('ops'),
    examples: 3,
    onProgress: (...at) => progress.push(at),
  });
  const start = Date.parse('2026-11-21T12:00:00.500Z');
  expect(progress).toEqual([
    [2, start + 1_000],
    [3, start + 2_000],
  ]);
  expect(replayed).toMatchObject({ events: 3, before: 2, after: 2, won: 2, lost: 2 });
  const capture = captureStreams();
  const terminal = createTerminal({
    ...capture.streams,
    stdout: capture.streams.stdout,
    json: false,
    color: false,
    verbose: false,
  });
  const period = { since: '2026-11-14T12:00:00.000Z', until: '2026-11-21T12:00:00.000Z', isCut: false };
  expect(replayText(period, replayed, terminal).split('\n')).toEqual([
    '3 events from 2026-11-14T12:00:00.000Z to 2026-11-21T12:00:00.000Z',
    '┌───────────────────┬─────────┬─────┬─────┬──────┐',
    '│ receiver          │ present │ new │ won │ lost │',
    '├───────────────────┼─────────┼─────┼─────┼──────┤',
    '│ level-topic error │       2 │   0 │   0 │    2 │',
    '│ ops               │       0 │   2 │   2 │    0 │',
    '│ all               │       2 │   2 │   2 │    2 │',
    '└───────────────────┴─────────┴─────┴─────┴──────┘',
    '',
    'level-topic error would not be told 2:',
    '  2026-11-21T12:00:00Z error first: shop: no <*>',
    '  2026-11-21T12:00:00Z error summary: shop: no <*> (3 times)',
    '',
    'ops would be told 2 more:',
    '  2026-11-21T12:00:00Z error first: shop: no <*>',
    '  2026-11-21T12:00:00Z error summary: shop: no <*> (3 times)',
  ]);
});
