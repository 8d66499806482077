import type { z } from 'zod';
import { duration, flag, section, setting, size } from './configuration-values.ts';

/** `archive` of the configuration: whether and how every event is kept in S3. */
export interface ArchiveConfiguration {
  /** False: nothing is archived, so nothing can be queried or replayed from there. */
  isEnabled: boolean;
  bufferSeconds: number;
  bufferMiB: number;
}

/** As people write it. Firehose: 64 MiB is the least with Parquet conversion, 128 MiB and 15 minutes the most. */
export const archiveShape = {
  enabled: setting(flag, true),
  buffer: section({ time: setting(duration('60s', '15m'), 300), size: setting(size('64 MiB', '128 MiB'), 128) }),
};

type Written = { [Name in keyof typeof archiveShape]: z.output<(typeof archiveShape)[Name]> };

export function archiveConfiguration({ enabled, buffer }: Written): ArchiveConfiguration {
  return { isEnabled: enabled, bufferSeconds: buffer.time, bufferMiB: buffer.size };
}
