import { allowListed, EMAIL_TAG, type Email, type EmailOutcome, type EmailPort } from '../alerts/email.ts';
import { Fault } from '../stream/fault.ts';
import { awsFault } from './aws-fault.ts';
import { sesv2 } from './sesv2-client.ts';

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
  const { sdk, client } = await sesv2();
  const part = (Data: string) => ({ Data, Charset: 'UTF-8' });
  const Simple = { Subject: part(subject), Body: { Text: part(text), Html: part(html) } };
  const request = {
    FromEmailAddress: from,
    Destination: { ToAddresses: [to] },
    Content: { Simple },
    ConfigurationSetName: configurationSet,
    EmailTags: [{ Name: EMAIL_TAG.name, Value: isAboutEmail ? EMAIL_TAG.ofEmails : EMAIL_TAG.ofIncidents }],
  };
  try {
    await client.send(new sdk.SendEmailCommand(request));
    return { status: 'accepted' };
  } catch (error) {
    if (!(error instanceof Error && REFUSALS.includes(error.name))) throw awsFault('SendEmail', error);
    if (NOT_VERIFIED.test(error.message)) throw new Fault('denied', `SendEmail: ${error.message}`, { cause: error });
    return { status: 'refused', reason: error.message };
  }
}
