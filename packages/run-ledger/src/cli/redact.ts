import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isDigest, listBlobs, removeBlob } from '../blobs.ts';
import { openLedger } from '../ledger.ts';
import { done, json, UsageError, type CommandResult } from './outcome.ts';
import { recordedJson } from './recorded-json.ts';

const part = z.object({ sha256: z.string().optional() });
const resultWithBytes = z.object({ images: z.array(part).default([]), blocks: z.array(part).default([]) });

/**
 * Removes what was recorded under a digest, and the pictures and other bytes that it names; a note row of each stays.
 * @throws UsageError when nothing is recorded there, LedgerError when the note cannot be written
 */
export function redact(folder: string, digest: string, options: { json?: boolean }): CommandResult {
  if (!isDigest(digest)) throw new UsageError(`${digest} is not a SHA-256 in lower-case hex`);
  const recorded = new Set(listBlobs(folder));
  const removed = [...new Set([digest, ...bytesNamedIn(folder, digest)])].filter((each) =>
    recorded.has(each),
  );
  if (removed.length === 0) throw new UsageError(`nothing is recorded under ${digest}`);
  const origin = { run: randomUUID(), session: 'redaction', actor: 'person', surface: 'ledger' };
  const ledger = openLedger({ folder, ...origin });
  try {
    for (const each of removed) {
      ledger.append({ phase: 'note', name: 'redact', decision: { sha256: each } });
      removeBlob(folder, each);
    }
  } finally {
    ledger.close();
  }
  return done(
    options.json === true ? json({ removed }) : removed.map((each) => `removed ${each}`).join('\n'),
  );
}

/** Digests of the pictures and other bytes of a recorded result. */
function bytesNamedIn(folder: string, digest: string): string[] {
  const { success, data } = resultWithBytes.safeParse(recordedJson(folder, digest));
  if (!success) return [];
  return [...data.images, ...data.blocks].flatMap(({ sha256 }) => sha256 ?? []).filter(isDigest);
}
