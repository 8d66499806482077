/** The parts of CloudFormation that resources are written and checked with. */
export interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
  DependsOn?: string | string[];
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

export type Resources = Record<string, Resource>;

export interface Template {
  Resources: Resources;
}

export const ref = (logicalId: string) => ({ Ref: logicalId });
export const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** Objects of a bucket in `Fn::Sub`'s notation: `${ArchiveBucket.Arn}/quarantine/*`. */
export const objectsIn = (bucket: string, keys: string) => `\${${bucket}.Arn}/${keys}`;

/** `critical` in a logical id: `CriticalTopic`. */
export function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** The resources of one type, with their logical ids. */
export function resourcesOf(template: Template, type: string): { id: string; properties: Record<string, unknown> }[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => ({ id, properties: resource.Properties ?? {} }));
}

/** What lies at `path` below `value`; nothing when a step is missing. */
export function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (step, key) =>
      typeof step === 'object' && step !== null && Object.hasOwn(step, key) ? Reflect.get(step, key) : undefined,
    value,
  );
}

/** CloudFormation takes one thing or a list of things. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** The logical id that `Ref` or `Fn::GetAtt … Arn` names; nothing for anything else. */
export function logicalIdIn(value: unknown): string | undefined {
  const id = at(value, 'Ref') ?? listOf(at(value, 'Fn::GetAtt'))[0];
  return typeof id === 'string' ? id.split('.')[0] : undefined;
}

/** A value as it stands in a fault: an intrinsic function shows its text. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  const text = at(value, 'Fn::Sub') ?? at(value, 'Ref');
  return typeof text === 'string' ? text : (JSON.stringify(value) ?? 'nothing');
}
