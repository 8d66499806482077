import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { ruleEvaluation } from '../../infrastructure/evaluate-rules.ts';
import { at, capitalized, logicalIdIn } from '../../infrastructure/template.ts';
import { parseConfiguration } from '../../shared/runtime/configuration.ts';
import { EVERYTHING } from './deployed.ts';

const INFRASTRUCTURE = resolve(import.meta.dirname, '../../infrastructure');
const fileOf = (name: string): unknown => parse(readFileSync(resolve(INFRASTRUCTURE, name), 'utf8'));

/** Where the template says what a mapping does with a batch that failed to the end. */
const EXTENSIONS = [
  at(fileOf('mappings.yml'), 'extensions'),
  at(fileOf('archive/enabled.yml'), 'resources', 'extensions'),
  ruleEvaluation(parseConfiguration(EVERYTHING), '').resources.extensions,
];
const KEPT = fileOf('archive.yml');

/** Whether a consumer's on-failure destination gets the records. Only S3 does; a queue gets where they were. Source: FACTS.md. */
export function keepsPayload(service: string): boolean {
  const words = service.split('-').map(capitalized);
  const mapping = `${words.join('')}EventSourceMappingKinesisStream`;
  const path = [mapping, 'Properties', 'DestinationConfig', 'OnFailure', 'Destination'];
  const destinations = EXTENSIONS.flatMap((extensions) => logicalIdIn(at(extensions, ...path)) ?? []);
  return destinations.some((id) => at(KEPT, 'Resources', id, 'Type') === 'AWS::S3::Bucket');
}
