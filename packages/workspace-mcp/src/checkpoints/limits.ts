import type { BigIntStats } from 'node:fs';
import { protectionOf } from '../protection/names.ts';

const MIB = 1024 ** 2;

/** How much is kept. */
export interface Limits {
  readonly fileBytes: number;
  /** Bytes that are looked at for one step. */
  readonly stepBytes: number;
  readonly stepEntries: number;
  /** Bytes of all steps of a session, and how many there are; the oldest go first. */
  readonly storeBytes: number;
  readonly steps: number;
}

export const LIMITS: Limits = {
  fileBytes: 256 * MIB,
  stepBytes: 1024 * MIB,
  stepEntries: 200_000,
  storeBytes: 2048 * MIB,
  steps: 500,
};

/** Folders that programs make again from the rest. They are kept only when they are named themselves. */
const MADE_AGAIN = new Set([
  'node_modules',
  '.venv',
  'venv',
  '__pycache__',
  '.tox',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.gradle',
  '.next',
  '.nuxt',
  '.turbo',
  '.parcel-cache',
  '.cache',
]);

export const isMadeAgain = (name: string): boolean => MADE_AGAIN.has(name);

const DEEPEST = 128;

export interface Entry {
  readonly name: string;
  readonly path: string;
  readonly stat: BigIntStats;
  readonly isMeant: boolean;
  /** How many were looked at before it. */
  readonly entries: number;
}

/** Why something is not kept, or `null`. */
export function left({ name, path, stat, isMeant, entries }: Entry, limits: Limits): string | null {
  if (entries > limits.stepEntries) return `the step has more than ${limits.stepEntries} files`;
  if (protectionOf(path) === 'secret') return 'it is a secret';
  if (path.split('/').length > DEEPEST) return 'it is too deep';
  if (stat.isDirectory()) return !isMeant && isMadeAgain(name) ? 'programs make it again' : null;
  if (stat.isSymbolicLink()) return null;
  if (!stat.isFile()) return 'it is a pipe, device or socket';
  return stat.size > limits.fileBytes ? `it has more than ${limits.fileBytes / MIB} MiB` : null;
}
