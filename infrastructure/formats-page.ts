import type { Names, Slot } from '../shared/events/decode-fields.ts';
import { OBJECT_FORMATS, TEXT_FORMATS } from '../shared/events/decode-formats.ts';
import { CANONICAL, GENERIC, HTTP, JOURNAL } from '../shared/events/decode-names.ts';

type FormatName = (typeof OBJECT_FORMATS)[number]['name'] | (typeof TEXT_FORMATS)[number]['name'];

/** What a person wants to know of a row of the table. */
interface Description {
  writers: string;
  /** How it is recognised. */
  known: string;
  level: string;
  time: string;
  source: string;
  message: string;
}

const named = (names: Names, slot: Slot) => (names[slot] ?? []).map((name) => `\`${name}\``).join(', ');
const from = (names: Names) => ({
  level: named(names, 'level'),
  time: named(names, 'time'),
  source: named(names, 'source'),
  message: named(names, 'message'),
});
/** The usual words, told once below the table. */
const USUAL = {
  level: 'the usual words',
  time: 'the usual words',
  source: 'the usual words',
  message: 'the usual words',
};

const DESCRIPTIONS: Readonly<Record<FormatName, Description>> = {
  Sluice: {
    writers: "Sluice's client and command line; anything that writes the event itself",
    known: '`v` with `message` or with `id` and `type`; or the names of the event and no others',
    ...from(CANONICAL),
  },
  'POST /logs': {
    writers: 'what is posted to `LogsApiUrl`',
    known: '`log_level` or `source_application`',
    ...from(HTTP),
  },
  OpenTelemetry: {
    writers:
      'OTLP/JSON of SDK exporters and the Collector: a whole `resourceLogs` body, one event a log record, or single records',
    known: '`severityNumber`, or `body` with `timeUnixNano` or `observedTimeUnixNano`',
    level:
      '`severityNumber` (1–4 and 5–8 debug, 9–12 info, 13–16 warning, 17–20 error, 21–24 critical), then `severityText`',
    time: '`timeUnixNano`, then `observedTimeUnixNano`',
    source: "the resource's `service.name`",
    message: '`body`; of one that is no text its `message`, the `eventName`, or its JSON',
  },
  EMF: {
    writers: 'Powertools metrics, aws-embedded-metrics, Lambda Insights',
    known: '`_aws.CloudWatchMetrics`',
    level: 'info, unless it names one',
    time: '`_aws.Timestamp`',
    source: 'the usual words, then `Service`, `ServiceName`, `function_name`, `FunctionName`, `LogGroup`',
    message: 'its own, or the metrics: `metrics of Shop: orders=3 Count`',
  },
  'Fluent Bit': {
    writers: "Fluent Bit, FireLens (ECS), Docker's json-file: a line under `log`, itself decoded by all of this table",
    known:
      '`log` with `stream`, `kubernetes`, `date`, `container_name`, `container_id` or `ecs_task_arn`; or without a level, an error or another message',
    level: 'of the line',
    time: 'of the line, then the usual words',
    source:
      'of the line, then the container: `kubernetes.container_name`, the family of `ecs_task_definition`, `container_name`; then the usual words',
    message: 'of the line',
  },
  loguru: {
    writers: 'loguru with `serialize=True`',
    known: '`record.message` and `record.level`',
    level: '`record.level.name`',
    time: '`record.time.timestamp`',
    source: '`record.extra.service`, then `record.name`',
    message: '`record.message`',
  },
  'pino, bunyan': {
    writers: 'pino, bunyan and their kin',
    known: 'a number under `level`, with `pid` and `hostname`',
    ...USUAL,
    level: '`level`: 10 and 20 debug, 30 info, 40 warning, 50 error, 60 critical',
    source: '`name`, then the usual words',
  },
  'Python json': {
    writers: 'python-json-logger, json-log-formatter',
    known: '`levelname`',
    ...USUAL,
    source: '`name`, then the usual words',
  },
  journald: {
    writers: "`journalctl -o json`, Fluent Bit's systemd input",
    known: '`MESSAGE` with `PRIORITY` or `__REALTIME_TIMESTAMP`',
    ...from(JOURNAL),
    level: '`PRIORITY`: 0–2 critical, 3 error, 4 warning, 5 and 6 info, 7 debug',
  },
  'JSON of other loggers': {
    writers: 'winston, Powertools, structlog, zap, logrus, zerolog, log4j, ECS, Cloud Logging and others',
    known: 'a message, a level, an error or a stack under one of the usual words',
    ...USUAL,
  },
  'Fluent Bit, log_key': {
    writers: "Fluent Bit's Kinesis output with `log_key`, around the JSON of a logger, whose quotes it escapes",
    known: '`{\\"`',
    level: 'of the JSON',
    time: 'of the JSON',
    source: 'of the JSON',
    message: 'of the JSON',
  },
  'syslog RFC 5424': {
    writers: 'rsyslog, syslog-ng, systemd, log appenders',
    known: '`<PRI>1` and a whole header',
    level: 'the severity: 0–2 critical, 3 error, 4 warning, 5 and 6 info, 7 debug',
    time: 'its stamp',
    source: 'APP-NAME, then HOSTNAME',
    message: 'MSG; structured data goes to the details',
  },
  'syslog RFC 3164': {
    writers: "BSD syslog on the wire and in files, Python's `SysLogHandler`",
    known: '`<PRI>`; or stamp, host and `program:` or `program[pid]:`',
    level: 'the severity; without one what the message says, otherwise info',
    time: 'its stamp; the missing year is the one nearest to the arrival, the zone UTC',
    source: 'the program, then the host',
    message: 'what follows the program',
  },
  'access line': {
    writers: 'Apache (common, combined, vhost_combined), nginx (combined), morgan, and what writes as they do',
    known: 'client, identity, user, `[stamp]`, `"request"`, status, bytes',
    level: 'the status: 5xx error, 4xx warning, any other info',
    time: 'its stamp',
    source: 'the virtual host, where it is written',
    message: 'method, path and status: `GET /cart 404`',
  },
  logfmt: {
    writers: 'logrus, go-kit, Heroku, structlog, logfmter',
    known: 'two `key=value` or more, one of them a level or a message, and nothing else',
    ...USUAL,
    level: 'the usual words, then `at`',
  },
  'plain text': {
    writers: 'anything else, stack traces of V8, the JVM and Python included',
    known: 'being none of the others',
    level:
      'what stands near its start: `ERROR`, `[warn]`, `level=info`, `E0923 …`; otherwise info, or error with a stack trace',
    time: 'the stamp it begins with: ISO 8601, Apache and nginx error logs, java.util.logging; without a zone UTC',
    source: '—',
    message: 'the text, whole',
  },
};

