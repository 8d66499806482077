import type { LogEvent } from '../../shared/events/event.ts';
import { newEventId } from '../../shared/events/event-id.ts';
import type { Level } from '../../shared/events/levels.ts';
import { pick, seededRandom } from './random.ts';

/** What the benchmarks' events were, when they were measured first: an ordinary line, and one with its request and trace. */
export const SMALL_BYTES = 275;
export const LARGE_BYTES = 1_092;

export const START = Date.parse('2026-11-21T08:00:00.000Z');

export interface EventOptions {
  count: number;
  /** Bytes of each event's JSON, exactly. */
  bytes: number;
  /** Messages to use in turn with the made-up ones. */
  realLines?: readonly string[];
  seed?: number;
}

const SOURCES = ['shop', 'checkout', 'search', 'billing-worker', 'edge-proxy'];
const USERS = ['ada', 'grace', 'edsger', 'barbara', 'donald'];
const LEVEL_SHARES: readonly [Level, number][] = [
  ['critical', 0.005],
  ['error', 0.05],
  ['warning', 0.07],
  ['debug', 0.17],
  ['info', 1],
];

/** JSON texts of canonical events, all of the same size: 5 % errors, 2 % warnings, the rest informational. */
export function eventTexts({ count, bytes, realLines = [], seed = 1 }: EventOptions): string[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const real = index % 4 === 3 ? realLines[Math.floor(index / 4) % realLines.length] : undefined;
    return toSize(eventOf(index, random, real, bytes), bytes);
  });
}

function eventOf(index: number, random: () => number, real: string | undefined, bytes: number): LogEvent {
  const number = () => Math.floor(random() * 100_000);
  const chance = random();
  const level = LEVEL_SHARES.find(([, share]) => chance < share)?.[0] ?? 'info';
  const time = START + index * 7;
  const id = newEventId(time, (size) => Uint8Array.from({ length: size }, () => Math.floor(random() * 256)));
  const message = real ?? `${pick(MESSAGES[level], random)}`.replace(/#/g, () => String(number()));
  const event: LogEvent = {
    v: 1,
    id,
    type: 'log',
    time: new Date(time).toISOString(),
    level,
    source: pick(SOURCES, random),
    message,
  };
  if (bytes >= 500) return withRequest(event, number, random);
  return index % 2 === 0 ? { ...event, details: { status: 200, ms: number() / 100, route: '/api/orders' } } : event;
}

const MESSAGES: Record<Level, readonly string[]> = {
  critical: ['payment provider unreachable for # s, # orders wait', 'disk /dev/sda# is full'],
  error: ['payment # failed: card declined', 'timeout after # ms calling 10.0.#.7:8443', 'order # not found'],
  warning: ['retry # of 5 for job #', 'slow query: # ms'],
  info: ['GET /api/orders/# took # ms', 'user # signed in', 'order # shipped with parcel #', 'cache hit for key #'],
  debug: ['loaded # rows in # ms', 'lock # released'],
};

function withRequest(event: LogEvent, number: () => number, random: () => number): LogEvent {
  const details = {
    request: {
      method: 'POST',
      path: `/api/v2/orders/${number()}/items`,
      status: pick([200, 201, 404, 500], random),
      milliseconds: number() / 100,
      bytes: number(),
      headers: {
        host: 'shop.example.org',
        accept: 'application/json',
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)',
      },
    },
    user: { id: number(), name: pick(USERS, random), roles: ['customer', 'beta'] },
    items: [
      { sku: `A-${number()}`, quantity: 2, price: number() / 100 },
      { sku: `B-${number()}`, quantity: 1, price: number() / 100 },
    ],
    retry: false,
  };
  const isError = event.level === 'error' || event.level === 'critical';
  const error = isError
    ? {
        type: 'TimeoutError',
        message: event.message,
        stack: `TimeoutError\n    at pay (/app/src/pay.ts:${number()}:7)`,
      }
    : undefined;
  return {
    ...event,
    details,
    ...(error ? { error } : {}),
    locator: 'src/orders/place-order.ts:42',
    attributes: { region: 'eu-central-1', version: '4.11.2', pod: `orders-${number()}` },
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
  };
}

/** Cuts or fills the message until the JSON has exactly that many bytes. */
function toSize(event: LogEvent, bytes: number): string {
  const over = Buffer.byteLength(JSON.stringify(event)) - bytes;
  if (over <= 0) return JSON.stringify({ ...event, message: `${event.message}${FILL.slice(0, -over)}` });
  const room = event.message.length - over;
  let message = event.message.slice(0, Math.max(1, room));
  while (Buffer.byteLength(JSON.stringify({ ...event, message })) > bytes && message.length > 1)
    message = message.slice(0, -1);
  const short = bytes - Buffer.byteLength(JSON.stringify({ ...event, message }));
  return JSON.stringify({ ...event, message: message + '.'.repeat(Math.max(0, short)) });
}

const FILL = ` ${'and so the order went on its way to the customer, as it does on most days of the year '.repeat(20)}`;
