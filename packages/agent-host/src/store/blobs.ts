import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { SessionError } from './session-error.ts';

const LONGEST_IN_LINE = 16_384;
const MARK = '$blob';

/** Long strings of a session, each in a file that is named by its SHA-256. */
export class Blobs {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** The value with a mark in place of each long string, all of which are on the disk then. */
  pack(value: unknown): unknown {
    if (typeof value === 'string')
      return value.length > LONGEST_IN_LINE ? { [MARK]: this.#write(value) } : value;
    if (Array.isArray(value)) return value.map((one) => this.pack(one));
    if (typeof value !== 'object' || value === null) return value;
    // names that begin like a mark are told apart by one more sign
    const entries = Object.entries(value).map(([key, one]) => [
      key.startsWith('$') ? `$${key}` : key,
      this.pack(one),
    ]);
    return Object.fromEntries(entries);
  }

  /** @throws SessionError where a blob is gone or another one than it was */
  unpack(value: unknown): unknown {
    return unpackWith(value, (sha256) => this.#read(sha256));
  }

  #write(text: string): string {
    const sha256 = digest(text);
    const path = join(this.#folder, sha256);
    if (existsSync(path)) return sha256;
    const fd = openSync(`${path}.part`, 'w', 0o600);
    try {
      writeSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(`${path}.part`, path);
    const folder = openSync(this.#folder, 'r');
    fsyncSync(folder);
    closeSync(folder);
    return sha256;
  }

  #read(sha256: string): string {
    const text = /^[0-9a-f]{64}$/.test(sha256) ? readOr(join(this.#folder, sha256)) : null;
    if (text !== null && digest(text) === sha256) return text;
    throw new SessionError('session_broken', `${join(this.#folder, sha256)} is gone or was changed`, {
      hint: 'Put the file back, or delete the session: deskhand delete ID',
    });
  }
}

/** For who needs no long strings: they are empty. */
export const unpackShort = (value: unknown): unknown => unpackWith(value, () => '');

function unpackWith(value: unknown, read: (sha256: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => unpackWith(one, read));
  if (typeof value !== 'object' || value === null) return value;
  if (MARK in value) return read(String(value[MARK]));
  const entries = Object.entries(value).map(([key, one]) => [
    key.startsWith('$') ? key.slice(1) : key,
    unpackWith(one, read),
  ]);
  return Object.fromEntries(entries);
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

function readOr(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // the caller says that it is gone
  }
}
