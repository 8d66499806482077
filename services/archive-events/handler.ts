/** A placeholder until the service is wired: fails, so that a stream is never taken for processed. */
export async function handler(): Promise<never> {
  throw new Error('Expected a wired handler, got the placeholder');
}
