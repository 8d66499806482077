import { runPython } from './run-program.ts';
import { type ExpectedEvent, fiveCalls, type Sample, withOrder } from './samples.ts';

const NOPE = { type: 'ValueError', message: 'nope' };
const FIVE = fiveCalls(NOPE);

/** The call that failed has its trace in the message. */
function traced(events: readonly ExpectedEvent[]): ExpectedEvent[] {
  return events.map((event) =>
    event.error === undefined ? event : { ...event, message: /^payment failed\nTraceback/ },
  );
}

interface Row extends Omit<Sample, 'records' | 'writer'> {
  events: ExpectedEvent[];
}

/** One row a writer of loggers.py. */
const ROWS: Readonly<Record<string, Row>> = {
  'python-json-logger': { format: 'Python json', events: withOrder(FIVE), source: 'shop' },
  logging: { format: 'plain text', events: textOf(FIVE) },
  logfmter: { format: 'logfmt', events: withOrder(FIVE, { order: '17' }), source: 'shop', isStamped: false },
  structlog: { format: 'JSON of other loggers', events: withOrder(FIVE), source: 'shop' },
  'structlog with dict_tracebacks': { format: 'JSON of other loggers', events: withOrder(FIVE), source: 'shop' },
  'structlog as logfmt': { format: 'logfmt', events: withOrder(FIVE, { order: '17' }), source: 'shop' },
  loguru: { format: 'loguru', events: FIVE, source: 'shop' },
  'rfc5424-logging-handler': { format: 'syslog RFC 5424', events: traced(FIVE), source: 'shop' },
  SysLogHandler: { format: 'syslog RFC 3164', events: traced(FIVE), source: 'shop', isStamped: false },
  'http.server': { format: 'access line', events: [{ level: 'error', message: 'GET /cart 501' }] },
};

/** Text stays whole: stamp, level and name in the message. */
function textOf(events: readonly ExpectedEvent[]): ExpectedEvent[] {
  return events.map((event) => {
    const said = typeof event.message === 'string' ? event.message : '';
    return { ...event, message: new RegExp(`^[\\d-]+ [\\d:,]+ [A-Z]+ shop: ${said}(\\nTraceback|$)`) };
  });
}

/** What the loggers of Python wrote, and the aggregated records that AWS's encoder made. */
export async function pythonSamples(): Promise<{ samples: Sample[]; aggregates: readonly Buffer[] }> {
  const written = await runPython();
  const samples = Object.entries(ROWS).map(([writer, row]) => ({ ...row, writer, records: written.get(writer) ?? [] }));
  return { samples, aggregates: written.get('aws_kinesis_agg') ?? [] };
}
