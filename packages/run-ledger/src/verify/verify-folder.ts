import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ANCHORS, type Anchor } from '../anchor.ts';
import { BLOBS, listBlobs } from '../blobs.ts';
import { LedgerError } from '../ledger-error.ts';
import { LEDGER_FILE_NAME } from '../ledger-file.ts';
import { isMissing, readPlainFile } from '../plain-file.ts';
import { ownLife } from '../process-life.ts';
import { checkAnchors } from './check-anchors.ts';
import { checkBlobs } from './check-blobs.ts';
import { checkFile } from './check-file.ts';
import { checkPrefix, promisedBy, type PrintedAnchor } from './printed-anchor.ts';
import type { FolderVerdict, Problem } from './verdict.ts';

export interface VerifyOptions {
  /** An anchor that was kept outside the folder. */
  readonly anchor?: PrintedAnchor;
}

/**
 * Checks everything in a ledger folder, also while others write to it.
 * @throws LedgerError `ledger_unreadable` when there is no such folder
 */
export function verifyFolder(folder: string, options: VerifyOptions = {}): FolderVerdict {
  const verdict = look(folder, options);
  // a file that somebody began in between looks as if it had no anchor: the second look tells
  return verdict.ok ? verdict : look(folder, options);
}

function look(folder: string, { anchor }: VerifyOptions): FolderVerdict {
  const names = listFolder(folder);
  const { bytes, unreadable } = lookAtAnchors(folder);
  const { anchors, problems } = checkAnchors(bytes);
  const known = byFile(anchors);
  const own = ownLife();
  const files = [
    ...new Set([...names.filter(isLedgerFile), ...known.keys(), ...(anchor?.heads.keys() ?? [])]),
  ];
  const checked = files.sort().map((file) =>
    checkFile(file, {
      folder,
      anchors: known.get(file) ?? [],
      promised: anchor === undefined ? [] : promisedBy(anchor, file),
      own,
    }),
  );
  const all = [
    ...strangers(names),
    ...unreadable,
    ...problems,
    ...(anchor === undefined ? [] : checkPrefix(anchor, bytes)),
    ...checked.flatMap((file) => file.problems),
    ...checkBlobs(folder),
  ];
  const verdicts = checked.flatMap(({ verdict }) => verdict ?? []);
  return {
    ok: all.length === 0,
    rows: verdicts.reduce((sum, { rows }) => sum + rows, 0),
    anchors: anchors.length,
    blobs: listBlobs(folder).length,
    files: verdicts,
    problems: all,
    unfinished: checked.flatMap(({ unfinished }) => unfinished),
  };
}

const isLedgerFile = (name: string): boolean => LEDGER_FILE_NAME.test(name);

/** @throws LedgerError */
function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw new LedgerError('ledger_unreadable', whyUnread(folder, cause), { cause });
  }
}

/** What is wrong with a folder that could not be listed. */
export const whyUnread = (folder: string, cause: unknown): string =>
  isMissing(cause)
    ? `There is no ledger in ${folder}: nothing was recorded there yet, or it was taken away`
    : `${folder} cannot be read: ${String(cause)}`;

/** The bytes of `anchors.jsonl`; none when it is missing or no plain file. */
export const readAnchors = (folder: string): Buffer => lookAtAnchors(folder).bytes;

function lookAtAnchors(folder: string): { readonly bytes: Buffer; readonly unreadable: readonly Problem[] } {
  try {
    return { bytes: readPlainFile(join(folder, ANCHORS)), unreadable: [] };
  } catch (error) {
    // when it is missing, each file is reported to have no anchor
    const unreadable = isMissing(error)
      ? []
      : [{ file: ANCHORS, problem: `cannot be read: ${String(error)}` }];
    return { bytes: Buffer.alloc(0), unreadable };
  }
}

function byFile(anchors: readonly Anchor[]): Map<string, Anchor[]> {
  const known = new Map<string, Anchor[]>();
  for (const anchor of anchors) {
    const others = known.get(anchor.file);
    if (others === undefined) known.set(anchor.file, [anchor]);
    else others.push(anchor);
  }
  return known;
}

const strangers = (names: readonly string[]): Problem[] =>
  names
    .filter((name) => name !== ANCHORS && name !== BLOBS && !isLedgerFile(name))
    .map((file) => ({ file, problem: 'does not belong into a ledger folder' }));
