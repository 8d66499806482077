import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { z } from 'zod';
import { LEVELS, type Level } from '../events/levels.ts';
import type { Rule } from '../rules/rule.ts';
import { type AlarmConfiguration, alarmConfiguration, alarmShape, responseTimeShape } from './alarm-settings.ts';
import { checkNames, type RoutingSettings, routingSettings, routingShape } from './alert-settings.ts';
import { type ArchiveConfiguration, archiveConfiguration, archiveShape } from './archive-settings.ts';
import { ConfigurationError, type ConfigurationFault } from './configuration-fault.ts';
import { addresses, duration, level, section, setting, shards, size, wholeNumber } from './configuration-values.ts';
import { type EmailConfiguration, emailConfiguration, emailShape, recipientFaults } from './email-settings.ts';
import { logGroups } from './log-groups.ts';
import { nearestName } from './nearest-name.ts';
import { type RemediationConfiguration, remediationConfiguration, remediationShape } from './remediation-settings.ts';
import { rulesSetting } from './rules-settings.ts';

export { ConfigurationError, type ConfigurationFault };

/** The one configuration file, `sluice.yml`, after reading: units resolved, defaults filled in. */
export interface Configuration {
  stream: { shards: number | 'on-demand'; retentionHours: number };
  alerts: {
    windowSeconds: Record<Level, number>;
    /** After so many seconds of quiet a group is told to be over; 0: never. */
    resolveSeconds: Record<Level, number>;
    emails: Record<Level, string[]>;
  } & RoutingSettings;
  applicationLogs: {
    minLevel: Level;
    /** A source's own least level. Made from entries, so a source may be called `__proto__`. */
    sources: Record<string, Level>;
    rowsPerFingerprintAndHour: number;
    retentionDays: number;
  };
  archive: ArchiveConfiguration;
  analytics: { scanLimitMiB: number };
  consumers: { batchSize: number; batchWindowSeconds: number; projectionWindowSeconds: number };
  /** Log groups whose lines become events. */
  cloudWatch: { logGroups: string[] };
  dropBucket: { retentionDays: number; maxObjectMiB: number };
  http: { requestsPerSecond: number; burst: number };
  remediation: RemediationConfiguration;
  rules: readonly Rule[];
  alarms: AlarmConfiguration;
  email: EmailConfiguration;
}

function perLevel<T extends z.ZodType>(settingOf: (level: Level) => T) {
  return section(Object.fromEntries(LEVELS.map((name) => [name, settingOf(name)])) as Record<Level, T>);
}

const WINDOWS: Record<Level, number> = { critical: 60, error: 300, warning: 900, info: 3600, debug: 3600 };

/** Nobody is called to hear that all is quiet again below an error. */
const RESOLVE: Record<Level, number> = { critical: 1_800, error: 3_600, warning: 0, info: 0, debug: 0 };

const GROUP = 'a group of settings';
const GROUP_ADVICE = 'indent its settings below it, as in the sluice.yml that Sluice brings';

/** Not `z.record`, which drops a source called `__proto__`. */
const sourceLevels = z
  .unknown()
  .optional()
  .transform((written, context): Record<string, Level> => {
    if (typeof (written ?? {}) !== 'object' || Array.isArray(written)) {
      context.addIssue({ code: 'custom', message: GROUP, params: { advice: GROUP_ADVICE } });
      return z.NEVER;
    }
    const levels = Object.entries(written ?? {}).map(([name, value]) => [name, sourceLevel(name, value, context)]);
    return Object.fromEntries(levels);
  });

function sourceLevel(name: string, written: unknown, context: z.core.$RefinementCtx): Level | undefined {
  const value = level.parse(written);
  if (value === undefined) {
    const advice = typeof level.advice === 'string' ? level.advice : level.advice(written);
    context.addIssue({ code: 'custom', path: [name], message: level.expected, params: { advice } });
  }
  return value;
}

