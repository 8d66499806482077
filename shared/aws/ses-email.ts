import { allowListed, EMAIL_TAG, type Email, type EmailOutcome, type EmailPort } from '../alerts/email.ts';
import { Fault } from '../stream/fault.ts';
import { callRest } from './signed-call.ts';

export interface SesEmailOptions {
  /** An address of a verified identity. */
  from: string;
  /** Whose event destination tells what became of an email. Default: none. */
  configurationSet?: string;
  /** Addresses and `@domains` that may be written to. */
  allowed: readonly string[];
}

/**
 * What SES will say again of the same email: an address that it cannot write to, or content that it does not take. Source:
 * SES API v2, SendEmail, Errors. It uses the same name for an identity that is not verified, which is mended in the account.
 */
const REFUSALS = ['MessageRejected', 'BadRequestException'];
const NOT_VERIFIED = /not verified/i;

/** Sends emails with SES, plain text and HTML, to addresses of the allow-list. */
export function sesEmail({ from, configurationSet, allowed }: SesEmailOptions): EmailPort {
  return allowListed({ send: (email) => sendEmail(email, from, configurationSet) }, allowed);
}

async function sendEmail(
  { to, subject, text, html, isAboutEmail }: Email,
  from: string,
  configurationSet: string | undefined,
): Promise<EmailOutcome> {
  const part = (Data: string) => ({ Data, Charset: 'UTF-8' });
  const input = {
    FromEmailAddress: from,
    Destination: { ToAddresses: [to] },
    Content: { Simple: { Subject: part(subject), Body: { Text: part(text), Html: part(html) } } },
    ConfigurationSetName: configurationSet,
    EmailTags: [{ Name: EMAIL_TAG.name, Value: isAboutEmail ? EMAIL_TAG.ofEmails : EMAIL_TAG.ofIncidents }],
  };
  try {
    await callRest('ses', 'SendEmail', { path: 'v2/email/outbound-emails', input });
    return { status: 'accepted' };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (!(cause instanceof Error && REFUSALS.includes(cause.name))) throw error;
    if (NOT_VERIFIED.test(cause.message)) throw new Fault('denied', `SendEmail: ${cause.message}`, { cause });
    return { status: 'refused', reason: cause.message };
  }
}
