import { parseArgs } from 'node:util';
import { createLogger, sendAlerts } from '../../client/index.ts';
import { isLevel, LEVELS } from '../../shared/events/levels.ts';

const USAGE = `node examples/alert-sender/main.ts --topic ARN [--topic ARN …] [--level LEVEL] [--subject TEXT] MESSAGE
  LEVEL is one of ${LEVELS.join(', ')}\n`;

const { values, positionals } = parseArgs({
  options: { topic: { type: 'string', multiple: true }, level: { type: 'string' }, subject: { type: 'string' } },
  allowPositionals: true,
});
const { topic: topicArns = [], level = 'error', subject } = values;
const [message] = positionals;
if (message === undefined || topicArns.length === 0 || !isLevel(level)) {
  process.stderr.write(USAGE);
  process.exit(2);
}

const log = createLogger({ source: 'alert-sender' });
const outcomes = await sendAlerts([{ channel: 'sns', message, topicArns, level, subject }]);
for (const { sent, issues } of outcomes) {
  for (const topicArn of sent) {
    log.info('told', `Alert told to ${topicArn}`, undefined, { topicArn });
    process.stdout.write(`told      ${topicArn}\n`);
  }
  for (const issue of issues) {
    log.error('issue', `An alert was not told: ${issue.message}`, undefined, { ...issue });
    process.stdout.write(`${issue.code.padEnd(9)} ${issue.topicArn ?? ''} ${issue.message}\n`);
  }
}
const { put, logged } = await log.close();
process.stdout.write(`${put} of ${logged} events put\n`);
process.exitCode = outcomes.every(({ issues }) => issues.length === 0) ? 0 : 1;
