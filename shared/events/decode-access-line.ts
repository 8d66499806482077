import type { Draft, TextFormat } from './decode-fields.ts';
import type { Level } from './levels.ts';
import { ACCESS_STAMP, statedTime } from './text-stamps.ts';

const WORD = '\\S{1,255}';
/** Apache writes `\"` for a quotation mark in it, nginx `\x22`. */
const QUOTED = '"([^"\\\\]*(?:\\\\.[^"\\\\]*)*)"';
/** Source: Apache's mod_log_config (common, combined, vhost_combined), nginx's ngx_http_log_module (combined). */
const LINE = new RegExp(
  `^(?:(${WORD}) )?(${WORD}) (${WORD}) (${WORD}) \\[(${ACCESS_STAMP})\\] ${QUOTED} (\\d{3}|-) (\\d{1,18}|-)(?: ${QUOTED} ${QUOTED})?(?: (.*))?$`,
);
const REQUEST = /^([A-Z]{1,32}) (\S+)(?: HTTP\/(\d(?:\.\d)?))?$/;
/** Enough for the longest header that a server takes; what is longer stays plain text. */
const LONGEST_LINE = 32_768;

/** A server's own fault is an error, a client's a warning. */
function levelOf(status: string): Level {
  if (status.startsWith('5')) return 'error';
  return status.startsWith('4') ? 'warning' : 'info';
}

/** The names are those of OpenTelemetry's semantic conventions for HTTP. */
function requestAttributes(request: string): Record<string, string | undefined> {
  const [, method, target = '', version] = REQUEST.exec(request) ?? [];
  if (method === undefined) return {};
  const query = target.indexOf('?');
  return {
    'http.request.method': method,
    'url.path': query < 0 ? target : target.slice(0, query),
    'url.query': query < 0 ? undefined : target.slice(query + 1),
    'network.protocol.version': version,
  };
}

/** `-` and nothing at all say that there was nothing to say. */
function said(attributes: Record<string, string | undefined>): Record<string, string> {
  const pairs = Object.entries(attributes).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '-' && pair[1] !== '',
  );
  return Object.fromEntries(pairs);
}

function messageOf(request: string, attributes: Record<string, string>, status: string): string {
  const { 'http.request.method': method, 'url.path': path } = attributes;
  return method === undefined || path === undefined ? `${request} ${status}` : `${method} ${path} ${status}`;
}

function read(text: string, arrivedAt: number): Draft | undefined {
  if (text.length > LONGEST_LINE) return undefined;
  const match = LINE.exec(text);
  if (match === null) return undefined;
  const [, host, client, identity, user, stamp = '', request = '', status = '', bytes, referrer, agent, rest] = match;
  const attributes = said({
    'server.address': host,
    'client.address': client,
    'client.identity': identity,
    'user.name': user,
    ...requestAttributes(request),
    'http.response.status_code': status,
    'http.response.body.size': bytes,
    'http.request.header.referer': referrer,
    'user_agent.original': agent,
  });
  return {
    time: statedTime(stamp, arrivedAt),
    level: levelOf(status),
    // vhost_combined: `shop.example:80`
    source: host?.replace(/:\d{1,5}$/, ''),
    message: messageOf(request, attributes, status),
    attributes,
    // What a format of one's own appends: times, the forwarded address.
    details: rest === undefined || rest === '' ? undefined : { rest },
  };
}

const BEGINS = new RegExp(`^(?:${WORD} )?${WORD} ${WORD} ${WORD} \\[${ACCESS_STAMP}\\] "`);

/** One request that Apache, nginx or whatever writes as they do has answered. */
export const ACCESS_LINE = {
  name: 'access line',
  begins: (line) => BEGINS.test(line.slice(0, 1_200)),
  read,
} as const satisfies TextFormat;
