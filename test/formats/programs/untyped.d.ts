// Packages without types of their own, as far as the programs here use them.

declare module 'morgan' {
  import type { IncomingMessage, ServerResponse } from 'node:http';
  export default function morgan(
    format: string,
  ): (incoming: IncomingMessage, answer: ServerResponse, next: () => void) => void;
}

declare module 'bunyan' {
  interface Logger {
    info(message: string): void;
    warn(message: string): void;
    error(fields: object, message: string): void;
    fatal(message: string): void;
    debug(message: string): void;
  }
  const bunyan: {
    createLogger(options: { name: string; level: string; serializers: object }): Logger;
    stdSerializers: object;
  };
  export default bunyan;
}

declare module 'syslog-client' {
  interface Client {
    log(message: string, options: object, done: (error?: Error) => void): void;
    close(): void;
  }
  const syslog: {
    createClient(host: string, options: object): Client;
    Severity: Record<'Emergency' | 'Error' | 'Warning' | 'Informational' | 'Debug', number>;
    Facility: Record<'Local0', number>;
    Transport: Record<'Udp', number>;
  };
  export default syslog;
}
