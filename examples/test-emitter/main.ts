import { createLogger, type Logger } from '../../client/index.ts';

/** What can be asked for, each to see one thing that Sluice does. */
const KINDS: Readonly<Record<string, (log: Logger) => void>> = {
  /** One error: one incident, one notice at once. */
  single: (log) =>
    log.error('single', 'Order 4711 cannot be shipped: its address is not known', undefined, { order: 4711 }),
  /** Ten of a kind, though no two lines are the same: one incident that counts ten, one notice. */
  burst: (log) => {
    for (let n = 1; n <= 10; n++) {
      const attributes = { payment: 5000 + n };
      log.error(
        'burst',
        `Payment ${5000 + n} failed after ${n * 37} ms: the bank does not answer`,
        undefined,
        attributes,
      );
    }
  },
  /** Nothing is wrong: no incident. Whoever listens to the topic of information is told, and the archive has all of it. */
  info: (log) => {
    log.info('info-1', 'Shop opened');
    log.info('info-2', 'Prices loaded', undefined, { products: 240 });
    log.info('info-3', 'Shop closed');
  },
};

const [kind = ''] = process.argv.slice(2);
const emit = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
if (emit === undefined) {
  process.stderr.write(`node examples/test-emitter/main.ts ${Object.keys(KINDS).join(' | ')}\n`);
  process.exit(2);
}

const log = createLogger({ source: 'test-emitter' });
emit(log);
const { put, logged, runIssues } = await log.close();
for (const issue of runIssues) process.stderr.write(`${issue.code}: ${issue.message}\n`);
process.stdout.write(`${put} of ${logged} events put\n`);
