import type { LogEvent } from '../events/event.ts';
import { EMAIL_TAG } from './email.ts';
import { type EmailProblem, emailProblem } from './email-receiver.ts';

type Fields = Record<string, unknown>;

/** What SES tells, by its kind: where the addresses are, and what is said of them. */
const KINDS: Readonly<Record<string, { part: string; addresses: string; what: string }>> = {
  Bounce: { part: 'bounce', addresses: 'bouncedRecipients', what: 'came back' },
  Complaint: { part: 'complaint', addresses: 'complainedRecipients', what: 'was marked as spam' },
  DeliveryDelay: { part: 'deliveryDelay', addresses: 'delayedRecipients', what: 'is delayed' },
  Reject: { part: 'reject', addresses: '', what: 'was refused by SES' },
  'Rendering Failure': { part: 'failure', addresses: '', what: 'could not be made by SES' },
};

const MOST_ADDRESSES = 50;

/**
 * What SES tells of an email on a topic, as events: one for each address that did not get it. Undefined when the message is
 * of something else; none when it is good news, or about an email that itself told of emails. Source: SES Developer Guide,
 * "Contents of event data that Amazon SES publishes to Amazon SNS".
 */
export function emailFeedback(message: unknown, at: number): LogEvent[] | undefined {
  const told = fieldsOf(message);
  const mail = fieldsOf(told.mail);
  const kind = text(told.eventType ?? told.notificationType);
  if (kind === '' || text(mail.messageId) === '') return undefined;
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (known === undefined || isAboutEmail(mail)) return [];
  const detail = fieldsOf(told[known.part]);
  const common = { what: known.what, reason: reasonOf(detail) };
  return addressesOf(detail[known.addresses], mail.destination).map(({ to, reason }): LogEvent => {
    const problem: EmailProblem = { ...common, id: text(mail.messageId), to, ...(reason ? { reason } : {}) };
    return emailProblem({ ...problem, id: `${problem.id}/${to}` }, at);
  });
}

function addressesOf(recipients: unknown, destination: unknown): { to: string; reason: string }[] {
  const named = listOf(recipients).map((one) => {
    const { emailAddress, diagnosticCode } = fieldsOf(one);
    return { to: text(emailAddress), reason: text(diagnosticCode) };
  });
  const all = named.length > 0 ? named : listOf(destination).map((one) => ({ to: text(one), reason: '' }));
  return all.filter(({ to }) => to !== '').slice(0, MOST_ADDRESSES);
}

function reasonOf({
  reason,
  bounceType,
  bounceSubType,
  complaintFeedbackType,
  delayType,
  errorMessage,
}: Fields): string {
  const words = [reason, bounceType, bounceSubType, complaintFeedbackType, delayType, errorMessage].map(text);
  return words.filter((word) => word !== '').join(', ') || 'no reason given';
}

function isAboutEmail({ tags }: Fields): boolean {
  return listOf(fieldsOf(tags)[EMAIL_TAG.name]).includes(EMAIL_TAG.ofEmails);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
