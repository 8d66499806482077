import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import syslog from 'syslog-client';

/** Sends one message of each severity to a socket of its own and prints what arrived, base64, a line a datagram. */
const server = createSocket('udp4').bind(0, '127.0.0.1');
await once(server, 'listening');
const rfc3164 = process.argv[2] === '3164';
const client = syslog.createClient('127.0.0.1', {
  port: server.address().port,
  transport: syslog.Transport.Udp,
  syslogHostname: 'web-1',
  appName: 'shop',
  facility: syslog.Facility.Local0,
  rfc3164,
});

const calls: [string, number][] = [
  ['started', syslog.Severity.Informational],
  ['slow', syslog.Severity.Warning],
  ['payment failed', syslog.Severity.Error],
  ['out of disk', syslog.Severity.Emergency],
  ['a call', syslog.Severity.Debug],
];
for (const [message, severity] of calls) {
  const [data] = (await Promise.all([once(server, 'message'), send(message, severity)]))[0] as [Buffer];
  console.log(data.toString('base64'));
}
client.close();
server.close();

function send(message: string, severity: number): Promise<void> {
  return new Promise((resolve, reject) => {
    client.log(message, { severity, timestamp: new Date() }, (error?: Error) => (error ? reject(error) : resolve()));
  });
}
