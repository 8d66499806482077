import { CLIENT_SETTINGS, once } from './client-settings.ts';

export const sns = once(async () => {
  const sdk = await import('./sns-sdk.ts');
  return { sdk, client: new sdk.SNSClient(CLIENT_SETTINGS) };
});

export type OpenSns = typeof sns;

/** More regions than AWS has: whoever names ever new ones must not fill the memory. */
const MOST_REGIONS = 64;
const regional = new Map<string, OpenSns>();

/** A client for each region that is called: a topic answers in its own region only. */
export function snsIn(region: string): OpenSns {
  const known = regional.get(region);
  if (known !== undefined) return known;
  if (regional.size >= MOST_REGIONS) regional.clear();
  const open = once(async () => {
    const { sdk } = await sns();
    return { sdk, client: new sdk.SNSClient({ ...CLIENT_SETTINGS, region }) };
  });
  regional.set(region, open);
  return open;
}
