import { addresses, duration, flag, type Kind, setting, wholeNumber } from './configuration-values.ts';

/** `alarms` of the configuration: when CloudWatch calls people because of Sluice itself or of a log group. */
export interface AlarmConfiguration {
  /** False: no alarm, topic, key or dashboard is made. */
  isEnabled: boolean;
  emails: string[];
  iteratorAgeSeconds: number;
  waitingNoticesSeconds: number;
  /** Records in five minutes. */
  quarantined: number;
  /** Calls in five minutes. */
  throttles: number;
  /** Lines of one log group in five minutes. */
  errors: number;
  responseTime: {
    /** The words of a line, one of them `{ms}`; none: response times are not looked at. */
    line: string[];
    milliseconds: number;
    /** More than so many. */
    count: number;
    withinSeconds: number;
  };
}

/** A metric filter's pattern takes 1,024 characters. Source: CloudWatch Logs API, PutMetricFilter. */
const MOST_WORDS = 25;
const MOST_CHARACTERS = 500;

/** The words of a line such as `High response time for {endpoint}: {ms} ms`; none for `none`. */
const line: Kind<string[]> = {
  expected: 'a line with {ms} as a word of its own, or none',
  advice: 'write it as the application does, such as "High response time for {endpoint}: {ms} ms"',
  parse: (written) => {
    if (written === 'none') return [];
    if (typeof written !== 'string' || written.length > MOST_CHARACTERS) return undefined;
    const words = written.trim().split(/\s+/);
    const isOne = words.filter((word) => word === '{ms}').length === 1;
    return isOne && words.length <= MOST_WORDS ? words : undefined;
  },
};

const DEFAULT_LINE = ['High', 'response', 'time', 'for', '{endpoint}:', '{ms}', 'ms'];

/** Alarms look at most a day back. Source: CloudWatch User Guide, "Evaluating an alarm". */
const within: Kind<number> = {
  ...duration('1m', '24h'),
  expected: 'a whole number of minutes from 1m to 24h',
  advice: 'write it as 10m or 1h',
  parse: (written) => {
    const seconds = duration('1m', '24h').parse(written);
    return seconds !== undefined && seconds % 60 === 0 ? seconds : undefined;
  },
};

/** The settings as people write them. */
export const alarmShape = {
  enabled: setting(flag, true),
  emails: setting(addresses, []),
  // A stream keeps a day at least: the alarm comes half a day before anything is lost.
  iteratorAge: setting(duration('1m', '12h'), 15 * 60),
  waitingNotices: setting(within, 10 * 60),
  quarantined: setting(wholeNumber(1, 1_000_000), 1),
  throttles: setting(wholeNumber(1, 1_000_000), 10),
  errors: setting(wholeNumber(1, 1_000_000), 1),
};

export const responseTimeShape = {
  line: setting(line, DEFAULT_LINE),
  milliseconds: setting(wholeNumber(1, 900_000), 3_000),
  count: setting(wholeNumber(0, 1_000_000), 5),
  within: setting(within, 10 * 60),
};

type Read<Shape extends Record<string, { _zod: { output: unknown } }>> = {
  [Name in keyof Shape]: Shape[Name]['_zod']['output'];
};
type Written = Read<typeof alarmShape> & { responseTime: Read<typeof responseTimeShape> };

export function alarmConfiguration(written: Written): AlarmConfiguration {
  const { enabled, emails, iteratorAge, waitingNotices, quarantined, throttles, errors, responseTime } = written;
  const { within: span, ...response } = responseTime;
  return {
    isEnabled: enabled,
    emails,
    iteratorAgeSeconds: iteratorAge,
    waitingNoticesSeconds: waitingNotices,
    quarantined,
    throttles,
    errors,
    responseTime: { ...response, withinSeconds: span },
  };
}
