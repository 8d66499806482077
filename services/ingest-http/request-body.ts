import { isUtf8 } from 'node:buffer';
import { HTTP_BODY_BYTES } from './limits.ts';

/** The request as API Gateway hands it over: the parts of its proxy event that decide how the body is read. */
export interface BodyOfRequest {
  body: string | null;
  isBase64Encoded?: boolean;
  headers?: Record<string, string | undefined> | null;
}

export type ReadBody =
  /** `isList`: the body was a list; one event alone is made a list of one. */
  | { status: 'read'; events: unknown[]; isList: boolean }
  | { status: 'too-large'; bytes: number }
  | { status: 'compressed'; encoding: string }
  | { status: 'not-json'; got: string };

/** Reads the body of a request as JSON. Its type is not asked for: curl's default says it is a form. */
export function readBody({ body, isBase64Encoded = false, headers }: BodyOfRequest): ReadBody {
  const encoding = contentEncoding(headers ?? {});
  if (encoding !== 'identity') return { status: 'compressed', encoding };
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > HTTP_BODY_BYTES) return { status: 'too-large', bytes: bytes.length };
  if (!isUtf8(bytes)) return { status: 'not-json', got: 'bytes that are not UTF-8' };
  const text = bytes.toString('utf8');
  if (text.trim() === '') return { status: 'not-json', got: 'nothing' };
  try {
    const json: unknown = JSON.parse(text);
    return { status: 'read', events: Array.isArray(json) ? json : [json], isList: Array.isArray(json) };
  } catch (error) {
    return { status: 'not-json', got: error instanceof Error ? error.message : 'text' };
  }
}

function contentEncoding(headers: Record<string, string | undefined>): string {
  const name = Object.keys(headers).find((key) => key.toLowerCase() === 'content-encoding');
  return (name === undefined ? undefined : headers[name])?.trim().toLowerCase() || 'identity';
}
