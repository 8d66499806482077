import { type LookupAddress, type LookupOptions, lookup as resolveName } from 'node:dns';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { isPublicAddress } from './public-address.ts';

type Lookup = (
  name: string,
  options: LookupOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** How a webhook reaches the network; a test gives its own. */
export interface WebhookNetwork {
  request: (options: RequestOptions, onResponse: (response: IncomingMessage) => void) => ClientRequest;
  lookup: Lookup;
  isAllowed: (address: string) => boolean;
}

const INTERNET: WebhookNetwork = {
  request: httpsRequest,
  lookup: (name, options, callback) =>
    resolveName(name, { ...options, all: true }, (error, addresses) => callback(error, addresses ?? [])),
  isAllowed: isPublicAddress,
};

/** Where no webhook may go. */
export class RefusedAddress extends Error {}

export interface Sending {
  body: Buffer;
  headers: Record<string, string | number>;
  timeoutSeconds: number;
}

/** Posts to a public address over HTTPS, and answers the status. Nothing that it answers is followed or read. */
export function postTo(
  url: URL,
  { body, headers, timeoutSeconds }: Sending,
  network: WebhookNetwork = INTERNET,
): Promise<number> {
  if (url.protocol !== 'https:') throw new RefusedAddress('expected an address that begins with https://');
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  if (isLiteral(url) && !network.isAllowed(hostname)) throw new RefusedAddress(NOT_PUBLIC);
  const signal = AbortSignal.timeout(timeoutSeconds * 1_000);
  const { port, pathname, search } = url;
  const options: RequestOptions = {
    hostname,
    port: port || 443,
    path: `${pathname}${search}`,
    method: 'POST',
    headers,
    signal,
    agent: false,
    lookup: publicLookup(network) as RequestOptions['lookup'],
  };
  return new Promise((resolve, reject) => {
    const request = network.request(options, (response) => {
      // What it answers is of no interest, however long it is.
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end(body);
  });
}

const NOT_PUBLIC = 'expected a public address, got one that is private, loopback, link-local or reserved';

/** WHATWG URLs write an IPv4 address in one way only, however it came: decimal, octal, hexadecimal. */
function isLiteral({ hostname }: URL): boolean {
  return hostname.startsWith('[') || /^[\d.]+$/.test(hostname);
}

/** Resolves and checks in one: the address that was looked at is the one that is connected to, so it cannot change between. */
function publicLookup({ lookup, isAllowed }: WebhookNetwork) {
  return (
    name: string,
    options: LookupOptions,
    callback: (error: Error | null, addresses?: LookupAddress[] | string, family?: number) => void,
  ): void => {
    lookup(name, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses;
      if (error) return callback(error);
      if (!first || !addresses.every(({ address }) => isAllowed(address)))
        return callback(new RefusedAddress(NOT_PUBLIC));
      if (options.all) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}
