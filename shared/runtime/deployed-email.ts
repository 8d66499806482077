import type { EmailPort } from '../alerts/email.ts';
import { emailReceiver } from '../alerts/email-receiver.ts';
import type { SendNotices } from '../alerts/outbox.ts';
import { secretReader } from '../aws/secrets.ts';
import { sesEmail } from '../aws/ses-email.ts';
import { signedStream } from '../aws/signed-stream.ts';
import { Fault } from '../stream/fault.ts';
import { packEvents } from '../stream/pack.ts';
import type { Clock } from '../stream/ports.ts';
import { putRecords } from '../stream/put-records.ts';
import type { EmailConfiguration } from './email-settings.ts';
import { deployedConfiguration, required } from './environment.ts';
import { httpEmail } from './http-email.ts';

/** Sends notices to these addresses, as the configuration says; what is refused is put on the stream. */
export function deployedEmails(to: readonly string[], clock: Clock): SendNotices {
  const { email: settings } = deployedConfiguration<'email'>();
  const send = signedStream(required('STREAM_NAME'));
  return emailReceiver(to, {
    email: emailPort(settings, clock),
    now: () => clock.now(),
    put: async (events) => {
      const entries = packEvents(events).map((data) => ({ data, partitionKey: 'emails' }));
      return (await putRecords(entries, { send, clock })).unsent;
    },
    ...(settings.incidentLink === undefined ? {} : { incidentLink: settings.incidentLink }),
  });
}

/** An HTTP sender comes before SES. Throws where neither is configured. */
function emailPort({ allowed, from, sender, body, keyFrom }: EmailConfiguration, clock: Clock): EmailPort {
  if (sender !== undefined) {
    const read = secretReader(clock);
    return httpEmail({ url: sender, body, allowed, ...(keyFrom === undefined ? {} : { key: () => read(keyFrom) }) });
  }
  if (from === undefined) throw new Fault('invalid', 'expected email.from or email.sender, got neither; deploy again');
  const configurationSet = process.env.EMAIL_CONFIGURATION_SET;
  return sesEmail({ from, allowed, ...(configurationSet ? { configurationSet } : {}) });
}
