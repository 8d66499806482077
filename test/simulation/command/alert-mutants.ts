import { type Mutant, one } from './mutant.ts';

const GROUP = 'shared/alerts/alert-group.ts';
const WINDOW = 'shared/alerts/group-window.ts';
const EPISODE = 'shared/alerts/episode.ts';
const SILENCE = 'shared/alerts/silence.ts';
const STORM = 'shared/alerts/storm.ts';
const FIND_STORMS = 'services/route-alerts/find-storms.ts';
const ROUTE = 'services/route-alerts/route-alerts.ts';
const SWEEP = 'services/close-windows/close-windows.ts';
const SEND = 'services/route-alerts/send-pending.ts';

/** Bugs that somebody could make in windows, outboxes, silences and storms, one at a time. */
export const ALERT_MUTANTS: readonly Mutant[] = [
  one('windows seven times as long', WINDOW, [
    'start + wait + way.route.groupInterval[event.level] * 1_000',
    'start + wait + way.route.groupInterval[event.level] * 7_000',
  ]),
  one('a window is held back for seven times as long', EPISODE, [
    'Date.parse(toldAt) + seconds * 1_000',
    'Date.parse(toldAt) + seconds * 7_000',
  ]),
  one('a summary is due an hour later', GROUP, [
    "if (window.status === 'open' && hasMore(window)) return closesAt;",
    "if (window.status === 'open' && hasMore(window)) return isoTime(Date.parse(closesAt) + 3_600_000);",
  ]),
  one('what waits is looked for an hour late', SWEEP, [
    '[{ from: middle, until: now }, { until: middle }]',
    '[{ until: now - 3_600_000 }]',
  ]),
  one('never clears what it sent', SEND, [
    'await pMap(groups.filter(isTouched), clearGroup, { concurrency: CONCURRENCY });',
    'await pMap([], clearGroup);',
  ]),
  one('a batch waits for a topic that refuses', SEND, [
    'const clearGroup = async',
    "if (taken.size < outboxes.flatMap(({ pending }) => pending).length) throw new Error('refused');\n  const clearGroup = async",
  ]),
  one('a silence never ends', SILENCE, [
    'time >= silence.startsAt && time < end && matches(matched)',
    'time >= silence.startsAt && matches(matched)',
  ]),
  one('a silence cannot be ended before its time', SILENCE, [
    'return { ...state, endedAt: time, endedBy: said.author };',
    'return { ...state, endedBy: said.author };',
  ]),
  one('a silence ends without a word', SILENCE, ['return state.hidden === 0 ||', 'return state.hidden >= 0 ||']),
  one('a silence counts a batch as one', SILENCE, ['hidden: state.hidden + 1,', 'hidden: Math.max(1, state.hidden),']),
  one('a silence lets its events go uncounted', ROUTE, [
    'const silenced: Silenced[] = [...changes];',
    'const silenced = { push: () => 0, sort: () => [...changes] };',
  ]),
  one('tells nobody of warnings', ROUTE, [
    '!isInhibited(way)',
    "!isInhibited(way) && ['critical', 'error'].includes(way.event.level)",
  ]),
  one('a storm forgets incidents', STORM, ['named: [...storm.named, incident] }', 'named: [incident] }']),
  one('a storm tells of its beginning alone', STORM, [
    'storm.closesAt <= now && storm.named.length + storm.unnamed > 0',
    'storm.closesAt <= now && storm.unnamed < 0',
  ]),
  one('a storm takes what is told one by one for named', STORM, [
    'if (windows.some(({ told }) => told.includes(hash))) return false;',
    '',
  ]),
  one('a storm takes what comes from an older window for named', STORM, [
    'return windows.some(({ openedAt, closesAt, isStorm }) => isStorm && time >= openedAt && time < closesAt);',
    'return windows.some(({ isStorm }) => isStorm && time !== hash.toString());',
  ]),
  {
    name: 'an incident that no storm could count is told by nobody',
    edits: [
      {
        file: FIND_STORMS,
        find: 'if (storm === undefined || !isInStorm(storm, opening)) continue;',
        replace: 'if (storm !== undefined && !isInStorm(storm, opening)) continue;',
      },
      { file: FIND_STORMS, find: 'until: stormEnd(storm, opening)', replace: "until: storm?.closesAt ?? '9999'" },
    ],
  },
];
