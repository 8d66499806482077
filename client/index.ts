import { createLoggerIn } from './logger.ts';
import type { Logger, LoggerOptions } from './logger-api.ts';
import { canPack, systemPorts } from './system-ports.ts';

export type { Alert, AlertIssue, AlertIssueCode, AlertOutcome, SendAlertsOptions } from './alerts/alert-api.ts';
export { sendAlerts } from './alerts/send-alerts.ts';
export { runInContext } from './context.ts';
export type {
  ChildOptions,
  Counts,
  CustomLevel,
  FlushOptions,
  FlushReport,
  GivenEvent,
  Issue,
  IssueCode,
  Locator,
  LogCall,
  LogContext,
  Logger,
  LoggerOptions,
  Packing,
} from './logger-api.ts';
export { type MiddlewareOptions, type SluiceMiddleware, sluiceMiddleware } from './middleware.ts';

/**
 * Makes the logger of an application: once for each process. Its calls keep an event, which is sent in the background.
 * Never throws: what is wrong with the options is in `initIssues`.
 */
export function createLogger<Custom extends string = never>(options: LoggerOptions<Custom>): Logger<Custom> {
  return createLoggerIn({ env: process.env, canPack, portsFor: systemPorts }, options);
}
