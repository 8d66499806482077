import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Level } from '../../shared/events/levels.ts';
import type { ExpectedEvent, Sample } from './samples.ts';

/** When Apache 2.4.71 and nginx 1.22.1 of Debian 12 wrote the files under `recorded/`. */
export const RECORDED_AT = Date.parse('2026-11-21T06:31:10.000Z');

function recorded(file: string): string[] {
  return readFileSync(join(import.meta.dirname, 'recorded', file), 'utf8')
    .trimEnd()
    .split('\n');
}

const requests = (rows: readonly [Level, string][]): ExpectedEvent[] =>
  rows.map(([level, message]) => ({ level, message }));

const NGINX = requests([
  ['info', 'GET / 200'],
  ['warning', 'GET /missing 404'],
  ['error', 'GET /down 502'],
  ['info', 'GET / 200'],
  ['info', 'GET /private/ 200'],
  ['info', 'GET / 200'],
  ['warning', '\\x16\\x03\\x01\\x00\\x22\\x5Cx 400'],
]);

const APACHE = requests([
  ['warning', 'GET / 404'],
  ['warning', 'GET /missing 404'],
  ['error', 'GET /down 503'],
  ['warning', 'GET / 404'],
  ['warning', 'GET /private/ 404'],
  ['warning', 'GET / 404'],
  ['warning', '\\x16\\x03\\x01 400'],
]);

const LEVELS: Readonly<Record<string, Level>> = { notice: 'info', info: 'info', error: 'error' };

/** Error logs are plain text: whole, with the level and the time that they state. */
function errorLog(file: string): Sample {
  const records = recorded(file);
  const levelOf = (line: string) => LEVELS[/(notice|info|error)\]/.exec(line)?.[1] ?? ''] ?? 'info';
  const events = records.map((message) => ({ level: levelOf(message), message }));
  return { format: 'plain text', writer: file, records, events };
}

const accessLog = (file: string, events: readonly ExpectedEvent[], source?: string): Sample => ({
  format: 'access line',
  writer: file,
  records: recorded(file),
  events,
  ...(source === undefined ? {} : { source }),
});

/** What Apache and nginx wrote, whose programs no package registry of tests has. */
export function recordedSamples(): Sample[] {
  return [
    accessLog('nginx-combined.log', NGINX),
    accessLog('apache-combined.log', APACHE),
    accessLog('apache-common.log', APACHE),
    accessLog('apache-vhost-combined.log', APACHE, 'shop.example'),
    errorLog('nginx-error.log'),
    errorLog('apache-error.log'),
  ];
}
