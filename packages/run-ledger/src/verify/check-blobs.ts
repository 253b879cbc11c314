import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BLOBS, isDigest, isUnfinishedBlob, readBlob } from '../blobs.ts';
import type { Problem } from './verdict.ts';

/** What is wrong with what was recorded. One that a killed process left unfinished is no problem. */
export function checkBlobs(folder: string): Problem[] {
  const path = join(folder, BLOBS);
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) return [{ file: BLOBS, problem: 'is not a folder' }];
  return readdirSync(path)
    .sort()
    .flatMap((name) => {
      const file = `${BLOBS}/${name}`;
      if (isUnfinishedBlob(name)) return [];
      if (!isDigest(name)) return [{ file, problem: 'does not belong into a ledger folder' }];
      // one that is gone by now was redacted
      const isThere = lstatSync(join(path, name), { throwIfNoEntry: false }) !== undefined;
      return isThere && readBlob(folder, name) === undefined
        ? [{ file, problem: 'is not what was recorded' }]
        : [];
    });
}
