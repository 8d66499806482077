import { isOfStorm, type Notice, subjectStart } from './notice.ts';

/** Mail programs show some 70 characters of a subject; RFC 5322 allows lines of 998 bytes. */
const SUBJECT_CHARACTERS = 150;
/** A sample may be 64 KiB; an email needs its beginning, the rest is in the incident. */
const SAMPLE_CHARACTERS = 4_000;

/** What a mail program acts upon or what hides: control and format characters, separators, halves of characters. */
const ACTIVE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** One line: level, count, title. No control characters, line breaks or marks of direction; at most 150 characters. */
export function emailSubject(notice: Notice): string {
  return cut(line(`${subjectStart(notice)} ${notice.title}`), SUBJECT_CHARACTERS);
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
    ...incidentsOf(notice).map((title) => `- ${title}`),
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
    listHtml(incidentsOf(notice)),
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

/** Of a storm, which is no incident: it is told when it begins, and again with the names of what came in it. */
const STORM_HAPPENED = { ...HAPPENED, first: 'a storm began', summary: 'what the storm brought' };

function headline(notice: Notice): string {
  const { kind, title } = notice;
  const happened = isOfStorm(notice) ? STORM_HAPPENED[kind] : HAPPENED[kind];
  return cut(`${line(title)} (${happened})`, SUBJECT_CHARACTERS * 2);
}

function facts(notice: Notice): [string, string][] {
  const { level, source, count, firstSeen, lastSeen, fingerprint } = notice;
  const isStorm = isOfStorm(notice);
  return [
    ['Level', line(level)],
    ['Source', cut(line(source), 256)],
    [isStorm ? 'Incidents' : 'Events', String(count)],
    ['First seen', line(firstSeen)],
    ['Last seen', line(lastSeen)],
    ...(isStorm ? [] : [['Fingerprint', line(fingerprint)] satisfies [string, string]]),
  ];
}

function footer(notice: Notice): string {
  const id = cut(line(notice.id), 300);
  if (isOfStorm(notice)) return `sluice incidents list tells more. Notice ${id}`;
  return `sluice incidents show ${line(notice.fingerprint)} tells more. Notice ${id}`;
}

/** The incidents that a notice names when it stands for several: a storm's notice names up to a hundred. */
function incidentsOf({ incidents = [] }: Notice): string[] {
  return incidents.map(({ fingerprint, title }) => `${cut(line(title), 200)} (${cut(line(fingerprint), 60)})`);
}

function listHtml(entries: readonly string[]): string {
  return entries.length === 0 ? '' : `<ul>${entries.map((entry) => `<li>${escaped(entry)}</li>`).join('')}</ul>`;
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
