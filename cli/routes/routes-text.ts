import type { ComparedNotice } from '../../shared/alerts/compare-notices.ts';
import type { RouteStep } from '../../shared/alerts/explain-routes.ts';
import { whenTold } from '../../shared/alerts/group-window.ts';
import type { Matched } from '../../shared/alerts/matcher.ts';
import type { Route, RouteDecision } from '../../shared/alerts/routing-tree.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { inert } from '../inert-text.ts';
import { renderTable, type TableColumn } from '../render-table.ts';
import { colored, type Terminal } from '../terminal.ts';
import type { Replayed } from './replay-routes.ts';

export interface Routed {
  matched: Matched & { event: LogEvent };
  steps: readonly RouteStep[];
  ways: readonly RouteDecision[];
}

const SHOWN_VALUE = 60;

/** What `sluice routes test` shows: the tree with each matcher, then who is told, when, and with what it is grouped. */
export function routedText({ matched, steps, ways }: Routed, terminal: Terminal): string {
  const { event, fingerprint } = matched;
  const head = `${colored(event.level, terminal.colors)} from ${inert(event.source)} at ${event.time}, fingerprint ${fingerprint}`;
  const columns: TableColumn[] = [
    { head: 'receiver' },
    { head: 'told' },
    { head: 'summary after' },
    { head: 'addresses' },
    { head: 'group', gives: true },
  ];
  const rows = ways.map(({ route, group }) => [
    route.receiver,
    toldText(event, toldAt(event, route)),
    `${route.groupInterval[event.level]} s`,
    route.to.join(', ') || 'none: told to nobody',
    group,
  ]);
  return [
    head,
    '',
    ...steps.flatMap((step) => stepLines(step, terminal)),
    '',
    renderTable(columns, rows, terminal),
  ].join('\n');
}

/** In milliseconds since 1970, as a window has it: a mute holds back what is due within it, and a wait ends within one too. */
function toldAt({ time }: LogEvent, route: Route): number {
  return whenTold(route, Date.parse(time) + route.groupWait * 1_000);
}

function toldText({ time }: LogEvent, tellFrom: number): string {
  return tellFrom <= Date.parse(time) ? 'at once' : `from ${new Date(tellFrom).toISOString()}`;
}

const MARKS = { taken: '●', entered: '○', unmatched: '✖', 'not reached': '·' } as const;

function stepLines({ route, depth, outcome, continues, matchers }: RouteStep, { colors }: Terminal): string[] {
  const indent = '  '.repeat(depth);
  const name = depth === 0 ? 'every event' : `route ${route.name}${matchers.length === 0 ? ': every event' : ''}`;
  const words = { taken: `→ ${route.receiver}`, entered: '', unmatched: '', 'not reached': 'not reached' }[outcome];
  const goesOn = continues && outcome !== 'unmatched' ? ' (continues)' : '';
  const line = `${indent}${MARKS[outcome]} ${inert(name)}${words === '' ? '' : ` ${inert(words)}`}${goesOn}`;
  return [
    outcome === 'taken' ? colors.bold(line) : line,
    ...matchers.map(({ text, value, isMet }) => {
      const mark = isMet === undefined ? '·' : isMet ? '✔' : '✖';
      const got = isMet === false ? `, got ${JSON.stringify(value.slice(0, SHOWN_VALUE))}` : '';
      return `${indent}    ${mark} ${inert(text)}${inert(got)}`;
    }),
  ];
}

export function routedJson({ event, fingerprint }: Routed['matched'], steps: Routed['steps'], ways: Routed['ways']) {
  const { level, source, time, attributes = {} } = event;
  return {
    event: { level, source, time, attributes, fingerprint },
    routes: steps.map(({ route, depth, outcome, continues, matchers }) => ({
      route: route.name,
      depth,
      outcome,
      continues,
      receiver: route.receiver,
      matchers,
    })),
    receivers: ways.map(({ route, group }) => ({
      receiver: route.receiver,
      route: route.name,
      addresses: route.to,
      group,
      toldFrom: new Date(toldAt(event, route)).toISOString(),
      summaryAfterSeconds: route.groupInterval[level],
    })),
  };
}

interface Period {
  since: string;
  until: string;
  isCut: boolean;
}

/** What `sluice routes replay` shows: a line a receiver, a few notices of each, and whether anything changes at all. */
export function replayText({ since, until, isCut }: Period, replayed: Replayed, terminal: Terminal): string {
  const { events, before, after, won, lost, receivers } = replayed;
  const columns: TableColumn[] = [
    { head: 'receiver', gives: true },
    ...['present', 'new', 'won', 'lost'].map((head) => ({ head, align: 'right' as const })),
  ];
  const figures = [...receivers, { receiver: 'all', before, after, won, lost }].map((one) => [
    one.receiver,
    ...[one.before, one.after, one.won, one.lost].map(String),
  ]);
  const only = isCut ? ' (only the first of them: --limit reads more)' : '';
  const changes = receivers.filter((one) => one.won + one.lost > 0);
  return [
    `${events} events from ${since} to ${until}${only}`,
    renderTable(columns, figures, terminal),
    ...(changes.length === 0 ? ['Nobody would be told anything else.'] : []),
    ...changes.flatMap(({ receiver, won: more, lost: fewer, examples }) => [
      ...exampleLines(`${receiver} would be told ${more} more:`, examples.won, terminal),
      ...exampleLines(`${receiver} would not be told ${fewer}:`, examples.lost, terminal),
    ]),
  ].join('\n');
}

function exampleLines(head: string, notices: readonly ComparedNotice[], { colors }: Terminal): string[] {
  if (notices.length === 0) return [];
  const lines = notices.map(({ kind, level, title, count, firstSeen }) => {
    const times = count === 1 ? '' : ` (${count} times)`;
    return `  ${firstSeen.slice(0, 19)}Z ${colored(level, colors)} ${kind}: ${inert(title)}${times}`;
  });
  return ['', inert(head), ...lines];
}
