import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { JsonLogsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { fromBase64, runProgram } from './run-program.ts';
import { type ExpectedEvent, fiveCalls, type Sample, withOrder } from './samples.ts';

const BOOM = { type: 'TypeError', message: 'boom' };
const TRACE = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const XRAY = { traceId: '1-5759e988-bd862e3fe1be46a994272793' };

/** winston appends the error's message, and knows no level above error. */
const WINSTON: ExpectedEvent[] = [
  { level: 'info', message: 'started' },
  { level: 'warning', message: 'slow' },
  { level: 'error', message: 'payment failed: boom', error: BOOM },
  { level: 'error', message: 'out of disk', details: { order: 17 } },
  { level: 'debug', message: 'a call' },
].map((event) => ({ ...event, ...TRACE }) as ExpectedEvent);

const SYSLOG = { 'host.name': 'web-1', 'syslog.facility': '16' };

/** What the loggers of npm wrote, each in a process of its own. */
export async function npmSamples(): Promise<Sample[]> {
  const jsonRow = async (format: string, writer: string, events: readonly ExpectedEvent[]): Promise<Sample> => ({
    format,
    writer,
    records: await runProgram(`${writer}.ts`),
    events,
    source: 'shop',
  });
  return Promise.all([
    jsonRow('pino, bunyan', 'pino', withOrder(fiveCalls(BOOM, TRACE))),
    jsonRow('pino, bunyan', 'bunyan', withOrder(fiveCalls(BOOM))),
    jsonRow('JSON of other loggers', 'winston', WINSTON),
    jsonRow('JSON of other loggers', 'powertools-logger', withOrder(fiveCalls(BOOM, XRAY))),
    jsonRow('EMF', 'powertools-metrics', [
      {
        level: 'info',
        message: 'metrics of Shop: orders=3 Count, latency=12.5 Milliseconds',
        details: { orders: 3, latency: 12.5, order: '17' },
      },
    ]),
    {
      format: 'syslog RFC 5424',
      writer: 'syslog-client',
      records: fromBase64(await runProgram('syslog-client.ts', '5424')),
      events: fiveCalls(undefined, { attributes: SYSLOG }),
      source: 'shop',
    },
    {
      format: 'syslog RFC 3164',
      writer: 'syslog-client',
      records: fromBase64(await runProgram('syslog-client.ts', '3164')),
      events: fiveCalls(undefined, { attributes: SYSLOG }),
      // It writes the host and no tag.
      source: 'web-1',
    },
    { ...accessLines, writer: 'morgan, combined', records: await runProgram('access-lines.ts', 'combined') },
    { ...accessLines, writer: 'morgan, common', records: await runProgram('access-lines.ts', 'common') },
  ]);
}

const accessLines = {
  format: 'access line',
  events: [
    { level: 'info', message: 'GET /cart 200' },
    { level: 'warning', message: 'GET /missing/404 404' },
    { level: 'error', message: 'GET /down/503 503', attributes: { 'url.query': 'why=a%20%22b%22' } },
    { level: 'info', message: 'GET /moved/302 302' },
  ].map((event) => ({ ...event, attributes: { ...event.attributes, 'user.name': 'mary' } }) as ExpectedEvent),
} as const satisfies Partial<Sample>;

/** Log records of OpenTelemetry's SDK as its exporter sends them: one body for all of them. */
export async function otlpSample(): Promise<{ body: Buffer; events: ExpectedEvent[] }> {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': 'shop' }),
    processors: [new SimpleLogRecordProcessor({ exporter })],
  });
  const logger = provider.getLogger('cart', '1.2.0');
  const context = trace.setSpanContext(ROOT_CONTEXT, { ...TRACE, traceFlags: 1 });
  for (const [severityNumber, severityText, body] of [
    [9, 'INFO', 'started'],
    [13, 'WARN', 'slow'],
    [17, 'ERROR', 'payment failed'],
    [21, 'FATAL', 'out of disk'],
    [5, 'DEBUG', 'a call'],
  ] as const) {
    const isFailure = severityNumber === 17;
    logger.emit({
      severityNumber,
      severityText,
      body,
      context,
      ...(isFailure ? { exception: new TypeError('boom'), attributes: { order: 17, tags: ['a', 'b'] } } : {}),
    });
  }
  logger.emit({ eventName: 'cart.emptied', severityNumber: 9, body: { order: 17 }, context });
  await provider.forceFlush();
  const body = JsonLogsSerializer.serializeRequest(exporter.getFinishedLogRecords());
  const events: ExpectedEvent[] = [
    ...fiveCalls(BOOM, TRACE).map((event) =>
      event.error === undefined ? event : { ...event, attributes: { order: '17', tags: '["a","b"]' } },
    ),
    { level: 'info', message: 'cart.emptied', details: { body: { order: 17 } }, ...TRACE },
  ];
  return { body: Buffer.from(body ?? []), events };
}
