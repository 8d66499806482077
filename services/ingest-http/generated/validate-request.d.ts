import type { ValidateFunction } from 'ajv';

/** The compiled JSON Schema of a request to `POST /logs` whose body is a list of events. */
export const validate: ValidateFunction;
