import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { decideRoutes } from '../shared/alerts/routing-tree.ts';
import { mutedUntil } from '../shared/alerts/time-intervals.ts';
import { fingerprintEvent } from '../shared/events/fingerprint.ts';
import type { Level } from '../shared/events/levels.ts';
import { alertPolicyOf } from '../shared/runtime/alert-policy.ts';
import { type Configuration, ConfigurationError, parseConfiguration } from '../shared/runtime/configuration.ts';
import { alertWorld } from './support/alert-world.ts';
import { documentBlock, documentBlocks } from './support/readme.ts';
import { logEvent, recordOfEvents } from './support/stream-records.ts';

const PAGE = 'docs/alerting.md';
/** The sections that the page is about. */
const SECTIONS = ['alerts', 'email'];
const examples = documentBlocks(PAGE).filter(({ language }) => language === 'yaml');

/** A name that no setting has: the fault that it makes tells the names that there are. */
const UNKNOWN = 'zz';

/** The settings of a group, as the parser itself names them; none where there is no group. */
function namesIn(path: string): string[] {
  const written = path.split('.').reduceRight<unknown>((below, name) => ({ [name]: below }), { [UNKNOWN]: 1 });
  try {
    parseConfiguration(JSON.stringify(written));
  } catch (fault) {
    const faults = fault instanceof ConfigurationError ? fault.faults : [];
    const names = faults.find((one) => one.path.replace(/\.\d+/g, '') === `${path}.${UNKNOWN}`)?.expected ?? '';
    return names.startsWith('one of ') ? names.slice('one of '.length).split(', ') : [];
  }
  return [];
}

/** Every setting below a path. Routes below a route have its settings again. */
function settingsBelow(path: string): string[] {
  if (path.endsWith('.routes')) return [];
  return namesIn(path).flatMap((name) => [`${path}.${name}`, ...settingsBelow(`${path}.${name}`)]);
}

const settings = SECTIONS.flatMap(settingsBelow);

/** Paths of what is written, without places in lists. */
function writtenIn(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => writtenIn(entry, path));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, below]) => {
    const here = path === '' ? name : `${path.replace(/(\.routes)+$/, '')}.${name}`;
    return [here, ...writtenIn(below, here)];
  });
}

/** What the first column of a table explains, where its head says of which groups it is. */
function explainedIn(page: string): string[] {
  return page.split('\n\n').flatMap((paragraph) => {
    const [head = '', , ...rows] = paragraph.split('\n');
    const groups = head.startsWith('| in ') ? namesAmong(head.split(' | ')[0] ?? '') : [];
    const names = rows.flatMap((row) => namesAmong(row.split(' | ')[0] ?? ''));
    return groups.flatMap((group) => names.map((name) => `${group}.${name}`));
  });
}

