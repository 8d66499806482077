/**
 * A log line may hold anything, a queue takes only what XML can: without the rest the message arrives, with it SQS drops
 * it. Source: SQS API, SendMessage, "valid Unicode characters".
 */
export function writable(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}
