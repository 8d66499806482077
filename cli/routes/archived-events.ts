import type { ArrivedAlert } from '../../shared/alerts/rehearse.ts';
import { textLiteral } from '../../shared/aws/athena-literal.ts';
import type { AthenaResult } from '../../shared/aws/athena-query.ts';
import type { Fingerprint } from '../../shared/events/fingerprint.ts';
import { isLevel } from '../../shared/events/levels.ts';
import { CommandFailure } from '../cli-error.ts';

/** An example shows so much of a message; the title is made of the template. */
const MESSAGE_CHARACTERS = 200;
const HOUR = 3_600_000;

/** What routing looks at, of the log events that the stream took in a time, in the order in which it took them. */
export function archivedEventsQuery({ from, to, most }: { from: Date; to: Date; most: number }): string {
  return [
    'SELECT id, level, source, fingerprint, template, time, received_at,',
    `  substr(message, 1, ${MESSAGE_CHARACTERS}) AS message, json_format(CAST(attributes AS JSON)) AS attributes`,
    'FROM log_events',
    // The day is that on which Firehose wrote it, which is never before the stream took it; clocks differ a little.
    `WHERE dt >= ${textLiteral(new Date(from.getTime() - HOUR).toISOString().slice(0, 10))}`,
    `  AND received_at >= ${timestamp(from)} AND received_at < ${timestamp(to)}`,
    "  AND type = 'log'",
    `ORDER BY received_at, time, id LIMIT ${most}`,
  ].join('\n');
}

function timestamp(date: Date): string {
  return `TIMESTAMP ${textLiteral(date.toISOString().slice(0, 23).replace('T', ' '))}`;
}

/** The events of one page of the answer. The archive may repeat one: equal ids are one event. */
export function arrivedAlerts({ columns, rows }: AthenaResult): ArrivedAlert[] {
  const places = new Map(columns.map(({ name }, place) => [name, place]));
  return rows.map((row) => alertOf((name) => row[places.get(name) ?? -1] ?? null));
}

function alertOf(cell: (name: string) => string | null): ArrivedAlert {
  const text = (name: string) => {
    const value = cell(name);
    if (value !== null) return value;
    throw new CommandFailure(`Expected every row of the archive to have ${name}, got one without.`);
  };
  const level = text('level');
  if (!isLevel(level)) throw new CommandFailure(`Expected a level in the archive, got ${JSON.stringify(level)}.`);
  const attributes = JSON.parse(cell('attributes') ?? 'null') as Record<string, string> | null;
  return {
    event: {
      v: 1,
      id: text('id'),
      type: 'log',
      time: isoTime(text('time')),
      level,
      source: text('source'),
      message: cell('message') ?? '',
      ...(attributes === null ? {} : { attributes }),
    },
    fingerprint: text('fingerprint') as Fingerprint,
    template: text('template'),
    arrivedAt: Date.parse(isoTime(text('received_at'))),
  };
}

/** `2026-11-21 07:00:00.000`, with or without its fraction, UTC. */
function isoTime(stored: string): string {
  const time = Date.parse(`${stored.slice(0, 23).replace(' ', 'T')}Z`);
  if (Number.isNaN(time)) throw new CommandFailure(`Expected a time in the archive, got ${JSON.stringify(stored)}.`);
  return new Date(time).toISOString();
}
