import { CLIENT_SETTINGS, once } from './client-settings.ts';

/** For tools that a person runs: no function calls Lambda. */
export const lambda = once(async () => {
  const sdk = await import('@aws-sdk/client-lambda');
  return { sdk, client: new sdk.LambdaClient(CLIENT_SETTINGS) };
});
