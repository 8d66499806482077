/** A sample application, and what is done to show it. */
export interface Sample {
  about: string;
  /** What it logs as. */
  source: string;
  /** What a person would type, in the project's folder; `$SAMPLE_FOLDER` is an empty folder of its own. */
  steps: readonly SampleStep[];
  /** Gives it a topic of its own, `$TOPIC_ARN`, and shows what the topic was told. */
  hasTopic?: boolean;
  /** Shows the notices that Sluice gave meanwhile. */
  showsNotices?: boolean;
}

export interface SampleStep {
  line: string;
  /** Exit code that the step ends with when all is as it should be. Default: 0. */
  exitCode?: number;
}

const step = (line: string, exitCode = 0): SampleStep => ({ line, exitCode });
const RENAMER = 'node examples/bulk-renamer/main.ts "$SAMPLE_FOLDER"';

export const SAMPLES: Readonly<Record<string, Sample>> = {
  'products-csv': {
    about: 'reads a list of products, writes a clean one, logs what it meets at its level',
    source: 'products-csv',
    steps: [
      step('node examples/products-csv/main.ts examples/products-csv/products.csv "$SAMPLE_FOLDER/products.clean.csv"'),
    ],
  },
  'bulk-renamer': {
    about: 'renames files by a regular expression: looks first, refuses collisions, takes it back',
    source: 'bulk-renamer',
    steps: [
      step('touch "$SAMPLE_FOLDER"/IMG_2026-11-{19,20,21}.jpg "$SAMPLE_FOLDER"/holiday.jpg'),
      step(`${RENAMER} '^IMG_(\\d+)-(\\d+)-(\\d+)' '$3.$2.$1' --dry-run`),
      step(`${RENAMER} '^IMG_(\\d+)-(\\d+)-(\\d+)' '$3.$2.$1'`),
      step(`${RENAMER} '^\\d+' 'all'`, 1),
      step(`${RENAMER} --undo`),
      step('ls "$SAMPLE_FOLDER"'),
    ],
  },
  'alert-sender': {
    about: 'tells SNS topics with sendAlerts, and logs what went wrong topic by topic',
    source: 'alert-sender',
    hasTopic: true,
    steps: [
      step(
        'node examples/alert-sender/main.ts --topic "$TOPIC_ARN" --topic "$TOPIC_ARN-gone" --topic rack-7 ' +
          "--level error --subject 'Überhitzung in rack 7' 'Rack 7 is at 71 degrees'",
        1,
      ),
    ],
  },
  'test-emitter': {
    about: 'a single error, a burst of ten, information only: what is told, what is counted, what is kept',
    source: 'test-emitter',
    showsNotices: true,
    steps: ['single', 'burst', 'info'].map((kind) => step(`node examples/test-emitter/main.ts ${kind}`)),
  },
  python: {
    about: 'a small logger in Python over PutRecords',
    source: 'python-logger',
    steps: [step('python3 examples/python/main.py')],
  },
  curl: {
    about: 'a small logger for shell scripts over POST /logs',
    source: 'curl-logger',
    steps: [step('bash examples/curl/main.sh')],
  },
};
