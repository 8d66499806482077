import { Fault } from '../stream/fault.ts';
import { callAws } from './aws-fault.ts';
import { ssm } from './ssm-client.ts';

/** The value of a parameter of type SecureString. Rejects with a `Fault`, for a parameter that is not there as well. */
export function ssmSecret(name: string): Promise<string> {
  return callAws('GetParameter', async () => {
    const { sdk, client } = await ssm();
    const { Parameter } = await client.send(new sdk.GetParameterCommand({ Name: name, WithDecryption: true }));
    if (Parameter?.Value) return Parameter.Value;
    throw new Fault('missing', `expected a value in the parameter ${name}, got none`);
  });
}
