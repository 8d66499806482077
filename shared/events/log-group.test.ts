import { expect, test } from 'vitest';
import { sourceOfLogGroup } from './log-group.ts';

test.each([
  ['/aws/lambda/checkout', 'checkout'],
  ['/aws/lambda/checkout/extra', 'checkout'],
  ['/aws/rds/instance/orders-db/error', 'orders-db'],
  ['/aws/rds/cluster/orders/postgresql', 'orders'],
  ['/aws/codebuild/site', 'site'],
  ['/aws/eks/prod/cluster', 'prod'],
  ['/aws/ecs/containerinsights/shop/performance', 'shop'],
  ['API-Gateway-Execution-Logs_a1b2c3/prod', 'API-Gateway-Execution-Logs_a1b2c3/prod'],
  ['/ecs/shop', 'shop'],
  ['shop/api/', 'api'],
  ['shop', 'shop'],
  ['/', '/'],
])('the lines of %s come from %s', (logGroup, source) => {
  expect(sourceOfLogGroup(logGroup)).toBe(source);
});
