import { isAllowed, isAllowListEntry } from '../alerts/email.ts';
import type { SecretName } from '../alerts/receivers.ts';
import { type Kind, setting } from './configuration-values.ts';
import { emailSenderFault } from './http-email.ts';
import { type NamedReceiver, secret } from './receiver-settings.ts';

/** `email` of the configuration: how Sluice itself writes emails. Without `from` and `sender` it writes none. */
export interface EmailConfiguration {
  /** Addresses and `@domains` that may be written to. */
  allowed: string[];
  /** SES: an address of a verified identity. */
  from: string | undefined;
  /** An HTTP email sender, instead of SES. */
  sender: string | undefined;
  /** What the sender's `body` is. */
  body: 'text' | 'html';
  /** Where the sender's key is kept. */
  keyFrom: SecretName | undefined;
  /** Where an incident can be looked at: an address with `{fingerprint}` in it. */
  incidentLink: string | undefined;
}

const allowed: Kind<string[]> = {
  expected: 'a list of addresses and @domains',
  advice: 'write [oncall@example.org, "@ops.example.org"]: an email goes to these alone',
  parse: (written) => {
    const list = typeof written === 'string' ? [written] : written;
    const isSound = Array.isArray(list) && list.every((one) => typeof one === 'string' && isAllowListEntry(one));
    return isSound ? [...new Set(list as string[])] : undefined;
  },
};

const from: Kind<string> = {
  expected: 'an address that SES has verified',
  advice: 'write sluice@example.org, and verify it or its domain in SES',
  parse: (written) =>
    typeof written === 'string' && !written.startsWith('@') && isAllowListEntry(written) ? written : undefined,
};

const sender: Kind<string> = {
  expected: 'an https:// address without a user name',
  advice: 'write where {to, subject, body} is posted to, such as https://mail.example.org/send; its key goes into SSM',
  parse: (written) => (typeof written === 'string' && !emailSenderFault(written) ? written : undefined),
};

const body: Kind<'text' | 'html'> = {
  expected: 'text or html',
  advice: 'write what the sender takes as body',
  parse: (written) => (written === 'text' || written === 'html' ? written : undefined),
};

const incidentLink: Kind<string> = {
  expected: 'an https:// address with {fingerprint} in it',
  advice: 'write such as https://sluice.example.org/incidents/{fingerprint}',
  parse: (written) => {
    const isLink = typeof written === 'string' && written.includes('{fingerprint}') && !emailSenderFault(written);
    return isLink ? written : undefined;
  },
};

/** The settings as people write them. */
export const emailShape = {
  allowed: setting(allowed, []),
  from: setting<string | undefined>(from, undefined),
  sender: setting<string | undefined>(sender, undefined),
  body: setting<'text' | 'html'>(body, 'text'),
  keyFrom: setting<SecretName | undefined>(secret, undefined),
  incidentLink: setting<string | undefined>(incidentLink, undefined),
};

type Written = { [Name in keyof typeof emailShape]?: (typeof emailShape)[Name]['_zod']['output'] };

/** A key that is not written and one with nothing after it are the same. */
export function emailConfiguration(written: Written): EmailConfiguration {
  const { allowed: list = [], from: address, sender: url, body: kind = 'text' } = written;
  const { keyFrom, incidentLink: link } = written;
  return { allowed: list, from: address, sender: url, body: kind, keyFrom, incidentLink: link };
}

interface Recipients {
  alerts: { receivers: readonly NamedReceiver[] };
  email: Pick<EmailConfiguration, 'allowed' | 'from' | 'sender'>;
}

/** Receivers by email that nobody could write to, or may. */
export function recipientFaults({
  alerts,
  email,
}: Recipients): { path: PropertyKey[]; message: string; advice: string }[] {
  const hasSender = email.from !== undefined || email.sender !== undefined;
  return alerts.receivers.flatMap(({ receivers }, place) => {
    const path = ['alerts', 'receivers', place, 'email'];
    const addresses = receivers.flatMap((one) => (one.kind === 'email' ? one.to : []));
    if (addresses.length === 0) return [];
    if (!hasSender) return [{ path, message: 'no emails without a sender', advice: 'name email.from or email.sender' }];
    return addresses
      .filter((address) => !isAllowed(address, email.allowed))
      .map((address) => ({
        path,
        message: 'addresses of the allow-list email.allowed',
        advice: `add ${address} or its @domain to email.allowed, or take it out`,
      }));
  });
}
