import { eventIdHash } from '../events/event-id.ts';
import { LEVELS, type Level } from '../events/levels.ts';
import { subjectOf } from './known-incidents.ts';
import { compileMatchers, labelOf, type Matched, type Matcher, matcherText } from './matcher.ts';
import { mutedUntil, type RouteTimes, type TimeInterval } from './time-intervals.ts';

/** Seconds, by level. */
export type LevelSeconds = Readonly<Record<Level, number>>;

/** One node of the tree as it is written: what is missing comes from the node above. Plain JSON. */
export interface RouteSettings {
  /** Keeps a route's groups when its matchers change. Default: made of the matchers on the way to it. */
  name?: string;
  matchers?: readonly Matcher[];
  continue?: boolean;
  receiver?: string;
  /** Labels, or `...` for all. */
  groupBy?: readonly string[];
  /** Seconds, here and below. */
  groupWait?: number;
  groupInterval?: number;
  repeatInterval?: number;
  resolveTimeout?: number;
  /** Names of time intervals. They hold for this route alone, as in Alertmanager. */
  mute?: readonly string[];
  active?: readonly string[];
  routes?: readonly RouteSettings[];
}

/** A route with all that it inherits. */
export interface Route {
  /** Empty for the root. */
  name: string;
  receiver: string;
  groupBy: readonly string[];
  groupWait: number;
  groupInterval: LevelSeconds;
  /** 0: as often as it comes back. */
  repeatInterval: LevelSeconds;
  /** Of what rules and restarts say: what the routes themselves are told, for these are limited by themselves. */
  ownRepeatInterval: LevelSeconds;
  /** 0: never told to be over. */
  resolveTimeout: LevelSeconds;
  /** Addresses of the receiver. None: what comes here is told to nobody. */
  to: readonly string[];
  /** When it is muted. Missing: never. */
  times?: RouteTimes;
}

/** A route with what decides who takes it. */
export interface RouteNode {
  route: Route;
  matchers: readonly Matcher[];
  /** Whether all of them are met. */
  matches: (matched: Matched) => boolean;
  continues: boolean;
  children: readonly RouteNode[];
}

declare const treeBrand: unique symbol;

/** A tree that events can be sent through. Made by `compileTree`. */
export type RoutingTree = RouteNode & { readonly [treeBrand]: true };

/** One way that an event takes. */
export interface RouteDecision {
  route: Route;
  /** Key of the group in the alert-groups table. */
  group: string;
  /** Milliseconds since 1970 from which notices may go out: `now`, or the end of the times at which the route is muted. */
  tellFrom: number;
}

export interface TreeDefaults {
  groupInterval: LevelSeconds;
  repeatInterval: LevelSeconds;
  resolveTimeout: LevelSeconds;
  timeIntervals: readonly TimeInterval[];
  /** Addresses of each receiver, by its name. That of the levels' topics needs none. */
  addresses: ReadonlyMap<string, readonly string[]>;
}

/** The receiver of those who configure none: the topic of the notice's level. */
export const LEVEL_TOPIC = 'level-topic';
export const GROUP_BY = ['fingerprint', 'level'] as const;
const ALL_LABELS = '...';

/** Throws for a time interval or a receiver that is not defined; configurations are checked before. */
export function compileTree(
  root: RouteSettings,
  { groupInterval, repeatInterval, resolveTimeout, timeIntervals, addresses }: TreeDefaults,
): RoutingTree {
  const intervals = new Map(timeIntervals.map((interval) => [interval.name, interval]));
  const above: Route = {
    name: '',
    receiver: LEVEL_TOPIC,
    groupBy: GROUP_BY,
    groupWait: 0,
    groupInterval,
    repeatInterval,
    ownRepeatInterval: ofAllLevels(0),
    resolveTimeout,
    to: [LEVEL_TOPIC],
  };
  const all = new Map(addresses).set(LEVEL_TOPIC, above.to);
  return compileNode(root, { above, path: '', intervals, addresses: all }) as RoutingTree;
}

interface Surroundings {
  above: Route;
  /** The matchers on the way to the node. */
  path: string;
  intervals: ReadonlyMap<string, TimeInterval>;
  addresses: ReadonlyMap<string, readonly string[]>;
}

