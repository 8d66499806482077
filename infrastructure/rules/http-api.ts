import { at, listOf, logicalIdIn, resourcesOf, shown, type Template } from '../template.ts';

/**
 * TLS 1.2 at least. An API without a policy of its own takes TLS 1.0.
 * Source: "Security policies for REST APIs", API Gateway developer guide.
 */
const TLS_POLICIES = ['SecurityPolicy_TLS13_1_2_2021_06', 'SecurityPolicy_TLS13_1_3_2025_09'];

/** Nobody posts without a key, no key without a limit, and nobody over an old TLS (SECURITY 10 and 12). */
export function httpApiFaults(template: Template): string[] {
  return [
    ...resourcesOf(template, 'AWS::ApiGateway::Method').flatMap(keyRequired),
    ...resourcesOf(template, 'AWS::ApiGateway::RestApi').flatMap(({ id, properties }) => [
      ...tlsPolicy(id, properties),
      ...limited(template, id),
    ]),
  ];
}

type Properties = Record<string, unknown>;

function keyRequired({ id, properties }: { id: string; properties: Properties }): string[] {
  if (properties.ApiKeyRequired === true) return [];
  return [`${id}: expected ApiKeyRequired true, got ${shown(properties.ApiKeyRequired)}; anybody could post`];
}

function tlsPolicy(id: string, { SecurityPolicy }: Properties): string[] {
  if (TLS_POLICIES.includes(String(SecurityPolicy))) return [];
  return [`${id}: expected SecurityPolicy to be one of ${TLS_POLICIES.join(', ')}, got ${shown(SecurityPolicy)}`];
}

/** A plan for the API that limits its rate, and a key that belongs to it. */
function limited(template: Template, api: string): string[] {
  const plan = resourcesOf(template, 'AWS::ApiGateway::UsagePlan').find(({ properties }) =>
    listOf(properties.ApiStages).some((stage) => logicalIdIn(at(stage, 'ApiId')) === api),
  );
  if (plan === undefined) return [`${api}: expected a usage plan for it, got none; no key would be let in`];
  const limits = ['RateLimit', 'BurstLimit'].map((name) => at(plan.properties, 'Throttle', name));
  const keys = resourcesOf(template, 'AWS::ApiGateway::UsagePlanKey').filter(
    ({ properties }) => logicalIdIn(properties.UsagePlanId) === plan.id,
  );
  return [
    ...(limits.every((limit) => Number(limit) > 0)
      ? []
      : [`${plan.id}: expected Throttle with RateLimit and BurstLimit above 0, got ${limits.map(shown).join(', ')}`]),
    ...(keys.length > 0 ? [] : [`${plan.id}: expected a key that belongs to it, got none`]),
  ];
}
