import { z } from 'zod';
import type { InhibitRule } from '../alerts/inhibition.ts';
import { isLabel, type Matcher, MatcherFault, parseMatcher } from '../alerts/matcher.ts';
import { LEVEL_TOPIC, type LevelSeconds, type RouteSettings } from '../alerts/routing-tree.ts';
import type { StormSettings } from '../alerts/storm.ts';
import type { TimeInterval } from '../alerts/time-intervals.ts';
import { duration, flag, type Kind, wholeNumber } from './configuration-values.ts';
import { type NamedReceiver, receivers } from './receiver-settings.ts';
import { groupOf, kindOf, listOf, type Parse, type Report, reportTo } from './settings-parser.ts';
import { name, timeIntervals } from './time-interval-settings.ts';

/** The routing of `alerts`, as it was read. */
export interface RoutingSettings {
  route: RouteSettings;
  inhibitRules: InhibitRule[];
  storm: StormSettings;
  /** A group is told again at most once in so many seconds; 0: as often as it comes back. */
  repeatSeconds: LevelSeconds;
  receivers: NamedReceiver[];
  timeIntervals: TimeInterval[];
}

const MOST_ROUTES = 100;
const MOST_MATCHERS = 20;
const DEEPEST = 10;

const matcher: Parse<Matcher> = (written, path, report) => {
  try {
    return parseMatcher(String(written));
  } catch (fault) {
    const expected = fault instanceof Error ? fault.message.replace(/^expected /, '') : 'a matcher';
    const advice =
      fault instanceof MatcherFault ? 'write it in single quotes' : "it is a regular expression of RE2's kind";
    report(path, expected, advice);
    return undefined;
  }
};

const label: Kind<string> = {
  expected: 'a label: level, source, fingerprint, attributes.<name>, or ... for all',
  advice: 'write [source, level]',
  parse: (written) => (typeof written === 'string' && (written === '...' || isLabel(written)) ? written : undefined),
};

const labels = listOf(kindOf(label), { most: 10, of: 'labels' });
/** Source: Alertmanager, "Configuration", route: `...` stands alone. */
const groupBy: Parse<string[]> = (written, path, report) => {
  const read = labels(written, path, report);
  if (read !== undefined && read.length > 1 && read.includes('...')) {
    report(path, '... alone, or labels', 'all labels are in it: write [...] or leave it out');
  }
  return read;
};
const matchers = listOf(matcher, { most: MOST_MATCHERS, of: 'matchers' });
const names = listOf(kindOf(name), { most: 20, of: 'names' });

function routeAt(depth: number): Parse<RouteSettings> {
  return (written, path, report) => {
    if (depth > DEEPEST) {
      report(path, `at most ${DEEPEST} routes in one another`, 'make the tree flatter');
      return undefined;
    }
    const read = groupOf({
      name: kindOf(name),
      matchers,
      continue: kindOf(flag),
      receiver: kindOf(name),
      group_by: groupBy,
      group_wait: kindOf(duration('0s', '1h')),
      group_interval: kindOf(duration('10s', '7d')),
      repeat_interval: kindOf(duration('0s', '30d')),
      resolve_timeout: kindOf(duration('0s', '30d')),
      mute_time_intervals: names,
      active_time_intervals: names,
      routes: listOf(routeAt(depth + 1), { most: MOST_ROUTES, of: 'routes' }),
    })(written, path, report);
    if (!read) return undefined;
    return defined({
      name: read.name,
      matchers: read.matchers,
      continue: read.continue,
      receiver: read.receiver,
      groupBy: read.group_by,
      groupWait: read.group_wait,
      groupInterval: read.group_interval,
      repeatInterval: read.repeat_interval,
      resolveTimeout: read.resolve_timeout,
      mute: read.mute_time_intervals,
      active: read.active_time_intervals,
      routes: read.routes,
    });
  };
}

function defined(settings: RouteSettings): RouteSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/** The root takes every event. Source: Alertmanager, "Configuration", route. */
const NOT_FOR_THE_ROOT = ['matchers', 'continue', 'name', 'mute_time_intervals', 'active_time_intervals'];

const root: Parse<RouteSettings> = (written, path, report) => {
  for (const setting of NOT_FOR_THE_ROOT) {
    if (typeof written !== 'object' || written === null || !Object.hasOwn(written, setting)) continue;
    report(
      [...path, setting],
      'settings that hold for every event',
      'the root takes them all: write it on one of its routes',
    );
  }
  return routeAt(0)(written, path, report);
};

/** A source that was heard of so long ago is taken to be over. */
const INHIBITS = 300;

