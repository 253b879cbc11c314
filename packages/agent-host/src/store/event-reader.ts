import { closeSync, constants, openSync, readSync } from 'node:fs';
import { sessionEvent, type SessionEvent } from '../log/event.ts';
import type { Blobs } from './blobs.ts';

const CHUNK = 65_536;
const NEWLINE = 10;

/** Reads events of a session one by one, also while another process writes them; it keeps no more than a line. */
export class EventReader {
  readonly #fd: number;
  readonly #blobs: Blobs;
  readonly #after: number;
  /** Where the first line begins that was not taken, and what is read from there on. */
  #at = 0;
  #rest: Buffer = Buffer.alloc(0);
  /** Of the last line that was taken: the number of the line is that of its event. */
  #seq = 0;

  constructor(path: string, { blobs, after }: { readonly blobs: Blobs; readonly after: number }) {
    this.#fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    this.#blobs = blobs;
    this.#after = after;
  }

  /** Null where there is none yet. @throws SessionError, ZodError where it cannot be read */
  next(): SessionEvent | null {
    for (;;) {
      const line = this.#line();
      if (line === null) return null;
      const json = this.#seq < this.#after ? null : jsonOf(line);
      if (json === undefined) return null; // torn: whoever goes on with the session drops it
      this.#take(line.length + 1);
      if (this.#seq > this.#after) return sessionEvent.parse(this.#blobs.unpack(json));
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  #line(): Buffer | null {
    for (;;) {
      const end = this.#rest.indexOf(NEWLINE);
      if (end !== -1) return this.#rest.subarray(0, end);
      const chunk = Buffer.alloc(CHUNK);
      const got = readSync(this.#fd, chunk, 0, CHUNK, this.#at + this.#rest.length);
      if (got > 0) this.#rest = Buffer.concat([this.#rest, chunk.subarray(0, got)]);
      else {
        this.#rest = Buffer.alloc(0); // half a line may be another one when it is whole
        return null;
      }
    }
  }

  #take(bytes: number): void {
    this.#at += bytes;
    this.#rest = this.#rest.subarray(bytes);
    this.#seq += 1;
  }
}

function jsonOf(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString());
  } catch {
    return undefined;
  }
}
