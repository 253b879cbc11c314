import { randomUUID } from 'node:crypto';
import { LedgerError, openLedger, type Ledger, type LedgerOptions } from '@deskhand/run-ledger';
import { z } from 'zod';
import { ConfigError } from './config/config-error.ts';
import type { AuditRow, AuditSink } from './pipeline/audit.ts';

const NAME_MAX = 200;
const json = z.json();

export interface LedgerSinkOptions {
  /** Folder of the ledger files, absolute. */
  readonly folder: string;
  /** What is acted on: the server's name. */
  readonly surface: string;
  readonly session: string;
}

/** An audit sink that must be closed. */
export interface LedgerSink extends AuditSink {
  readonly path: string;
  close(): void;
}

/**
 * Writes the audit rows of a server into a hash-chained ledger file of its own.
 *
 * @throws ConfigError when the folder is not ours or cannot be written
 */
export function openLedgerSink({ folder, surface, session }: LedgerSinkOptions): LedgerSink {
  const ledger = open({ folder, run: randomUUID(), actor: 'agent', surface, session });
  const intents = new Map<string, number>();
  return {
    path: ledger.path,
    append: (row) => appendTo(ledger, row, intents),
    close: () => ledger.close(),
  };
}

function open(options: LedgerOptions): Ledger {
  try {
    return openLedger(options);
  } catch (error) {
    if (error instanceof LedgerError) throw new ConfigError('the ledger', error.message, { cause: error });
    throw error;
  }
}

function appendTo(ledger: Ledger, row: AuditRow, intents: Map<string, number>): void {
  const { phase, ref, name, session, argsSha256, resultSha256, decision, ms } = row;
  const intent = intents.get(ref);
  const { seq } = ledger.append({
    phase,
    // the caller chooses the name of an unknown tool
    name: name.slice(0, NAME_MAX) || '(no name)',
    session,
    argsSha256,
    ...(intent !== undefined && { ref: intent }),
    ...(resultSha256 !== undefined && { resultSha256 }),
    ...(decision !== undefined && { decision: json.parse(JSON.parse(JSON.stringify(decision))) }),
    ...(ms !== undefined && { ms }),
  });
  if (phase === 'intent') intents.set(ref, seq);
  if (phase === 'outcome') intents.delete(ref);
}
