import type { ErrorObject } from 'ajv';
import { isObject, isTooDeep } from '../../shared/events/decode-json.ts';
import { MAX_DEPTH } from '../../shared/events/limits.ts';
import { validate } from './generated/validate-request.js';

/** What @middy/validator calls: a function that says whether the event is sound, and keeps what is wrong beside it. */
export interface CheckRequest {
  (event: unknown): boolean;
  errors: ErrorObject[] | null;
}

/** The generated validator, and the one thing that JSON Schema cannot say: how deep details may nest. */
export function requestCheck(): CheckRequest {
  const check: CheckRequest = Object.assign(
    (event: unknown) => {
      const isSound = validate(event);
      const errors = [...(isSound ? [] : (validate.errors ?? [])), ...depthErrors(event)];
      check.errors = errors.length === 0 ? null : errors;
      return errors.length === 0;
    },
    { errors: null },
  );
  return check;
}

function depthErrors(event: unknown): ErrorObject[] {
  const body = isObject(event) && Array.isArray(event.body) ? event.body : [];
  return body.flatMap((one: unknown, index) => {
    if (!isObject(one) || !isTooDeep(one.details)) return [];
    return [
      {
        instancePath: `/body/${index}/details`,
        schemaPath: '#/depth',
        keyword: 'depth',
        params: {},
        data: one.details,
        parentSchema: { description: `JSON that nests at most ${MAX_DEPTH} deep` },
      },
    ];
  });
}
