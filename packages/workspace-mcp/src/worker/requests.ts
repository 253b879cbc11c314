import type { Cover } from '@deskhand/sandbox';
import type { Readable } from 'node:stream';
import type { AnyReadRequest } from '../documents/reader.ts';
import type { EditRequest } from '../files/files.ts';
import type { FolderToHold } from '../files/held-folders.ts';
import type { GlobRequest, GrepRequest } from '../files/search.ts';
import type { Going } from '../guard/verdict.ts';

/** What was begun; the hash is that of what was there, where it is kept. */
interface BegunChange {
  readonly path: string;
  readonly kept?: string | undefined;
}

/** What the process in the sandbox is asked. It is the server's own, which checks what comes back. */
export interface Requests {
  /** Only where there is no sandbox: folders to hold, or what is covered no more. */
  readonly hold: FolderToHold;
  readonly uncover: { readonly name: string; readonly cover: Cover };
  readonly read: AnyReadRequest;
  readonly real: { readonly path: string };
  /** What the file is to hold comes as bytes, in UTF-8; it is there when `write` has said so. */
  readonly beginWrite: { readonly path: string; readonly at: string };
  readonly write: BegunChange;
  readonly beginEdit: EditRequest & { readonly at: string };
  readonly edit: BegunChange;
  /** What an edit would be. */
  readonly tryEdit: EditRequest;
  readonly discard: object;
  /** Ends what was asked with this id, where that can be ended. */
  readonly giveUp: { readonly id: number };
  readonly glob: GlobRequest;
  readonly grep: GrepRequest;
  readonly bash: {
    readonly id: number;
    readonly command: string;
    readonly background: boolean;
    /** Milliseconds. */
    readonly wait: number;
    /** What the shell is, when there is none yet. */
    readonly cwd: string;
    readonly script: string;
  };
  readonly bashWait: {
    readonly id: number;
    readonly wait: number;
    readonly read: boolean;
    readonly from?: number | undefined;
  };
  readonly bashType: { readonly id: number; readonly text?: string | undefined };
  readonly bashKill: { readonly id: number; readonly signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL' };
  readonly bashJobs: object;
  readonly bashBytes: { readonly id: number; readonly from: number; readonly length: number };
  readonly bashGoes: { readonly goes: readonly Going[] };
  readonly bashUnkept: { readonly goes: readonly Going[]; readonly isNamed: boolean };
  readonly bashScript: { readonly path: string };
  readonly bashSyntax: { readonly script: string };
}

export type CallName = keyof Requests;

/** The code of what nobody expected: the request has failed, and the process goes on. */
export const UNEXPECTED = 'internal_error';

/** The line of a request, in JSON. Behind it are so many bytes as they are, since as JSON they would take long. */
export interface WorkerRequest<K extends CallName = CallName> {
  readonly id: number;
  readonly call: K;
  readonly request: Requests[K];
  readonly bytes: number;
}

const LINE_FEED = 0x0a;
const NONE = Buffer.alloc(0);

/** Cuts what comes in into requests, each with the bytes behind it. */
export function onRequest(stream: Readable, take: (request: WorkerRequest, bytes: Buffer) => void): void {
  const parts = new Parts();
  let request: WorkerRequest | null = null;
  stream.on('data', (chunk: Buffer) => {
    for (let rest = chunk; rest.length > 0;) {
      if (request === null) {
        const end = rest.indexOf(LINE_FEED);
        parts.add(end < 0 ? rest : rest.subarray(0, end));
        if (end < 0) return;
        rest = rest.subarray(end + 1);
        request = requestOf(parts.whole().toString('utf8'));
      } else {
        const missing = request.bytes - parts.size;
        parts.add(rest.subarray(0, missing));
        rest = rest.subarray(missing);
      }
      if (parts.size < request.bytes) continue;
      take(request, parts.whole());
      request = null;
    }
  });
}

function requestOf(line: string): WorkerRequest {
  const parsed: unknown = JSON.parse(line);
  if (isRequest(parsed)) return parsed;
  throw new TypeError(`no request: ${line.slice(0, 200)}`);
}

/** Of one that the server wrote, the form is enough. */
const isRequest = (line: unknown): line is WorkerRequest =>
  typeof line === 'object' && line !== null && ['id', 'call', 'request', 'bytes'].every((key) => key in line);

/** Bytes that came in pieces. */
class Parts {
  size = 0;
  #parts: Buffer[] = [];

  add(part: Buffer): void {
    this.#parts.push(part);
    this.size += part.length;
  }

  /** All of them, which are forgotten. */
  whole(): Buffer {
    const [first = NONE, ...more] = this.#parts;
    this.#parts = [];
    this.size = 0;
    return more.length === 0 ? first : Buffer.concat([first, ...more]);
  }
}
