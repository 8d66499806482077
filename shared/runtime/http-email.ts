import { allowListed, type Email, type EmailOutcome, type EmailPort } from '../alerts/email.ts';
import { Fault } from '../stream/fault.ts';

export interface HttpEmailOptions {
  /** Where `{to, subject, body}` is posted to. HTTPS, or HTTP on this machine. */
  url: string;
  /** Asked before an email, and again after the sender refused the key, so that a key can be changed. Default: no key. */
  key?: () => Promise<string>;
  /** What `body` is. Default `text`. */
  body?: 'text' | 'html';
  /** Addresses and `@domains` that may be written to. */
  allowed: readonly string[];
}

const TIMEOUT_MILLISECONDS = 5_000;
/** Of a refusal, what is told on. */
const REASON_BYTES = 300;
/**
 * The email itself is at fault: it would be refused again. 404, 405 and 410 are said of the sender's address and 409 of a
 * repeat that is still under way: the email waits, or a sender that was moved would lose every page.
 */
const REFUSED = [400, 413, 415, 422];
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Why a text cannot be the address of an email sender; undefined when it can. */
export function emailSenderFault(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null) return 'it is no URL';
  if (url.username !== '' || url.password !== '') return 'a user name or password is in it';
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.includes(url.hostname));
  return isSafe ? undefined : 'it is not HTTPS';
}

/** Sends emails through an HTTP API: `POST {to, subject, body}`. Throws for an address that is not HTTPS. */
export function httpEmail({ url, key, body = 'text', allowed }: HttpEmailOptions): EmailPort {
  const fault = emailSenderFault(url);
  if (fault) throw new Fault('invalid', `expected an HTTPS address of the email sender, got ${url}: ${fault}`);
  let known: Promise<string> | undefined;
  const authorization = async (): Promise<Record<string, string>> => {
    if (key === undefined) return {};
    known ??= key();
    known.catch(forget);
    return { authorization: `Bearer ${await known}` };
  };
  const forget = () => {
    known = undefined;
  };
  const send = async (email: Email): Promise<EmailOutcome> => {
    const { id, to, subject } = email;
    const headers = {
      ...(await authorization()),
      'content-type': 'application/json; charset=utf-8',
      // A notice that is sent again, after a lost answer, has the same one. It may hold any text, a header cannot.
      'idempotency-key': encodeURIComponent(id.toWellFormed()).slice(0, 255),
    };
    const outcome = await outcomeOf(await post(url, headers, JSON.stringify({ to, subject, body: email[body] })));
    if (outcome.status !== 'denied') return outcome;
    forget();
    throw new Fault('denied', `the email sender refused the key: ${outcome.reason}`);
  };
  return allowListed({ send }, allowed);
}

async function post(url: string, headers: Record<string, string>, body: string): Promise<Response> {
  try {
    // A redirect would carry the key to wherever it leads.
    const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    return await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal });
  } catch (error) {
    throw new Fault('unavailable', 'the email sender does not answer', { cause: error });
  }
}

async function outcomeOf(response: Response): Promise<EmailOutcome | { status: 'denied'; reason: string }> {
  if (response.ok) {
    await response.body?.cancel();
    return { status: 'accepted' };
  }
  const reason = `HTTP ${response.status} ${await beginning(response)}`.trim();
  if (REFUSED.includes(response.status)) return { status: 'refused', reason };
  if ([401, 403].includes(response.status)) return { status: 'denied', reason };
  throw new Fault(response.status === 429 ? 'throttled' : 'unavailable', `the email sender answered ${reason}`);
}

/** The first bytes of an answer, as one line; the rest is not read. */
async function beginning(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  try {
    const { value = new Uint8Array() } = (await reader?.read()) ?? {};
    return new TextDecoder()
      .decode(value.subarray(0, REASON_BYTES))
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]+/gu, ' ');
  } catch {
    return '';
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
}
