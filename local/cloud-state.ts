import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/** What `.local/cloud.json` says about the cloud that was started last. */
const cloudState = z.object({
  endpoint: z.url(),
  region: z.string(),
  port: z.number().int().min(1).max(65_535),
  /** Of MiniStack, and of the process group that its Lambdas share. */
  pid: z.number().int().min(2),
  /** Tells that process from a later one with the same number. */
  processStamp: z.string(),
  startedAt: z.iso.datetime(),
  /** The process that it dies with; missing when it was started to stay. */
  owner: z.number().int().optional(),
});

export type CloudState = z.infer<typeof cloudState>;

/** The state on disk; undefined when there is none, or when what is there cannot be read. */
export function readCloudState(file: string): CloudState | undefined {
  try {
    return cloudState.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Written to the side and renamed: a reader sees the old state or the new one, never half of it. */
export function writeCloudState(file: string, state: CloudState): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

export function removeCloudState(file: string): void {
  rmSync(file, { force: true });
}
