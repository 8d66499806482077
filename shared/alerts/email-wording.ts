import type { Notice } from './notice.ts';

/** Mail programs show some 70 characters of a subject; RFC 5322 allows lines of 998 bytes. */
const SUBJECT_CHARACTERS = 150;
/** A sample may be 64 KiB; an email needs its beginning, the rest is in the incident. */
const SAMPLE_CHARACTERS = 4_000;

/** What a mail program acts upon or what hides: control and format characters, separators, halves of characters. */
const ACTIVE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** One line: level, count, title. No control characters, line breaks or marks of direction; at most 150 characters. */
export function emailSubject({ kind, level, title, count }: Notice): string {
  const counted = kind === 'summary' ? ` (${count} times)` : '';
  const over = kind === 'resolved' ? ' resolved' : '';
  return cut(line(`[${level.toUpperCase()}]${over}${counted} ${title}`), SUBJECT_CHARACTERS);
}

/** The email as plain text. */
export function emailText(notice: Notice): string {
  const link = linkOf(notice);
  const lines = [
    headline(notice),
    ...facts(notice).map(([name, value]) => `${name}: ${value}`),
    ...(link === undefined ? [] : [`Incident: ${link}`]),
    '',
    sampleOf(notice),
    '',
    footer(notice),
  ];
  return `${lines.join('\n')}\n`;
}

/** The email as HTML: one page without scripts, images or styles from elsewhere. Everything in it is escaped. */
export function emailHtml(notice: Notice): string {
  const link = linkOf(notice);
  const rows = facts(notice).map(([name, value]) => `<tr><td>${name}</td><td>${escaped(value)}</td></tr>`);
  return [
    '<!DOCTYPE html>',
    '<html lang="en"><head><meta charset="utf-8"><title>',
    escaped(emailSubject(notice)),
    '</title></head><body>',
    `<h3>${escaped(headline(notice))}</h3>`,
    `<table cellpadding="4">${rows.join('')}</table>`,
    link === undefined ? '' : `<p><a href="${escaped(link)}">Open the incident</a></p>`,
    `<pre style="white-space:pre-wrap">${escaped(sampleOf(notice))}</pre>`,
    `<p><small>${escaped(footer(notice))}</small></p>`,
    '</body></html>\n',
  ].join('');
}

const HAPPENED: Readonly<Record<Notice['kind'], string>> = {
  first: 'is new',
  repeat: 'goes on',
  summary: 'was repeated',
  resolved: 'is over',
};

function headline({ kind, title }: Notice): string {
  return cut(`${line(title)} (${HAPPENED[kind]})`, SUBJECT_CHARACTERS * 2);
}

function facts({ level, source, count, firstSeen, lastSeen, fingerprint }: Notice): [string, string][] {
  return [
    ['Level', line(level)],
    ['Source', cut(line(source), 256)],
    ['Events', String(count)],
    ['First seen', line(firstSeen)],
    ['Last seen', line(lastSeen)],
    ['Fingerprint', line(fingerprint)],
  ];
}

function footer({ id, fingerprint }: Notice): string {
  return `sluice incidents show ${line(fingerprint)} tells more. Notice ${cut(line(id), 300)}`;
}

/** The sample keeps its lines and tabs. */
function sampleOf({ sample }: Notice): string {
  return cut(sample.replace(/\r\n?/g, '\n').split('\n').map(tabbed).join('\n'), SAMPLE_CHARACTERS);
}

function tabbed(text: string): string {
  return text.split('\t').map(shown).join('\t');
}

/** Only an address of the web is a link: no `javascript:`, no `data:`, no user name before the host. */
function linkOf({ link }: Notice): string | undefined {
  const url = link === undefined ? null : URL.parse(link);
  const isWeb =
    url !== null && ['https:', 'http:'].includes(url.protocol) && url.username === '' && url.password === '';
  return isWeb ? url.href : undefined;
}

function line(text: string): string {
  return text.replace(new RegExp(ACTIVE, 'gu'), ' ').replace(/ {2,}/g, ' ').trim();
}

function shown(text: string): string {
  return text.replace(new RegExp(ACTIVE, 'gu'), '\ufffd');
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  // A character takes two units of a text at most; one more shows that there is more.
  const characters = [...text.slice(0, most * 2 + 2)];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
