import { emailHtml, emailSubject, emailText } from './email-wording.ts';
import type { Notice } from './notice.ts';

/** One email to one address. Everything in it is fit to be sent: made by `emailOf`. */
export interface Email {
  /** The same whenever the same notice goes to the same address, so that a sender can drop a repeat. */
  id: string;
  to: string;
  /** One line, cleaned and cut. */
  subject: string;
  text: string;
  html: string;
  /** True when it tells of an email that was refused or came back: what becomes of it makes no event again. */
  isAboutEmail: boolean;
}

/** `refused`: not for this address, ever; trying again does not help. */
export type EmailOutcome = { status: 'accepted' } | { status: 'refused'; reason: string };

/** Sends emails. Adapters: `shared/aws/ses-email.ts`, `shared/runtime/http-email.ts`. */
export interface EmailPort {
  /** Rejects with a `Fault` where the sender does not answer, refuses the caller, or wants less: try again later. */
  send(email: Email): Promise<EmailOutcome>;
}

/** The tag by which what a sender tells of an email is known to be about an email that told of emails. */
export const EMAIL_TAG = { name: 'sluice-about', ofEmails: 'emails', ofIncidents: 'incidents' } as const;

/** The source of events that tell of emails that were refused or came back. */
export const EMAIL_SOURCE = 'sluice-email';

/** The email of a notice to one address. */
export function emailOf(notice: Notice, to: string): Email {
  return {
    id: `${notice.id}/${to}`,
    to,
    subject: emailSubject(notice),
    text: emailText(notice),
    html: emailHtml(notice),
    isAboutEmail: notice.source === EMAIL_SOURCE,
  };
}

/**
 * ASCII alone, and nothing that a header, a list of addresses or a display name is made of. Letters outside of ASCII would
 * make an address look like another one. Source: RFC 5321, 4.5.3.1 for the lengths; quoted local parts are left out.
 */
const ADDRESS = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?=[\w.-]{1,255}$)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/;
const DOMAIN = /^@(?=[\w.-]{1,255}$)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/;

/** Whether a text may stand in an allow-list: an address, or `@` and a domain, which means every address of it. */
export function isAllowListEntry(text: string): boolean {
  return ADDRESS.test(text) || DOMAIN.test(text);
}

/** Whether an address may be written to. Letter case makes no difference; a domain means itself and none below it. */
export function isAllowed(address: string, allowList: readonly string[]): boolean {
  if (!ADDRESS.test(address)) return false;
  const wanted = address.toLowerCase();
  const domain = wanted.slice(wanted.lastIndexOf('@'));
  return allowList.some((entry) => [wanted, domain].includes(entry.toLowerCase()));
}

/** Refuses addresses outside of the allow-list before anything is sent. Every adapter is made with it. */
export function allowListed(port: EmailPort, allowList: readonly string[]): EmailPort {
  return {
    send: async (email) => {
      if (isAllowed(email.to, allowList)) return port.send(email);
      return { status: 'refused', reason: 'the address is not in the allow-list email.allowed of the configuration' };
    },
  };
}
