export type LocalFailureCode =
  | 'python-missing'
  | 'venv-missing'
  | 'node-missing'
  | 'install-failed'
  | 'port-taken'
  | 'port-invalid'
  | 'not-healthy'
  | 'not-stopped'
  | 'endpoint-unreachable'
  | 'deploy-failed';

/** Why the local cloud cannot be had. The message is one sentence for a person: what, where, what to do. */
export class LocalFailure extends Error {
  readonly code: LocalFailureCode;

  constructor(code: LocalFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LocalFailure';
    this.code = code;
  }
}