function compileNode(settings: RouteSettings, surroundings: Surroundings): RouteNode {
  const { above, path, intervals, addresses } = surroundings;
  const { matchers = [], mute = [], active = [], routes = [] } = settings;
  const receiver = settings.receiver ?? above.receiver;
  const times = { mute: namedIn(intervals, mute), active: namedIn(intervals, active) };
  const repeat = ofAllLevelsIfSet(settings.repeatInterval);
  const route: Route = {
    name: settings.name ?? (path === '' ? '' : eventIdHash(path).toString(36)),
    receiver,
    groupBy: settings.groupBy ?? above.groupBy,
    groupWait: settings.groupWait ?? above.groupWait,
    groupInterval: ofAllLevelsIfSet(settings.groupInterval) ?? above.groupInterval,
    repeatInterval: repeat ?? above.repeatInterval,
    ownRepeatInterval: repeat ?? above.ownRepeatInterval,
    resolveTimeout: ofAllLevelsIfSet(settings.resolveTimeout) ?? above.resolveTimeout,
    to: namedIn(addresses, [receiver]).flat(),
    ...(mute.length + active.length > 0 ? { times } : {}),
  };
  const paths = new Set<string>();
  const child = (one: RouteSettings) =>
    compileNode(one, { ...surroundings, above: route, path: pathOf(path, one, paths) });
  return {
    route,
    matchers,
    matches: compileMatchers(matchers),
    continues: settings.continue ?? false,
    children: routes.map(child),
  };
}

function namedIn<T>(all: ReadonlyMap<string, T>, names: readonly string[]): T[] {
  return names.map((name) => {
    const one = all.get(name);
    if (one === undefined) throw new Error(`expected one of ${[...all.keys()].join(', ')}, got ${name}`);
    return one;
  });
}

/** Two routes with the same matchers below one node are told apart by their place. */
function pathOf(above: string, { matchers = [] }: RouteSettings, taken: Set<string>): string {
  let path = `${above}/{${matchers.map(matcherText).join(',')}}`;
  while (taken.has(path)) path += '+';
  taken.add(path);
  return path;
}

function ofAllLevels(seconds: number): LevelSeconds {
  return Object.fromEntries(LEVELS.map((level) => [level, seconds])) as Record<Level, number>;
}

function ofAllLevelsIfSet(seconds: number | undefined): LevelSeconds | undefined {
  return seconds === undefined ? undefined : ofAllLevels(seconds);
}

/**
 * The ways that an event takes through the tree at a time: below each node the first child that matches, and those after
 * it if that one continues; the node itself if no child matches. Pure: the same event at the same time goes the same
 * ways. `now` is in milliseconds since 1970, the event's own time.
 */
export function decideRoutes(routable: Matched, tree: RoutingTree, now: number): RouteDecision[] {
  return nodesFor(tree, routable).map(({ route }) => ({
    route,
    group: groupKey(route, routable),
    tellFrom: route.times ? mutedUntil(route.times, now) : now,
  }));
}

function nodesFor(node: RouteNode, routable: Matched): RouteNode[] {
  if (!node.matches(routable)) return [];
  const all: RouteNode[] = [];
  for (const child of node.children) {
    const found = nodesFor(child, routable);
    all.push(...found);
    if (found.length > 0 && !child.continues) break;
  }
  return all.length > 0 ? all : [node];
}

/** DynamoDB takes keys of up to 2,048 bytes. */
const LONGEST_KEY = 600;

/** The group of an event on a route: the route, and the values of the labels that it is grouped by. */
export function groupKey({ name, groupBy }: Pick<Route, 'name' | 'groupBy'>, routable: Matched): string {
  const isDefault = name === '' && groupBy.length === 2 && GROUP_BY.every((label, at) => groupBy[at] === label);
  const subject = groupBy.includes('fingerprint') ? subjectOf(routable.event) : undefined;
  if (isDefault) return `${routable.fingerprint}#${routable.event.level}${hashOf(subject)}`;
  const key = `@${name}#${JSON.stringify(groupBy.map((label) => groupValue(routable, label)))}${hashOf(subject)}`;
  return key.length <= LONGEST_KEY ? key : `${key.slice(0, LONGEST_KEY / 2)}#${eventIdHash(key).toString(36)}`;
}

/** Of Sluice's own events, those about one thing make no group with those about another. */
function hashOf(subject: string | undefined): string {
  return subject === undefined ? '' : `#${eventIdHash(subject).toString(36)}`;
}

function groupValue(routable: Matched, label: string): unknown {
  if (label !== ALL_LABELS) return labelOf(routable, label);
  const { event, fingerprint } = routable;
  const attributes = Object.entries(event.attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return [event.level, event.source, fingerprint, ...attributes];
}