function namesAmong(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

describe('docs/alerting.md', () => {
  it('is held against the settings that the parser knows', () => {
    expect(settings.length).toBeGreaterThan(60);
    expect(settings).toEqual(
      expect.arrayContaining(['alerts.storm.incidents', 'alerts.route.mute_time_intervals', 'alerts.windows.error']),
    );
  });

  it('explains each setting in a table', () => {
    const explained = new Set(explainedIn(readFileSync(new URL(`../${PAGE}`, import.meta.url), 'utf8')));
    expect(settings.filter((path) => !explained.has(path))).toEqual([]);
  });

  it('names no setting that there is not', () => {
    const known = new Set(settings);
    const isOfThese = (path: string) => known.has(path.slice(0, path.lastIndexOf('.')));
    const explained = explainedIn(readFileSync(new URL(`../${PAGE}`, import.meta.url), 'utf8'));
    // One table may be of several groups, each of which has some of its settings.
    const names = new Set([...known].map((path) => path.slice(path.lastIndexOf('.') + 1)));
    expect(explained.filter(isOfThese).filter((path) => !names.has(path.slice(path.lastIndexOf('.') + 1)))).toEqual([]);
  });

  it('shows each setting in an example', () => {
    const shown = new Set(examples.flatMap(({ text }) => writtenIn(parse(text), '')));
    expect(settings.filter((path) => !shown.has(path))).toEqual([]);
  });

  it.each(examples.map(({ text }) => [text]))('has an example that can be deployed: %s', (text) => {
    expect(() => parseConfiguration(text, { stage: 'prod' })).not.toThrow();
  });
});

/** An example, and the lines of what is to be expected of it: `<what> -> <outcome>`. */
function expected(holding: string): { alerts: Configuration['alerts']; lines: [string[], string][] } {
  const blocks = documentBlocks(PAGE);
  const place = blocks.findIndex(({ language, text }) => language === 'yaml' && text.includes(holding));
  const next = blocks[place + 1];
  if (next?.language !== 'expect') throw new Error(`expected a block of what is expected of ${holding}`);
  const lines = next.text
    .trim()
    .split('\n')
    .map((line): [string[], string] => {
      const [what = '', outcome = ''] = line.split('->');
      return [what.trim().split(/\s+/), outcome.trim()];
    });
  return { alerts: parseConfiguration(blocks[place]?.text ?? '').alerts, lines };
}

const NOON = Date.parse('2026-11-21T12:00:00.000Z');

function waysOf(alerts: Configuration['alerts'], { level, source }: { level: string; source: string }) {
  const event = logEvent({ level: level as Level, source });
  const printed = { event, ...fingerprintEvent(event), arrivedAt: NOON };
  return decideRoutes(printed, alertPolicyOf(alerts).routing, NOON).map(({ route }) => route);
}

test('the routes of the page lead where it says', () => {
  const { alerts, lines } = expected('routes:\n      - name: page');
  const led = lines.map(([[level = '', source = '']]) =>
    waysOf(alerts, { level, source }).map(({ receiver }) => receiver),
  );
  expect(led.map((receivers) => receivers.join(', '))).toEqual(lines.map(([, outcome]) => outcome));
});

test('the times of the page hold back what it says, until when it says', () => {
  const { alerts, lines } = expected('active_time_intervals: [office]');
  for (const [[level = '', source = '', time = ''], outcome] of lines) {
    const [route] = waysOf(alerts, { level, source });
    const at = Date.parse(time);
    const told = route?.times ? mutedUntil(route.times, at) : at;
    const wanted = outcome === 'at once' ? at : Date.parse(outcome);
    expect([level, source, new Date(told).toISOString()]).toEqual([level, source, new Date(wanted).toISOString()]);
  }
});

test('the inhibition of the page hides what it says', async () => {
  const { alerts, lines } = expected('inhibit_rules:');
  const { run, sent } = alertWorld({ policy: alertPolicyOf(alerts) });
  for (const [place, [[level = '', source = '', , time = ''], outcome]] of lines.entries()) {
    const at = Date.parse(`2026-11-21T${time}:00.000Z`);
    const event = { id: `event-${place}`, level: level as Level, source, time: new Date(at).toISOString() };
    await run([recordOfEvents(place + 1, [event], { arrivedAt: at })]);
    const isTold = sent.some(({ id }) => id.startsWith(`${event.id}/`));
    expect([level, source, time, isTold ? 'told' : 'hidden']).toEqual([level, source, time, outcome]);
  }
});

test('a storm of the page is told of as it says: the first by themselves, the others by name, none left out', async () => {
  const { alerts } = parseConfiguration(documentBlock(PAGE, { language: 'yaml', holding: 'storm:' }));
  const { run, sweep, sent, clock } = alertWorld({ policy: alertPolicyOf(alerts) });
  const words = Array.from({ length: 50 }, (_, n) => `${String.fromCharCode(97 + (n % 26))}${n < 26 ? 'x' : 'y'}`);
  const events = words.map((word, n) => ({ id: `event-${n}`, message: `the service ${word} is gone` }));
  await run(events.map((event, place) => recordOfEvents(place + 1, [event])));
  const { incidents, window } = alerts.storm;
  expect([incidents, window]).toEqual([20, 300]);
  expect(sent.map(({ id }) => id.includes('#storm'))).toEqual([...Array(incidents).fill(false), true]);
  clock.advance(window * 1_000 + 1);
  await sweep();
  const ofStorm = sent.filter(({ id }) => id.includes('#storm'));
  expect(ofStorm.map(({ kind, count }) => [kind, count])).toEqual([
    ['first', incidents + 1],
    ['summary', words.length - incidents],
  ]);
  expect(
    new Set(ofStorm.flatMap(({ incidents: named = [] }) => named.map(({ fingerprint }) => fingerprint))).size,
  ).toBe(words.length - incidents);
});
