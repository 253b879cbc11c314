import { randomUUID } from 'node:crypto';
import {
  isJson,
  LedgerError,
  openLedger,
  type Json,
  type Ledger,
  type LedgerOptions,
} from '@deskhand/run-ledger';
import { z } from 'zod';
import { ConfigError } from './config/config-error.ts';
import type { AuditRow, AuditSink } from './pipeline/audit.ts';

const NAME_MAX = 200;
/** Calls that ended, whose late notes still find their intent. */
const ENDED_CALLS_KEPT = 1000;
const json = z.json();

export interface LedgerSinkOptions {
  /** Folder of the ledger files, absolute. */
  readonly folder: string;
  /** What is acted on: the server's name. */
  readonly surface: string;
  readonly session: string;
  /** The person wants arguments, texts and pictures kept too. Off by default. */
  readonly recording?: boolean;
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
export function openLedgerSink({
  folder,
  surface,
  session,
  recording = false,
}: LedgerSinkOptions): LedgerSink {
  const ledger = open({ folder, run: randomUUID(), actor: 'agent', surface, session, recording });
  const { record } = ledger;
  const intents = new Intents();
  return {
    path: ledger.path,
    append: (row) => appendTo(ledger, row, intents),
    ...(record !== undefined && { record: (bytes: Uint8Array) => void record(bytes) }),
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

/** Numbers of the intent rows, by the ref of their call: of calls that run, and of the newest that ended. */
class Intents {
  readonly #running = new Map<string, number>();
  readonly #ended = new Map<string, number>();

  of(ref: string): number | undefined {
    return this.#running.get(ref) ?? this.#ended.get(ref);
  }

  begin(ref: string, seq: number): void {
    this.#running.set(ref, seq);
  }

  end(ref: string): void {
    const seq = this.#running.get(ref);
    if (seq === undefined) return;
    this.#running.delete(ref);
    this.#ended.set(ref, seq);
    if (this.#ended.size <= ENDED_CALLS_KEPT) return;
    for (const oldest of this.#ended.keys()) {
      this.#ended.delete(oldest);
      return;
    }
  }
}

function appendTo(ledger: Ledger, row: AuditRow, intents: Intents): void {
  const { phase, ref, name, session, actor, argsSha256, resultSha256, decision, ms } = row;
  const intent = phase === 'intent' ? undefined : intents.of(ref);
  const { seq } = ledger.append({
    phase,
    // the caller chooses the name of an unknown tool
    name: label(name),
    session,
    actor: label(actor),
    argsSha256,
    ...(intent !== undefined && { ref: intent }),
    ...(resultSha256 !== undefined && { resultSha256 }),
    ...(decision !== undefined && { decision: jsonOf(decision) }),
    ...(ms !== undefined && { ms }),
  });
  if (phase === 'intent') intents.begin(ref, seq);
  if (phase === 'outcome') intents.end(ref);
}

/** What JSON makes of a value; most decisions are JSON already. */
const jsonOf = (value: unknown): Json =>
  isJson(value) ? value : json.parse(JSON.parse(JSON.stringify(value)));

const label = (text: string): string => text.slice(0, NAME_MAX) || '(no name)';
