import { createHmac } from 'node:crypto';
import type { Notice } from '../alerts/notice.ts';
import type { SendNotices } from '../alerts/outbox.ts';
import type { WebhookFormat, WebhookReceiver } from '../alerts/receivers.ts';
import { webhookBody } from '../alerts/webhook-body.ts';
import type { ReadSecret } from '../aws/secrets.ts';
import { describeFault } from '../stream/fault.ts';
import type { Clock } from '../stream/ports.ts';
import { type Answer, postParts } from './post-parts.ts';
import { postTo, RefusedAddress, type WebhookNetwork } from './webhook-request.ts';

/** Notices in one request: Slack takes few, anybody else many. */
const MOST: Readonly<Record<WebhookFormat, number>> = { sluice: 50, slack: 10 };
/** A receiver that does not answer gets no more than this of a batch's time. */
const PATIENCE_MILLISECONDS = 10_000;

export interface WebhookPorts {
  secret: ReadSecret;
  clock: Clock;
  network?: WebhookNetwork;
}

/** Posts notices over HTTPS, signed, to public addresses only. */
export function webhookSender(ports: WebhookPorts): (receiver: WebhookReceiver) => SendNotices {
  return (receiver) => (notices) =>
    postParts(notices, {
      post: (part) => post(receiver, part, ports),
      most: MOST[receiver.format],
      patience: PATIENCE_MILLISECONDS,
      clock: ports.clock,
    });
}

async function post(receiver: WebhookReceiver, notices: readonly Notice[], ports: WebhookPorts): Promise<Answer> {
  try {
    const body = Buffer.from(webhookBody(receiver.format, notices));
    const url = new URL(receiver.url ?? (await ports.secret(receiver.urlFrom ?? 'env:')));
    const key = receiver.secretFrom && (await ports.secret(receiver.secretFrom));
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'content-length': body.byteLength,
      'user-agent': 'Sluice',
      ...(key === undefined ? {} : { 'sluice-signature': signature(body, key, ports.clock.now()) }),
    };
    return answerOf(await postTo(url, { body, headers, timeoutSeconds: receiver.timeoutSeconds }, ports.network));
  } catch (error) {
    return { outcome: isTimeout(error) ? 'failed' : 'unreachable', reason: reasonOf(error) };
  }
}

/** What is said of the address, of the key or of how often it is asked: no other notice would be taken. */
const OF_THE_CALLER = [401, 404, 405, 410, 429];

function answerOf(status: number): Answer {
  if (status >= 200 && status < 300) return { outcome: 'taken', reason: '' };
  const reason = `HTTP ${status}`;
  if (status < 400) return { outcome: 'unreachable', reason: `${reason}: redirects are not followed` };
  if (OF_THE_CALLER.includes(status)) return { outcome: 'unreachable', reason };
  return { outcome: status >= 500 ? 'failed' : 'refused', reason };
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && ['TimeoutError', 'AbortError'].includes(error.name);
}

/** What went wrong, and never the text of an error of the network: it names the address. */
function reasonOf(error: unknown): string {
  if (error instanceof RefusedAddress) return `denied: ${error.message}`;
  const { name, code } = error as NodeJS.ErrnoException;
  if (isTimeout(error)) return 'unavailable: no answer in time';
  if (code === 'ERR_INVALID_URL') return 'invalid: its address is none';
  return code === undefined || name === 'Fault' ? describeFault(error) : `unavailable: ${code}`;
}

/**
 * `t=<seconds since 1970>,v1=<hex of the HMAC-SHA256 of "<t>.<body>">`: a receiver that checks both takes neither what
 * others sent nor what was recorded long ago.
 */
export function signature(body: Uint8Array, key: string, now: number): string {
  const seconds = Math.floor(now / 1_000);
  const mac = createHmac('sha256', key).update(`${seconds}.`).update(body).digest('hex');
  return `t=${seconds},v1=${mac}`;
}
