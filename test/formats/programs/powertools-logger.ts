import { Logger } from '@aws-lambda-powertools/logger';

// It writes warnings and errors to stderr: one pipe keeps the order.
process.stderr.write = process.stdout.write.bind(process.stdout);

const log = new Logger({ serviceName: 'shop', logLevel: 'DEBUG' });

log.info('started');
log.warn('slow');
log.error('payment failed', { error: new TypeError('boom'), order: 17 });
log.critical('out of disk');
log.debug('a call');
