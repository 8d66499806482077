import bunyan from 'bunyan';

const log = bunyan.createLogger({ name: 'shop', level: 'trace', serializers: bunyan.stdSerializers });

log.info('started');
log.warn('slow');
log.error({ err: new TypeError('boom'), order: 17 }, 'payment failed');
log.fatal('out of disk');
log.debug('a call');