/** The file as people write it, for a stage. */
const configurationFile = (stage?: string) =>
  section({
    stream: section({
      shards: setting(shards, 1),
      retention: setting(duration('24h', '365d'), 24 * 3600),
    }),
    alerts: section({
      windows: perLevel((name) => setting(duration('10s', '7d'), WINDOWS[name])),
      resolveTimeout: perLevel((name) => setting(duration('0s', '30d'), RESOLVE[name])),
      emails: perLevel(() => setting(addresses, [])),
      ...routingShape,
    }).superRefine(checkNames),
    applicationLogs: section({
      minLevel: setting(level, 'warning'),
      sources: sourceLevels,
      rowsPerFingerprintAndHour: setting(wholeNumber(0, 1_000_000), 1000),
      retention: setting(duration('1d', '3650d'), 60 * 86_400),
    }),
    archive: section(archiveShape),
    // Athena refuses a limit under 10 MB.
    analytics: section({ scanLimit: setting(size('10 MiB', '100 TiB'), 10 * 1024) }),
    consumers: section({
      batchSize: setting(wholeNumber(1, 10_000), 1000),
      batchWindow: setting(duration('0s', '300s'), 3),
      projectionWindow: setting(duration('0s', '300s'), 5),
    }),
    cloudWatch: section({ logGroups: logGroups(stage) }),
    dropBucket: section({
      retention: setting(duration('1d', '3650d'), 30 * 86_400),
      maxObject: setting(size('1 MiB', '5 GiB'), 256),
    }),
    // An account's API Gateway takes 10,000 requests a second and bursts of 5,000.
    http: section({
      requestsPerSecond: setting(wholeNumber(1, 10_000), 20),
      burst: setting(wholeNumber(1, 5_000), 20),
    }),
    remediation: section(remediationShape),
    rules: rulesSetting,
    alarms: section({ ...alarmShape, responseTime: section(responseTimeShape) }),
    email: section(emailShape),
  }).superRefine((file, context) => {
    for (const { path, message, advice } of [
      ...restartFaults(file),
      ...recipientFaults({ ...file, email: emailConfiguration(file.email) }),
    ]) {
      context.addIssue({ code: 'custom', path, message, params: { advice } });
    }
  });

/** What is sound by itself and not together with another section. */
interface MixedFault {
  path: PropertyKey[];
  message: string;
  advice: string;
}

interface Restarts {
  remediation: { tag: object | undefined };
  rules: readonly Rule[];
}

function restartFaults({ remediation, rules }: Restarts): MixedFault[] {
  const advice = 'name the tag of instances that may be restarted in remediation.tag';
  const asking = remediation.tag ? [] : rules.filter(({ restart }) => restart !== undefined);
  return asking.map(({ name }) => ({ path: ['rules', name, 'restart'], message: 'no restart without a tag', advice }));
}

export interface ParseOptions {
  /** Shown in faults. Default `sluice.yml`. */
  fileName?: string;
  /** What is deployed. Without it, what is wrong on one stage only is not looked for. */
  stage?: string;
}

/**
 * Reads the text of a configuration file. An empty text means all defaults. Throws a `ConfigurationError` that names
 * every fault.
 */
export function parseConfiguration(
  yamlText: string,
  { fileName = 'sluice.yml', stage }: ParseOptions = {},
): Configuration {
  const lines = new LineCounter();
  const document = parseDocument(yamlText, { lineCounter: lines, prettyErrors: false });
  const broken = [...document.errors, ...document.warnings].map((error) => ({
    path: '',
    line: lines.linePos(error.pos[0]).line,
    expected: 'YAML',
    got: error.message,
    advice: 'mend this line first, the rest is read after it',
  }));
  if (broken.length > 0) throw new ConfigurationError(fileName, broken);
  const written = toPlain(document, fileName);
  const result = configurationFile(stage).safeParse(written);
  if (!result.success) {
    const faults = result.error.issues.flatMap((issue) => faultsOf(issue, written));
    throw new ConfigurationError(
      fileName,
      faults.map((fault) => ({ ...fault.fault, line: lineOf(document, lines, fault.place) })),
    );
  }
  return configurationOf(result.data);
}

