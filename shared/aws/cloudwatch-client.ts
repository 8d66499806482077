import { CLIENT_SETTINGS, once } from './client-settings.ts';

/** For tools that a person runs: functions write their metrics to their logs. */
export const cloudWatch = once(async () => {
  const sdk = await import('@aws-sdk/client-cloudwatch');
  return { sdk, client: new sdk.CloudWatchClient(CLIENT_SETTINGS) };
});