const inhibitRules: Parse<InhibitRule[]> = listOf(
  (written, path, report) => {
    const shape = {
      source_matchers: matchers,
      target_matchers: matchers,
      equal: labels,
      lasts: kindOf(duration('10s', '7d')),
    };
    const read = groupOf(shape, { required: ['source_matchers', 'target_matchers'] })(written, path, report);
    if (!read?.source_matchers || !read.target_matchers) return undefined;
    const { source_matchers: source, target_matchers: target, equal = [], lasts = INHIBITS } = read;
    return { source, target, equal, seconds: lasts };
  },
  { most: 20, of: 'rules' },
);

const STORM: StormSettings = { incidents: 20, window: 300 };

const storm: Parse<StormSettings> = (written, path, report) => {
  const shape = { incidents: kindOf(wholeNumber(0, 100)), window: kindOf(duration('10s', '1d')) };
  return { ...STORM, ...groupOf(shape)(written, path, report) };
};

/** What goes on is told again this often: who is on call is reminded within an hour, a topic of lesser things once a day. */
const REPEATS: LevelSeconds = { critical: 3_600, error: 14_400, warning: 86_400, info: 86_400, debug: 86_400 };

const repeats: Parse<LevelSeconds> = (written, path, report) => {
  const repeat = kindOf(duration('0s', '30d'));
  const shape = { critical: repeat, error: repeat, warning: repeat, info: repeat, debug: repeat };
  return { ...REPEATS, ...groupOf(shape)(written, path, report) };
};

/** One key of `alerts` as it is written: what belongs together is checked by `routingSettings`. */
function part<T>(parse: Parse<T>, fallback: T) {
  return z
    .unknown()
    .optional()
    .transform((written, context): T => parse(written, [], reportTo(context)) ?? fallback);
}

export const routingShape = {
  route: part<RouteSettings>(root, {}),
  receivers: part<NamedReceiver[]>(receivers, []),
  time_intervals: part<TimeInterval[]>(timeIntervals, []),
  inhibit_rules: part<InhibitRule[]>(inhibitRules, []),
  storm: part<StormSettings>(storm, STORM),
  repeatInterval: part<LevelSeconds>(repeats, REPEATS),
};

type Written = { [Name in keyof typeof routingShape]: z.output<(typeof routingShape)[Name]> };

/** Whether the names in the tree are those of receivers and time intervals. To be used as a refinement of `alerts`. */
export function checkNames(written: Written, context: z.core.$RefinementCtx): void {
  const report = reportTo(context);
  const known = {
    receivers: [LEVEL_TOPIC, ...written.receivers.map((one) => one.name)],
    intervals: written.time_intervals.map((one) => one.name),
  };
  refuseTwice(known.receivers, 'receivers', report);
  refuseTwice(known.intervals, 'time_intervals', report);
  checkRoute(written.route, { path: ['route'], known, report, named: new Set() });
}

function refuseTwice(all: readonly string[], path: string, report: Report): void {
  const twice = all.find((one, place) => all.indexOf(one) !== place);
  if (twice !== undefined)
    report([path], `${twice} once`, `give the others names of their own; ${LEVEL_TOPIC} is taken`);
}

interface Place {
  path: readonly PropertyKey[];
  known: { receivers: readonly string[]; intervals: readonly string[] };
  report: Report;
  named: Set<string>;
}

function checkRoute(route: RouteSettings, place: Place): void {
  const { path, known, report, named } = place;
  const check = (setting: string, used: readonly string[], all: readonly string[]) => {
    const unknown = used.find((one) => !all.includes(one));
    const expected = all.length > 0 ? `one of ${all.join(', ')}` : 'a name that is defined';
    if (unknown !== undefined)
      report([...path, setting], expected, `${unknown} is not among alerts.receivers and alerts.time_intervals`);
  };
  check('receiver', route.receiver === undefined ? [] : [route.receiver], known.receivers);
  check('mute_time_intervals', route.mute ?? [], known.intervals);
  check('active_time_intervals', route.active ?? [], known.intervals);
  if (route.name !== undefined && named.has(route.name))
    report([...path, 'name'], 'a name that no other route has', 'its groups would be theirs');
  if (route.name !== undefined) named.add(route.name);
  for (const [at, child] of (route.routes ?? []).entries())
    checkRoute(child, { ...place, path: [...path, 'routes', at] });
}

export function routingSettings(written: Written): RoutingSettings {
  const { route, receivers: named, time_intervals: timeIntervals, inhibit_rules: inhibitRules } = written;
  const { storm: storms, repeatInterval: repeatSeconds } = written;
  return { route, receivers: named, timeIntervals, inhibitRules, storm: storms, repeatSeconds };
}
