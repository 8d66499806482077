import { APIGatewayClient, GetApiKeyCommand } from '@aws-sdk/client-api-gateway';

/** The value of an API key, a secret; undefined when there is no such key. */
export async function apiKeyValue(keyId: string, client = new APIGatewayClient({})): Promise<string | undefined> {
  try {
    const { value } = await client.send(new GetApiKeyCommand({ apiKey: keyId, includeValue: true }));
    return value;
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFoundException') return undefined;
    throw error;
  }
}
