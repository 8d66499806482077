import winston from 'winston';

const { combine, errors, json, timestamp } = winston.format;
const log = winston.createLogger({
  level: 'silly',
  defaultMeta: { service: 'shop', trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331' },
  format: combine(errors({ stack: true }), timestamp(), json()),
  transports: [new winston.transports.Console()],
});

log.info('started');
log.warn('slow');
log.error('payment failed:', new TypeError('boom'));
log.log({ level: 'error', message: 'out of disk', order: 17 });
log.silly('a call');
