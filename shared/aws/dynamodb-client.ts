import { CLIENT_SETTINGS, once } from './client-settings.ts';

export const dynamoDb = once(async () => {
  const sdk = await import('./dynamodb-sdk.ts');
  return { sdk, client: new sdk.DynamoDBClient(CLIENT_SETTINGS) };
});
