import { LOG_EVENT_COLUMNS } from '../shared/archive/log-event-row.ts';

/** A column as Glue takes it, in CloudFormation and in its API. */
export interface GlueColumn {
  Name: string;
  Type: string;
  Comment?: string;
}

/** The columns of the Glue table `log_events`, from the one list that the rows are made by. */
export function logEventsGlueColumns(): GlueColumn[] {
  return LOG_EVENT_COLUMNS.map(({ name, type, comment }) => ({
    Name: name,
    Type: type,
    ...(comment && { Comment: comment }),
  }));
}

/** What is committed as `infrastructure/generated/log-events-columns.json`. */
export function logEventsColumnsFile(): string {
  return `${JSON.stringify(logEventsGlueColumns(), null, 2)}\n`;
}
