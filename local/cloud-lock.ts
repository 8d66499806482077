import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

const SQLITE_BUSY = 5;

/**
 * Runs `work` while no other process does. The lock is SQLite's on an otherwise empty file: the system takes it back
 * when its process dies, so there is no stale lock to tell from a live one.
 */
export async function withCloudLock<T>(
  lockFile: string,
  work: () => Promise<T>,
  onWait: () => void = () => {},
): Promise<T> {
  mkdirSync(dirname(lockFile), { recursive: true });
  const database = new DatabaseSync(lockFile);
  try {
    for (let told = false; !tryLock(database); told = true) {
      if (!told) onWait();
      await sleep(100);
    }
    return await work();
  } finally {
    database.close();
  }
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false;
    throw error;
  }
}
