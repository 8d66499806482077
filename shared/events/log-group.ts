/** Where the name of what logs stands in the names of groups that AWS makes. The first row that fits wins. */
const FORMS: readonly RegExp[] = [
  /^\/aws\/(?:lambda|codebuild|apprunner|rds\/(?:instance|cluster|proxy)|eks|elasticbeanstalk|apigateway|batch|sagemaker\/[^/]+|ecs\/containerinsights|vendedlogs\/states)\/([^/]+)/,
  // API-Gateway-Execution-Logs_a1b2c3/prod
  /^(API-Gateway-Execution-Logs_[^/]+\/[^/]+)$/,
  // /ecs/shop, shop/api, shop
  /([^/]+)\/*$/,
];

/**
 * The name of the function or application whose log group this is: `checkout` for `/aws/lambda/checkout`, `shop` for
 * `/ecs/shop`, `orders-db` for `/aws/rds/instance/orders-db/error`. The source of a line that names none itself.
 */
export function sourceOfLogGroup(logGroup: string): string {
  for (const form of FORMS) {
    const name = form.exec(logGroup)?.[1];
    if (name !== undefined) return name;
  }
  return logGroup;
}
