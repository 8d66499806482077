import type { ErrorObject } from 'ajv';
import { cutUnits } from '../../shared/events/limits.ts';
import { nearestName } from '../../shared/runtime/nearest-name.ts';

/** One thing that is wrong with a body. */
export interface BodyFault {
  /** JSON Pointer (RFC 6901) into the body as it was sent: `/0/log_level`; empty for the body as a whole. */
  path: string;
  expected: string;
  /** What came, shortened. */
  got: string;
}

const SHOWN_TEXT = 60;
const SHOWN_PATH = 300;

/** What a validator found, told to whoever sent the body. `isList`: the body was a list of events, not one. */
export function bodyFaults(errors: readonly ErrorObject[], isList: boolean): BodyFault[] {
  return errors.map((error) => {
    const { name, ...fault } = faultOf(error);
    const whole = name === undefined ? error.instancePath : `${error.instancePath}/${pointerStep(name)}`;
    return { path: cutUnits(pathInBody(whole, isList), SHOWN_PATH).text, ...fault };
  });
}

/** The validator saw `/body/0/message`; the sender wrote `/0/message`, or `/message` where the body was one event. */
function pathInBody(path: string, isList: boolean): string {
  const inList = path.slice('/body'.length);
  return isList ? inList : inList.replace(/^\/0/, '');
}

function pointerStep(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

interface Schema {
  type?: string;
  description?: string;
  properties?: Record<string, Schema>;
}

function faultOf({ keyword, params, data, parentSchema }: ErrorObject): Omit<BodyFault, 'path'> & { name?: string } {
  const schema = (parentSchema ?? {}) as Schema;
  if (keyword === 'required') {
    const name = String(params.missingProperty);
    return { name, expected: expectedBy(schema.properties?.[name]), got: 'nothing' };
  }
  if (keyword === 'additionalProperties') return unknownField(String(params.additionalProperty), schema);
  return { expected: expectedBy(schema), got: shown(data) };
}

function unknownField(name: string, { properties = {} }: Schema) {
  const names = Object.keys(properties);
  const near = nearestName(name, names);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return { name, expected: `one of the fields ${names.join(', ')}${hint}`, got: 'a field of another name' };
}

function expectedBy({ description, type }: Schema = {}): string {
  return description ?? (type === 'string' ? 'a text' : (type ?? 'something else'));
}

/** Never the JSON of it: a value that nests too deep cannot be written. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cutUnits(value, SHOWN_TEXT).text);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
