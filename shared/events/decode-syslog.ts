import type { Draft, TextFormat } from './decode-fields.ts';
import { parseLevel } from './levels.ts';
import { BSD_STAMP, statedTime } from './text-stamps.ts';

/** 8 × facility + severity. Source: RFC 5424, section 6.2.1. */
const HIGHEST_PRIORITY = 191;
/** The header of either form is shorter. */
const HEAD_CHARACTERS = 1_500;
/** Structured data that ends further on is left in the message. */
const STRUCTURED_CHARACTERS = 65_536;
const BYTE_ORDER_MARK = '\uFEFF';

const FIELD = '(\\S{1,255})';
/** Source: RFC 5424, section 6: priority and version, time, host, application, process, message id. */
const HEADER = new RegExp(`^<(\\d{1,3})>1 ${FIELD} ${FIELD} ${FIELD} ${FIELD} ${FIELD} (?=[-[])`);
const RFC3339 = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:Z|[+-]\\d\\d:\\d\\d)';
/** Source: RFC 3164, section 4.1; rsyslog writes the stamp of RFC 3339 in the same place. */
const PRIORITY = /^<(\d{1,3})>/;
const STAMP = new RegExp(`^(${BSD_STAMP}|${RFC3339}) `);
/** `sshd[19939]:`, `sshd(pam_unix)[19939]:`, `com.apple.CDScheduler[43]:`, `kernel:` */
const TAG = /^([\w.@/-]{1,128}(?:\([^)\s]{0,64}\))?)(?:\[([^\]\s]{1,128})\])?:(?=\s|$)/;
const HOST = /^(\S{1,255}) /;
/** `Error: x` and `INFO: x` begin a message. */
const NO_PROGRAM = /(?:Error|Exception|Warning)$/;

interface Priority {
  facility: number;
  severity: number;
}

function priorityOf(digits: string | undefined): Priority | undefined {
  const value = Number(digits ?? Number.NaN);
  return value <= HIGHEST_PRIORITY ? { facility: Math.floor(value / 8), severity: value % 8 } : undefined;
}

/** The names are OpenTelemetry's for syslog. Source: Logs Data Model, "RFC5424 Syslog". `-` says nothing. */
function attributesOf(parts: Readonly<Record<string, string | number | undefined>>): Record<string, string> {
  const said = Object.entries(parts).filter(([, value]) => value !== undefined && value !== '-');
  return Object.fromEntries(said.map(([key, value]) => [key, String(value)]));
}

const unlessNil = (field: string | undefined) => (field === '-' ? undefined : field);