function toPlain(document: ReturnType<typeof parseDocument>, fileName: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(fileName, [
      { path: '', expected: 'YAML with few aliases', got, advice: 'write the values out' },
    ]);
  }
}

function configurationOf(file: z.output<ReturnType<typeof configurationFile>>): Configuration {
  return {
    stream: { shards: file.stream.shards, retentionHours: Math.ceil(file.stream.retention / 3600) },
    alerts: {
      windowSeconds: file.alerts.windows,
      resolveSeconds: file.alerts.resolveTimeout,
      emails: file.alerts.emails,
      ...routingSettings(file.alerts),
    },
    applicationLogs: {
      minLevel: file.applicationLogs.minLevel,
      sources: file.applicationLogs.sources,
      rowsPerFingerprintAndHour: file.applicationLogs.rowsPerFingerprintAndHour,
      retentionDays: Math.ceil(file.applicationLogs.retention / 86_400),
    },
    archive: archiveConfiguration(file.archive),
    analytics: { scanLimitMiB: file.analytics.scanLimit },
    consumers: {
      batchSize: file.consumers.batchSize,
      batchWindowSeconds: file.consumers.batchWindow,
      projectionWindowSeconds: file.consumers.projectionWindow,
    },
    cloudWatch: file.cloudWatch,
    dropBucket: {
      retentionDays: Math.ceil(file.dropBucket.retention / 86_400),
      maxObjectMiB: file.dropBucket.maxObject,
    },
    http: file.http,
    remediation: remediationConfiguration(file.remediation),
    rules: file.rules,
    alarms: alarmConfiguration(file.alarms),
    email: emailConfiguration(file.email),
  };
}

interface PlacedFault {
  fault: Omit<ConfigurationFault, 'line'>;
  place: PropertyKey[];
}

function faultsOf(issue: z.core.$ZodIssue, written: unknown): PlacedFault[] {
  const got = shown(valueAt(written, issue.path));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(issue.path, key));
  if (issue.code === 'custom') {
    const advice = String(issue.params?.advice ?? 'see the comments in sluice.yml');
    return [{ fault: { path: issue.path.join('.'), expected: issue.message, got, advice }, place: issue.path }];
  }
  return [{ fault: { path: issue.path.join('.'), expected: GROUP, got, advice: GROUP_ADVICE }, place: issue.path }];
}

function unknownKey(path: PropertyKey[], key: string): PlacedFault {
  const names = settingNames(path);
  const near = nearestName(key, names);
  const advice = near ? `did you mean ${near}?` : 'remove it, or look for its right name in the comments of sluice.yml';
  const place = [...path, key];
  return { fault: { path: place.join('.'), expected: `one of ${names.join(', ')}`, got: shown(key), advice }, place };
}

/** The names that the section at `path` knows: its own schema is asked, so the hint can never be out of date. */
function settingNames(path: PropertyKey[]): string[] {
  let at: unknown = configurationFile();
  for (const key of path) at = shapeOf(at)[String(key)];
  return Object.keys(shapeOf(at));
}

function shapeOf(schema: unknown): Record<string, unknown> {
  const inner = schema instanceof z.ZodPipe ? schema.out : schema;
  return inner instanceof z.ZodObject ? inner.shape : {};
}

function valueAt(written: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    written,
  );
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function lineOf(document: ReturnType<typeof parseDocument>, lines: LineCounter, place: PropertyKey[]) {
  const parent = place.length > 1 ? document.getIn(place.slice(0, -1), true) : document.contents;
  const node = nodeIn(parent, place.at(-1)) ?? document.contents;
  const range = isScalar(node) || isMap(node) ? node.range : undefined;
  return range ? lines.linePos(range[0]).line : undefined;
}

/** The key of a setting, or the entry of a list. */
function nodeIn(parent: unknown, place: PropertyKey | undefined): Node | undefined {
  if (isSeq(parent)) return parent.items[Number(place)] as Node | undefined;
  const key = isMap(parent)
    ? parent.items.find((pair) => isScalar(pair.key) && pair.key.value === place)?.key
    : undefined;
  return key as Node | undefined;
}
