// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source
import { type Mutant, one } from './mutant.ts';

const HTTP = 'services/ingest-http/ingest-http.ts';
const CLOUDWATCH = 'services/ingest-cloudwatch/ingest-cloudwatch.ts';
const NOTIFICATIONS = 'services/ingest-notifications/ingest-notifications.ts';
const ALARM = 'shared/health/aws-message.ts';
const ENVELOPE = 'shared/stream/cloudwatch-envelope.ts';

/** Bugs that somebody could make where others' events are put on the stream, one at a time. */
export const SENDER_MUTANTS: readonly Mutant[] = [
  one('answers a request as accepted whatever was taken', HTTP, ['accepted: !refused.has(event)', 'accepted: true']),
  one('takes a delivery that was put in part for done', CLOUDWATCH, [
    'if (first === undefined) return counts;',
    'if (first !== null) return counts;',
  ]),
  one('gives the lines of all log streams one name', ENVELOPE, [
    "return eventIdHash([owner, logGroup, logStream].join('\\0')).toString(36);",
    "return eventIdHash([owner, logGroup].join('\\0')).toString(36);",
  ]),
  one('takes an alarm that was not put for told', NOTIFICATIONS, [
    'if (first === undefined) return counts;',
    'if (first !== null) return counts;',
  ]),
  one('names a change of an alarm by its state alone', ALARM, [
    'id: `alarm/${eventIdHash(arn)}/${state}/${time}`',
    'id: `alarm/${eventIdHash(arn)}/${state}`',
  ]),
];
