/** What the functions call of this client, by name, so that their packages hold nothing else of it. */
export { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
