/** Something that nobody who only writes a ledger could have done. */
export interface Problem {
  /** Name inside the ledger folder. */
  readonly file: string;
  /** Counted from 1. */
  readonly line?: number;
  readonly problem: string;
}

/** An intent without an outcome: it may have happened or not. */
export interface Unfinished {
  readonly file: string;
  readonly seq: number;
  readonly ts: string;
  readonly run: string;
  readonly session: string;
  readonly name: string;
  /** `running` while the writer of the file may still live. */
  readonly outcome: 'unknown' | 'running';
}

/** How a ledger file stands. */
export interface FileVerdict {
  readonly file: string;
  /** How many rows hold, from the first on. */
  readonly rows: number;
  readonly head: string;
  /** `closed`: by its writer. `ended`: its writer died, and a later one saw to it. `open`: neither, so far. */
  readonly state: 'open' | 'closed' | 'ended';
  /** Bytes of a last line that a crash tore; cut when the next writer starts. */
  readonly tornBytes?: number;
}

/** What a ledger folder proves. */
export interface FolderVerdict {
  /** There are no problems. Torn last lines and unfinished intents are what a crash leaves, and no problems. */
  readonly ok: boolean;
  readonly rows: number;
  readonly anchors: number;
  readonly blobs: number;
  readonly files: readonly FileVerdict[];
  readonly problems: readonly Problem[];
  readonly unfinished: readonly Unfinished[];
}
