import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExpectedEvent, errorLog, requests, type Sample } from './samples.ts';

/** When Apache 2.4.71 and nginx 1.22.1 of Debian 12 wrote the files under `recorded/`. */
export const RECORDED_AT = Date.parse('2026-11-21T06:31:10.000Z');

function recorded(file: string): string[] {
  return readFileSync(join(import.meta.dirname, 'recorded', file), 'utf8')
    .trimEnd()
    .split('\n');
}

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

const accessLog = (file: string, events: readonly ExpectedEvent[], source?: string): Sample => ({
  format: 'access line',
  writer: file,
  records: recorded(file),
  events,
  ...(source === undefined ? {} : { source }),
});

/** What Apache and nginx wrote once: for machines that have neither, and cannot fetch them. */
export function recordedSamples(): Sample[] {
  return [
    accessLog('nginx-combined.log', NGINX),
    accessLog('apache-combined.log', APACHE),
    accessLog('apache-common.log', APACHE),
    accessLog('apache-vhost-combined.log', APACHE, 'shop.example'),
    errorLog('nginx-error.log', recorded('nginx-error.log')),
    errorLog('apache-error.log', recorded('apache-error.log')),
  ];
}
