import pino from 'pino';

const trace = { trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331' };
// What @opentelemetry/instrumentation-pino adds to every record.
// Synchronous: `fatal` flushes past the write that is under way, and the first line comes after the fourth.
const log = pino({ name: 'shop', level: 'trace', mixin: () => ({ ...trace }) }, pino.destination({ sync: true }));

log.info('started');
log.warn('slow');
log.error({ err: new TypeError('boom'), order: 17 }, 'payment failed');
log.fatal('out of disk');
log.debug('a call');
