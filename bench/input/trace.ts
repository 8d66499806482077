import type { LogEvent } from '../../shared/events/event.ts';
import type { Level } from '../../shared/events/levels.ts';
import { START } from './events.ts';
import { seededRandom } from './random.ts';

export interface TraceOptions {
  events: number;
  /** Events a second. Default 12,000: packed by the client some 500 KB, of which a shard gives three consumers 2 MB. */
  rate?: number;
  /** Groups that the errors fall into. Default 200. */
  errorGroups?: number;
  /** Groups that everything else falls into. Default 60. */
  otherGroups?: number;
  seed?: number;
}

const SOURCES = ['shop', 'checkout', 'search', 'billing', 'edge'];
const ERROR_SHARE = 0.05;
const WARNING_SHARE = 0.005;
const CRITICAL_SHARE = 0.0005;
const STORMS = 3;
/** Of the errors, so many belong to storms: each is one group at ten times the usual rate of all errors. */
const STORM_SHARE = 0.6;
const HEX = '0123456789abcdef';

/**
 * A trace of log events of about 275 bytes, the same at every run: 5 % errors in 200 groups, few of them frequent, and
 * three storms of one group each; 0.5 % warnings; the rest is informational. Made second by second, so that ten million
 * fit into no memory.
 */
export function* traceSeconds(options: TraceOptions): Generator<{ at: number; events: LogEvent[] }> {
  const { events, rate = 12_000, errorGroups = 200, otherGroups = 60, seed = 7 } = options;
  const random = seededRandom(seed);
  const seconds = Math.ceil(events / rate);
  let made = 0;
  for (let second = 0; second < seconds; second++) {
    const at = START + second * 1_000;
    const storm = stormAt(second, seconds);
    const batch: LogEvent[] = [];
    for (let index = 0; index < rate && made < events; index++, made++) {
      const { level, group } = kindOf(random, { storm, errorGroups, otherGroups });
      batch.push(eventOf(at + Math.floor((index * 1_000) / rate), level, group, random));
    }
    yield { at, events: batch };
  }
}

/** Three times in the trace, for a twentieth of it each. */
function stormAt(second: number, seconds: number): number | undefined {
  const place = (second / seconds) * (STORMS + 1);
  const storm = Math.floor(place);
  return storm >= 1 && storm <= STORMS && place - storm < (STORMS + 1) / 20 ? storm : undefined;
}

interface Kinds {
  storm: number | undefined;
  errorGroups: number;
  otherGroups: number;
}

/** While a storm lasts its group is added to the ordinary errors: 3/20 of the time make 60 % of all errors. */
const CALM_ERRORS = ERROR_SHARE * (1 - STORM_SHARE);
const STORM_ERRORS = (ERROR_SHARE * STORM_SHARE) / (STORMS / 20);

function kindOf(random: () => number, { storm, errorGroups, otherGroups }: Kinds): { level: Level; group: string } {
  const chance = random();
  if (storm !== undefined && chance > 1 - STORM_ERRORS) return { level: 'error', group: `storm ${letters(storm)}` };
  if (chance < CRITICAL_SHARE) return { level: 'critical', group: `critical ${letters(rank(random, 5))}` };
  if (chance < CALM_ERRORS) return { level: 'error', group: letters(rank(random, errorGroups)) };
  if (chance < CALM_ERRORS + WARNING_SHARE) return { level: 'warning', group: letters(rank(random, 20)) };
  return { level: chance < 0.2 ? 'debug' : 'info', group: letters(rank(random, otherGroups)) };
}

/** Few groups are frequent, most are rare. */
function rank(random: () => number, groups: number): number {
  return Math.floor(groups * random() ** 2);
}

/** A name without digits, for digits are masked. */
export function letters(value: number): string {
  let text = '';
  for (let rest = value + 26; rest > 0; rest = Math.floor(rest / 26)) text += String.fromCharCode(97 + (rest % 26));
  return text;
}

function eventOf(milliseconds: number, level: Level, group: string, random: () => number): LogEvent {
  const number = Math.floor(random() * 1e6);
  return {
    v: 1,
    id: `0193${hex(random, 4)}-${hex(random, 4)}-7${hex(random, 3)}-8${hex(random, 3)}-${hex(random, 12)}`,
    type: 'log',
    time: new Date(milliseconds).toISOString(),
    level,
    source: sourceOf(group),
    message: `handler ${group} finished order ${number} for customer ${number % 9_973} in ${number % 811} ms after ${number % 3} tries at 10.1.${number % 250}.7`,
  };
}

/** A message comes out of one application: a group is of one source. */
function sourceOf(group: string): string {
  let sum = 0;
  for (let at = 0; at < group.length; at++) sum += group.charCodeAt(at);
  return SOURCES[sum % SOURCES.length] as string;
}

function hex(random: () => number, digits: number): string {
  let text = '';
  for (let index = 0; index < digits; index++) text += HEX[Math.floor(random() * 16)];
  return text;
}
