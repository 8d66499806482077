/** A variable that the deployment sets. Rejects with what is missing: a function without it can do nothing right. */
export function required(name: string, environment: NodeJS.ProcessEnv = process.env): string {
  const value = environment[name];
  if (value === undefined || value === '') {
    throw new Error(`expected the environment variable ${name}, which serverless.yml sets; it is missing`);
  }
  return value;
}
