import type { TableDefinition } from './dynamodb-table.ts';

/** The keys of the tables, as `infrastructure/tables.yml` makes them. */
export const TABLE_KEYS = {
  incidents: { '': { partition: 'fingerprint' }, byStatus: { partition: 'status', sort: 'lastSeen' } },
  applicationLogs: {
    '': { partition: 'source_application', sort: 'period' },
    byFingerprint: { partition: 'fingerprint', sort: 'period' },
    byDate: { partition: 'date', sort: 'stamp_mod' },
  },
  alertGroups: { '': { partition: 'group' }, byDue: { partition: 'due_bucket', sort: 'due_at' } },
  ledger: { '': { partition: 'scope', sort: 'entry' } },
} as const satisfies Record<string, TableDefinition['keys']>;