const cell = (text: string) => text.replaceAll('|', '\\|');

function table(formats: readonly { name: FormatName }[]): string {
  const rows = formats.map(({ name }) => {
    const { writers, known, level, time, source, message } = DESCRIPTIONS[name];
    return `| **${name}** | ${[writers, known, level, time, source, message].map(cell).join(' | ')} |`;
  });
  return [
    '| format | written by | known by | level | time | source | message |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** docs/formats.md: the table that decodes, for people. */
export function formatsPage(): string {
  return `<!-- Written by node infrastructure/generate.ts from the tables in shared/events/decode-formats.ts. -->

# Formats

What a record may hold. Rows are tried from top to bottom; the first that fits reads it. Everything that has no place of
its own is kept in the details under its name, what cannot be used (an unknown level, a stamp a day away from the arrival)
in an attribute \`sluice.level\`, \`sluice.time\`: no text is lost.

Each row is held to what its writers write. A test (test/formats) runs them and reads what they wrote: the loggers of npm, of
PyPI and of the JDK that is on the machine, and nginx and Apache, whose Debian packages it unpacks. Where these cannot be had, the
test says so, and reads the lines that nginx 1.22.1 and Apache 2.4.71 of Debian 12 wrote on 21 November 2026. journald's
records are written by hand.

Fluent Bit is built from its source, version 1.8.15, which the npm package \`fluent-bit@0.0.3\` holds: once, into \`.local\`, in about
a minute of one core, with the plugins that the test needs. Its own Kinesis output puts what the test reads: from containerd's
files with and without the Kubernetes filter's merging, Docker's files, a bare file, a trace over several lines, and Docker's log
driver as on FireLens. The service that it puts to, the pods, and what containers say are the test's. The package lacks Onigmo,
Fluent Bit's library of regular expressions; Debian's Oniguruma takes its place, and nothing else is changed. The package is pinned
by its SHA-512, another is refused; that Fluent Bit's authors published it nothing says, and it is built and run with the rights
of the tests, though without their environment. Where it cannot be built (it takes cmake, make, a C compiler, npm and apt-get) the
test says so, and reads what it wrote on 21 November 2026, \`test/formats/recorded/fluent-bit.json\`, in which the project's folder is
called \`/app\`. \`node test/formats/record-fluent-bit.ts\` records it anew.

## JSON

${table(OBJECT_FORMATS)}

The usual words, the first that is there wins:

- level: ${named(GENERIC, 'level')}
- time: ${named(GENERIC, 'time')}
- source: ${named(GENERIC, 'source')}
- message: ${named(GENERIC, 'message')}
- error: ${named(GENERIC, 'error')}; a stack alone: ${named(GENERIC, 'stack')}
- trace: ${named(GENERIC, 'traceId')}; span: ${named(GENERIC, 'spanId')}

An error is an object with a type, a message and a stack under any of their usual names, a text, or structlog's list of
exceptions with frames. JSON of no known shape is an event whose details it is.

## Text

${table(TEXT_FORMATS)}

A stack trace in any message becomes the event's error, and the message stays whole. Attributes have OpenTelemetry's names:
\`host.name\`, \`syslog.facility\`, \`syslog.procid\`; \`client.address\`, \`http.request.method\`, \`url.path\`,
\`http.response.status_code\`, \`user_agent.original\`.

## Several in one record

- A JSON array: one event an element. Newline-delimited JSON: one a line.
- An OTLP body: one a log record, each with the resource and the scope it stood under.
- Text: when the first line begins an event of one of the formats, each line that begins one of the same format begins the
  next; the lines between, such as a stack trace, belong to the one before. Any other text is one event.
- gzip or zstd of any of these, and records that the Kinesis Producer Library aggregated.
- What a subscription of CloudWatch Logs sends: one a line.
`;
}
