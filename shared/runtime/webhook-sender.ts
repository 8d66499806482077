import { createHmac } from 'node:crypto';
import type { Notice } from '../alerts/notice.ts';
import type { SendNotices } from '../alerts/outbox.ts';
import type { WebhookFormat, WebhookReceiver } from '../alerts/receivers.ts';
import { webhookBody } from '../alerts/webhook-body.ts';
import type { ReadSecret } from '../aws/secrets.ts';
import { describeFault } from '../stream/fault.ts';
import type { Clock, SendFailure } from '../stream/ports.ts';
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
  return (receiver) => (notices) => postAll(receiver, notices, ports);
}

async function postAll(receiver: WebhookReceiver, notices: readonly Notice[], ports: WebhookPorts) {
  const end = ports.clock.now() + PATIENCE_MILLISECONDS;
  const most = MOST[receiver.format];
  const unsent: SendFailure[] = [];
  for (let from = 0; from < notices.length; from += most) {
    const isLate = ports.clock.now() >= end;
    const { outcome, reason } = isLate ? LATE : await post(receiver, notices.slice(from, from + most), ports);
    if (outcome === 'unreachable') return [...unsent, ...refuse(notices, from, reason)];
    if (outcome === 'refused') unsent.push(...refuse(notices, from, reason).slice(0, most));
  }
  return unsent;
}

function refuse(notices: readonly Notice[], from: number, reason: string): SendFailure[] {
  return notices.slice(from).map((_, index) => ({ index: from + index, reason }));
}

interface Outcome {
  /** `unreachable`: the rest need not be tried now. */
  outcome: 'taken' | 'refused' | 'unreachable';
  /** Without the address, which may be a secret. */
  reason: string;
}

const LATE: Outcome = { outcome: 'unreachable', reason: 'out-of-time: the requests before took too long' };

async function post(receiver: WebhookReceiver, notices: readonly Notice[], ports: WebhookPorts): Promise<Outcome> {
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
    return outcomeOf(await postTo(url, { body, headers, timeoutSeconds: receiver.timeoutSeconds }, ports.network));
  } catch (error) {
    return { outcome: 'unreachable', reason: reasonOf(error) };
  }
}

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return { outcome: 'taken', reason: '' };
  const reason = status >= 300 && status < 400 ? `HTTP ${status}: redirects are not followed` : `HTTP ${status}`;
  return { outcome: status === 429 || status >= 500 ? 'unreachable' : 'refused', reason };
}

/** What went wrong, and never the text of an error of the network: it names the address. */
function reasonOf(error: unknown): string {
  if (error instanceof RefusedAddress) return `denied: ${error.message}`;
  const { name, code } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError' || name === 'AbortError') return 'unavailable: no answer in time';
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
