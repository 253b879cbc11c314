import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { sessionEvent, type Happening, type SessionEvent } from '../log/event.ts';
import type { Blobs } from './blobs.ts';
import { SessionError } from './session-error.ts';

/** The events of a session, one a line; they are on the disk when what appends them returns. */
export class EventFile {
  readonly #path: string;
  readonly #fd: number;
  readonly #blobs: Blobs;
  #seq = 0;

  /** Drops a torn last line. @throws SessionError where another line cannot be read */
  constructor(path: string, blobs: Blobs) {
    this.#path = path;
    this.#blobs = blobs;
    this.#fd = openSync(
      path,
      constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW,
      0o600,
    );
  }

  /** All events, oldest first. */
  load(): readonly SessionEvent[] {
    const { events, length } = parseEvents(readFileSync(this.#path), (value) => this.#blobs.unpack(value));
    if (length < fstatSync(this.#fd).size) ftruncateSync(this.#fd, length);
    this.#seq = events.at(-1)?.seq ?? 0;
    return events;
  }

  append(happening: Happening): SessionEvent {
    const event = numbered(happening, this.#seq + 1);
    this.#write([event]);
    return event;
  }

  /** All of them at once. */
  appendAll(happenings: readonly Happening[]): void {
    this.#write(happenings.map((happening, at) => numbered(happening, this.#seq + 1 + at)));
  }

  #write(events: readonly SessionEvent[]): void {
    const text = events.map((event) => `${JSON.stringify(this.#blobs.pack(event))}\n`).join('');
    const lines = Buffer.from(text);
    const { size } = fstatSync(this.#fd);
    try {
      for (let done = 0; done < lines.length;) done += writeSync(this.#fd, lines, done);
      fdatasyncSync(this.#fd);
    } catch (error) {
      ftruncateSync(this.#fd, size); // half a line would hide those after it
      throw error;
    }
    this.#seq += events.length;
  }

  close(): void {
    closeSync(this.#fd);
  }
}

const numbered = (happening: Happening, seq: number): SessionEvent => ({
  ...happening,
  v: 1,
  seq,
  at: new Date().toISOString(),
});

interface Parsed {
  readonly events: readonly SessionEvent[];
  /** Bytes up to the end of the last whole line. */
  readonly length: number;
}

/** @throws SessionError where a line that is not the last one cannot be read */
export function parseEvents(bytes: Buffer, unpack: (value: unknown) => unknown): Parsed {
  const events: SessionEvent[] = [];
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(10, start);
    if (end === -1) return { events, length: start };
    const json = jsonOf(bytes.toString('utf8', start, end));
    const isLast = end === bytes.length - 1;
    if (json === undefined && isLast) return { events, length: start };
    const parsed = sessionEvent.safeParse(unpack(json));
    if (!parsed.success || parsed.data.seq !== events.length + 1) throw broken(events.length + 1);
    events.push(parsed.data);
    start = end + 1;
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // torn: whether that is allowed depends on where it stands
  }
}

const broken = (line: number): SessionError =>
  new SessionError('session_broken', `Line ${line} of events.jsonl is no event that this version knows`, {
    hint: 'Use the version that wrote it, or mend that line.',
  });