const ELEMENT_ID = /\[([^\s="\]]{1,255})/y;
const PARAMETER = / ([^\s="\]]{1,255})="((?:[^"\\\]]|\\[\s\S])*)"/y;
const MAX_PARAMETERS = 1_000;

interface Structured {
  elements: Record<string, unknown>;
  end: number;
}

/** A name may stand there twice: then its values are a list. */
function addValue(element: Map<string, string | string[]>, name: string, value: string): void {
  const before = element.get(name);
  element.set(name, before === undefined ? value : [before, value].flat());
}

/** One `[id name="value" …]` and where it ends; undefined when it is broken. */
function readElement(text: string, start: number): { id: string; values: object; end: number } | undefined {
  ELEMENT_ID.lastIndex = start;
  const id = ELEMENT_ID.exec(text)?.[1];
  if (id === undefined) return undefined;
  const values = new Map<string, string | string[]>();
  let end = ELEMENT_ID.lastIndex;
  for (let count = 0; count < MAX_PARAMETERS; count++) {
    PARAMETER.lastIndex = end;
    const match = PARAMETER.exec(text);
    if (match === null) break;
    addValue(values, match[1] ?? '', (match[2] ?? '').replace(/\\(["\\\]])/g, '$1'));
    end = PARAMETER.lastIndex;
  }
  return text[end] === ']' ? { id, values: Object.fromEntries(values), end: end + 1 } : undefined;
}

/** Source: RFC 5424, section 6.3. Undefined when it is broken, or names an element twice. */
function readStructured(text: string, start: number): Structured | undefined {
  if (text[start] === '-') return { elements: {}, end: start + 1 };
  const elements = new Map<string, unknown>();
  let end = start;
  while (text[end] === '[' && elements.size < MAX_PARAMETERS) {
    const element = readElement(text, end);
    if (element === undefined || elements.has(element.id)) return undefined;
    elements.set(element.id, element.values);
    end = element.end;
  }
  return elements.size === 0 ? undefined : { elements: Object.fromEntries(elements), end };
}

/** What follows the header, without the blank between and the mark that says UTF-8. */
function messageFrom(text: string, start: number): string {
  const from = text[start] === ' ' ? start + 1 : start;
  return text.slice(text[from] === BYTE_ORDER_MARK ? from + 1 : from);
}

function readModern(text: string, arrivedAt: number): Draft | undefined {
  const match = HEADER.exec(text.slice(0, HEAD_CHARACTERS));
  const priority = priorityOf(match?.[1]);
  if (match === null || priority === undefined) return undefined;
  const structured = readStructured(text.slice(0, STRUCTURED_CHARACTERS), match[0].length);
  if (structured === undefined || !/^(?: |$)/.test(text.slice(structured.end, structured.end + 1))) return undefined;
  const [, , stamp = '-', host, application, process, messageId] = match;
  const hasElements = Object.keys(structured.elements).length > 0;
  return {
    time: stamp === '-' ? undefined : statedTime(stamp, arrivedAt),
    level: parseLevel(priority.severity),
    source: unlessNil(application) ?? unlessNil(host),
    message: messageFrom(text, structured.end),
    attributes: attributesOf({
      'host.name': host,
      'syslog.facility': priority.facility,
      'syslog.severity': priority.severity,
      'syslog.procid': process,
      'syslog.msgid': messageId,
    }),
    details: hasElements ? { structuredData: structured.elements } : undefined,
  };
}

interface Origin {
  host?: string;
  program?: string;
  process?: string;
  length: number;
}

function tagAt(text: string): Origin | undefined {
  const [whole = '', program, process] = TAG.exec(text) ?? [];
  if (program === undefined || NO_PROGRAM.test(program) || parseLevel(program) !== undefined) return undefined;
  return { program, ...(process === undefined ? {} : { process }), length: whole.length };
}

/** `tag:` as a program on the same machine writes it, or `host tag:` as it is sent on. */
function originAt(text: string): Origin {
  const local = tagAt(text);
  if (local !== undefined) return local;
  const [before = '', host] = HOST.exec(text) ?? [];
  if (host === undefined) return { length: 0 };
  const tag = tagAt(text.slice(before.length));
  return tag === undefined ? { host, length: before.length - 1 } : { ...tag, host, length: before.length + tag.length };
}

/** Whether header and content are a line of syslog: without a priority host and program must both be there. */
function isCredible(priority: Priority | undefined, stamp: string | undefined, origin: Origin): boolean {
  if (priority !== undefined) return true;
  if (stamp === undefined || origin.host === undefined || origin.program === undefined) return false;
  // Other loggers begin a line with a stamp of RFC 3339, a level and a name too.
  return /^[A-Z]/.test(stamp) || (origin.process !== undefined && parseLevel(origin.host) === undefined);
}

function readClassic(text: string, arrivedAt: number): Draft | undefined {
  const head = text.slice(0, HEAD_CHARACTERS);
  const [prefix = '', digits] = PRIORITY.exec(head) ?? [];
  const priority = priorityOf(digits);
  if (digits !== undefined && priority === undefined) return undefined;
  const [stamped = '', stamp] = STAMP.exec(head.slice(prefix.length)) ?? [];
  const content = prefix.length + stamped.length;
  // Without a stamp there is no host either: the first word may be anything.
  const origin = stamp === undefined ? (tagAt(head.slice(content)) ?? { length: 0 }) : originAt(head.slice(content));
  if (!isCredible(priority, stamp, origin)) return undefined;
  return {
    time: stamp === undefined ? undefined : statedTime(stamp, arrivedAt),
    level: priority === undefined ? undefined : parseLevel(priority.severity),
    source: origin.program ?? origin.host,
    message: messageFrom(text, content + origin.length),
    attributes: attributesOf({
      'host.name': origin.host,
      'syslog.facility': priority?.facility,
      'syslog.severity': priority?.severity,
      'syslog.procid': origin.process,
    }),
  };
}

/** The syslog protocol of today. */
export const SYSLOG = {
  name: 'syslog RFC 5424',
  begins: (line) => HEADER.test(line.slice(0, HEAD_CHARACTERS)),
  read: readModern,
} as const satisfies TextFormat;

/** BSD syslog: on the wire, and as daemons write it to files. */
export const BSD_SYSLOG = {
  name: 'syslog RFC 3164',
  begins: (line) => readClassic(line, 0) !== undefined,
  read: readClassic,
} as const satisfies TextFormat;
