import { atRestFaults } from './rules/at-rest.ts';
import { httpApiFaults } from './rules/http-api.ts';
import { inTransitFaults } from './rules/in-transit.ts';
import { mappingFaults } from './rules/mappings.ts';
import { permissionFaults } from './rules/permissions.ts';
import type { Template } from './template.ts';

/**
 * Everything in a packaged CloudFormation template that breaks one of our rules; empty when it is sound. Each fault names
 * the resource, what was expected and what came.
 */
export function templateFaults(template: Template): string[] {
  return [mappingFaults, permissionFaults, atRestFaults, inTransitFaults, httpApiFaults].flatMap((rule) =>
    rule(template),
  );
}
