import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from './canonical-json.ts';
import { writeRefused } from './ledger-file.ts';
import { readPlainFile } from './plain-file.ts';
import { makePrivateFolder } from './private-folder.ts';

/** Name of the folder, inside that of the ledger, with what was recorded. */
export const BLOBS = 'blobs';

const DIGEST = /^[0-9a-f]{64}$/;

export const isDigest = (text: string): boolean => DIGEST.test(text);

/** A copy that is being written, or that a killed process left behind. */
export const isUnfinishedBlob = (name: string): boolean => /^[0-9a-f]{64}\.[0-9a-f]{8}$/.test(name);

/** Keeps bytes under their SHA-256, mode 0600, whole or not at all; returns the digest. @throws LedgerError */
export function keepBlob(folder: string, bytes: Uint8Array): string {
  const digest = sha256(bytes);
  const path = join(folder, BLOBS, digest);
  const unfinished = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    makePrivateFolder(join(folder, BLOBS));
    if (existsSync(path)) return digest;
    writeFileSync(unfinished, bytes, { mode: 0o600, flag: 'wx' });
    renameSync(unfinished, path);
  } catch (cause) {
    rmSync(unfinished, { force: true });
    throw writeRefused(path, cause);
  }
  return digest;
}

/** `undefined` when it was never recorded, was redacted, or no longer has its digest. */
export function readBlob(folder: string, digest: string): Buffer | undefined {
  if (!isDigest(digest)) return undefined;
  try {
    const bytes = readPlainFile(join(folder, BLOBS, digest));
    return sha256(bytes) === digest ? bytes : undefined;
  } catch {
    return undefined; // not recorded
  }
}

/** Digests of everything that was recorded, also of what a killed process left unfinished. */
export function listBlobs(folder: string): string[] {
  try {
    const names = readdirSync(join(folder, BLOBS)).filter((name) => isDigest(name) || isUnfinishedBlob(name));
    return [...new Set(names.map((name) => name.slice(0, 64)))].sort();
  } catch {
    return []; // nothing was recorded
  }
}

/** Removes every copy, also those that a killed process left unfinished. */
export function removeBlob(folder: string, digest: string): void {
  const blobs = join(folder, BLOBS);
  for (const name of readdirSync(blobs))
    if (name === digest || (isUnfinishedBlob(name) && name.startsWith(digest)))
      rmSync(join(blobs, name), { force: true });
}
