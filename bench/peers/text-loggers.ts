import { Console } from 'node:console';
import { createWriteStream, openSync } from 'node:fs';
import { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';
import pino from 'pino';
import winston from 'winston';
import type { Level } from '../../shared/events/levels.ts';
import type { Call } from '../producer/calls.ts';

type LogAll = (calls: readonly Call[]) => Promise<void>;

/** Where the text goes: the kernel takes it, and nobody reads it. They send nothing anywhere. */
const NOWHERE = '/dev/null';

const PINO = { critical: 'fatal', error: 'error', warning: 'warn', info: 'info', debug: 'debug' } as const;
const WINSTON: Record<Level, string> = { ...PINO, critical: 'error' };

export function pinoLogger(): LogAll {
  const log = pino({ level: 'debug', base: { source: 'shop' } }, pino.destination({ fd: openSync(NOWHERE, 'w') }));
  return async (calls) => {
    for (const { level, message, fields } of calls) log[PINO[level]](fields ?? {}, message);
    log.flush();
  };
}

export function winstonLogger(): LogAll {
  const { combine, timestamp, json } = winston.format;
  return (calls) =>
    new Promise((resolve) => {
      const stream = createWriteStream(NOWHERE);
      const log = winston.createLogger({
        level: 'debug',
        format: combine(timestamp(), json()),
        defaultMeta: { source: 'shop' },
        transports: [new winston.transports.Stream({ stream })],
      });
      log.on('finish', resolve);
      for (const { level, message, fields } of calls) log.log(WINSTON[level], message, fields ?? {});
      log.end();
    });
}

export function powertoolsLogger(): LogAll {
  const stream = createWriteStream(NOWHERE);
  const log = new PowertoolsLogger({ serviceName: 'shop', logLevel: 'DEBUG' });
  // The console that it makes for itself writes to standard output, where the benchmark tells its result.
  Object.assign(log, { console: new Console({ stdout: stream, stderr: stream }) });
  const methods = { critical: 'critical', error: 'error', warning: 'warn', info: 'info', debug: 'debug' } as const;
  return async (calls) => {
    for (const { level, message, fields } of calls) log[methods[level]](message, fields ?? {});
    await new Promise((resolve) => stream.write('', resolve));
  };
}
