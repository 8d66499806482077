import type { EmailPort } from '../alerts/email.ts';
import { sesEmail } from '../aws/ses-email.ts';
import { ssmSecret } from '../aws/ssm-secret.ts';
import type { EmailConfiguration } from './email-settings.ts';
import { httpEmail } from './http-email.ts';

/**
 * The email sender that the configuration names: an HTTP one before SES; nothing when it names neither. The sender's key is
 * in the environment as EMAIL_SENDER_KEY, or in the SSM parameter that the configuration names.
 */
export function deployedEmail(settings: EmailConfiguration, environment = process.env): EmailPort | undefined {
  const { allowed, from, sender, body, keyParameter } = settings;
  const { EMAIL_SENDER_KEY: given, EMAIL_CONFIGURATION_SET: configurationSet } = environment;
  if (sender !== undefined) {
    const key = given ? async () => given : keyParameter && (() => ssmSecret(keyParameter));
    return httpEmail({ url: sender, body, allowed, ...(key ? { key } : {}) });
  }
  if (from === undefined) return undefined;
  return sesEmail({ from, allowed, ...(configurationSet ? { configurationSet } : {}) });
}
