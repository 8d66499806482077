import type { Notice } from '../../shared/alerts/notice.ts';
import { categoryOf, LEVELS, type Level } from '../../shared/events/levels.ts';
import { type ApplicationLogRules, wantsRow } from '../../shared/incidents/application-log.ts';
import type { BatchCounts } from '../../shared/stream/receipts.ts';

export const CONSUMERS = ['route-alerts', 'project-incidents', 'archive-events'] as const;
export type ConsumerName = (typeof CONSUMERS)[number];

/** What the archive holds of one fingerprint at one level in one hour. */
export interface ArchiveGroup {
  source: string;
  level: Level;
  fingerprint: string;
  hour: string;
  rows: number;
  /** Distinct event ids. */
  ids: number;
}

export interface IncidentRow {
  fingerprint: string;
  level: Level;
  source: string;
  template: string;
  count: number;
  status: string;
}

/** What was put, and everything that can be seen of it in the cloud. */
export interface Observed {
  sent: { events: number; repeated: number };
  ledger: Record<ConsumerName, BatchCounts>;
  archive: { objects: number; groups: readonly ArchiveGroup[] };
  quarantined: number;
  incidents: readonly IncidentRow[];
  applicationLogRows: number;
  notices: readonly Pick<Notice, 'kind' | 'level' | 'fingerprint'>[];
}

export interface Check {
  what: string;
  expected: number;
  actual: number;
}

export interface Accounts {
  received: number;
  duplicates: number;
  filtered: number;
  quarantined: number;
  projected: number;
  notices: Record<Level, number>;
  rows: number;
  checks: Check[];
}

const sum = <T>(items: readonly T[], of: (item: T) => number) => items.reduce((total, item) => total + of(item), 0);

/**
 * Holds what the consumers say against each other: the ledger of receipts, the archive, the tables and the queue were
 * written by different functions, and every number must be found at least twice.
 */
export function reconcile(observed: Observed, rules: ApplicationLogRules): Accounts {
  const { sent, ledger, archive, quarantined, incidents, notices } = observed;
  const isKept = (group: ArchiveGroup) => categoryOf(group.level) === 'error' || wantsRow(group, rules);
  const kept = archive.groups.filter(isKept);
  const other = archive.groups.filter((group) => !isKept(group));
  const rows = sum(archive.groups, (group) => group.rows);
  const ids = sum(archive.groups, (group) => group.ids);
  const incidentsLedger = ledger['project-incidents'];
  const checks: Check[] = [
    ...CONSUMERS.map((name) => check(`events received by ${name}`, sent.events, ledger[name].received)),
    check('rows in the archive', sent.events - quarantined, rows),
    check('duplicates in the archive', sent.repeated, rows - ids),
    check('duplicates dropped by route-alerts', sent.repeated, ledger['route-alerts'].duplicates),
    check('records in quarantine', incidentsLedger.quarantined, quarantined),
    check(
      'events projected',
      sum(kept, (group) => group.ids),
      incidentsLedger.projected,
    ),
    check(
      'events filtered, repeats included',
      sum(other, (group) => group.rows),
      incidentsLedger.filtered,
    ),
    check(
      'application log rows',
      sum(kept, (group) => dueRows(group, rules)),
      observed.applicationLogRows,
    ),
    ...incidentChecks(archive.groups, incidents),
    ...noticeChecks(archive.groups, notices),
  ];
  return {
    received: incidentsLedger.received,
    duplicates: rows - ids,
    filtered: sum(other, (group) => group.ids),
    quarantined,
    projected: incidentsLedger.projected,
    notices: countByLevel(notices),
    rows,
    checks,
  };
}

export function isExact({ checks }: Accounts): boolean {
  return checks.every(({ expected, actual }) => expected === actual);
}

function check(what: string, expected: number, actual: number): Check {
  return { what, expected, actual };
}

function dueRows(group: ArchiveGroup, rules: ApplicationLogRules): number {
  return wantsRow(group, rules) ? Math.min(group.ids, rules.rowsPerFingerprintAndHour) : 0;
}

/** Each incident's count against the archive's distinct ids. Only those that differ are listed, beside the totals. */
function incidentChecks(groups: readonly ArchiveGroup[], incidents: readonly IncidentRow[]): Check[] {
  const expected = new Map<string, number>();
  for (const { level, fingerprint, ids } of groups) {
    if (categoryOf(level) === 'error') expected.set(fingerprint, (expected.get(fingerprint) ?? 0) + ids);
  }
  const actual = new Map(incidents.map(({ fingerprint, count }) => [fingerprint, count]));
  const both = [...new Set([...expected.keys(), ...actual.keys()])];
  const each = both.map((name) => check(`count of incident ${name}`, expected.get(name) ?? 0, actual.get(name) ?? 0));
  return [
    check('incidents', expected.size, actual.size),
    check(
      'events in incidents',
      sum([...expected.values()], Number),
      sum(incidents, ({ count }) => count),
    ),
    ...each.filter((one) => one.expected !== one.actual),
  ];
}

/** One notice opens the window of each fingerprint and level; repeats within it are counted, not told. */
function noticeChecks(groups: readonly ArchiveGroup[], notices: Observed['notices']): Check[] {
  return LEVELS.map((level) => {
    const expected = new Set(groups.filter((group) => group.level === level).map(({ fingerprint }) => fingerprint));
    const told = notices.filter((notice) => notice.level === level && notice.kind === 'first');
    return check(
      `first notices at level ${level}`,
      expected.size,
      new Set(told.map((notice) => notice.fingerprint)).size,
    );
  });
}

function countByLevel(notices: Observed['notices']): Record<Level, number> {
  const counts = LEVELS.map((level) => [level, notices.filter((notice) => notice.level === level).length]);
  return Object.fromEntries(counts) as Record<Level, number>;
}
