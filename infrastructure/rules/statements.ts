import { at, listOf, resourcesOf, type Template } from '../template.ts';

/** One statement of a policy, and the resource that it stands in. */
export interface Statement {
  id: string;
  effect: unknown;
  principal: unknown;
  actions: unknown[];
  resources: unknown[];
  condition: unknown;
  /** `NotAction`, `NotResource` or `NotPrincipal`, when it says what it does not mean. */
  negated: string | undefined;
}

/** What the functions and services are allowed: the policies of every role. */
export function identityStatements(template: Template): Statement[] {
  const inline = resourcesOf(template, 'AWS::IAM::Role').flatMap(({ id, properties }) =>
    listOf(properties.Policies).flatMap((policy) => statementsOf(id, at(policy, 'PolicyDocument'))),
  );
  const apart = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy'].flatMap((type) =>
    resourcesOf(template, type).flatMap(({ id, properties }) => statementsOf(id, properties.PolicyDocument)),
  );
  return [...inline, ...apart];
}

/** Who may take on a role. */
export function trustStatements(template: Template): Statement[] {
  return resourcesOf(template, 'AWS::IAM::Role').flatMap(({ id, properties }) =>
    statementsOf(id, properties.AssumeRolePolicyDocument),
  );
}

/** The statements of the policies of one type, such as `AWS::SQS::QueuePolicy`. */
export function resourceStatements(template: Template, type: string): Statement[] {
  return resourcesOf(template, type).flatMap(({ id, properties }) => statementsOf(id, properties.PolicyDocument));
}

function statementsOf(id: string, document: unknown): Statement[] {
  return listOf(at(document, 'Statement')).map((statement) => ({
    id,
    effect: at(statement, 'Effect'),
    principal: at(statement, 'Principal'),
    actions: listOf(at(statement, 'Action')),
    resources: listOf(at(statement, 'Resource')),
    condition: at(statement, 'Condition'),
    negated: ['NotAction', 'NotResource', 'NotPrincipal'].find((key) => at(statement, key) !== undefined),
  }));
}
