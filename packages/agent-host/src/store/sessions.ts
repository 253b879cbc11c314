import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureStateHome, GrantsError, lockFile, openGrantStore } from '@deskhand/grants';
import { ulid } from 'ulid';
import type { SessionEvent, Started } from '../log/event.ts';
import { replay } from '../log/reduce.ts';
import type { State } from '../log/state.ts';
import { Blobs, unpackShort } from './blobs.ts';
import { EventFile, parseEvents } from './event-file.ts';
import { EventReader } from './event-reader.ts';
import { Session } from './session.ts';
import { noEvent, SessionError } from './session-error.ts';

const LOCK_MS = 500;
const EVENTS = 'events.jsonl';
const ID = /^[0-9A-Z]{26}$/;
/** Who writes this file into the folder of a session stops it. */
export const STOP_FILE = 'stop';

export interface SessionSummary {
  readonly id: string;
  readonly state: State;
  readonly startedAt: string;
  readonly changedAt: string;
}

/** All sessions of a state folder: each is a folder of its own, and there is no other index. */
export class Sessions {
  readonly #home: string;
  readonly #folder: string;

  constructor(home: string) {
    ensureStateHome(home);
    this.#home = home;
    this.#folder = join(home, 'sessions');
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  async create(head: Omit<Started, 'kind' | 'session'>, id = ulid()): Promise<Session> {
    const session = await this.#lock(id);
    session.file.append({ kind: 'started', session: id, ...head });
    return new Session({ ...session, events: session.file.load(), known: 0 });
  }

  /** @throws SessionError where it runs elsewhere or cannot be read */
  async open(id: string): Promise<Session> {
    this.#check(id);
    const session = await this.#lock(id);
    try {
      const events = session.file.load();
      if (events.length === 0) throw empty(id);
      return new Session({ ...session, events });
    } catch (error) {
      session.file.close();
      session.release();
      throw error;
    }
  }

  /** A new session that begins as this one was after an event, and knows what it knew. @throws SessionError */
  async fork(id: string, seq?: number): Promise<Session> {
    const all = effective(this.read(id));
    const last = all.at(-1)?.seq ?? 0;
    if (seq !== undefined && seq > last) throw noEvent(id, { seq, last });
    const events = all.filter((event) => event.seq <= (seq ?? last));
    const copy = ulid();
    const session = await this.#lock(copy);
    const from = events.at(-1)?.seq ?? 1;
    const own = events.map((event) => (event.kind === 'started' ? { ...event, session: copy } : event));
    session.file.appendAll([...own, { kind: 'forked', session: id, seq: from }]);
    return new Session({ ...session, events: session.file.load() });
  }

  /** What happened so far, also where it runs. @throws SessionError */
  read(id: string): readonly SessionEvent[] {
    this.#check(id);
    const blobs = new Blobs(join(this.#folder, id, 'blobs'));
    return parseEvents(this.#bytes(id), (value) => blobs.unpack(value)).events;
  }

  /** Reads on behind the event of a number, also while it runs. @throws SessionError */
  follow(id: string, after = 0): EventReader {
    this.#check(id);
    const blobs = new Blobs(join(this.#folder, id, 'blobs'));
    return new EventReader(join(this.#folder, id, EVENTS), { blobs, after });
  }

  /** The folder of one, where it may keep what belongs to it. @throws SessionError */
  folderOf(id: string): string {
    this.#check(id);
    return join(this.#folder, id);
  }

  /** Bytes of its log. @throws SessionError */
  size(id: string): number {
    return statSync(join(this.folderOf(id), EVENTS), { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Oldest first. */
  ids(): readonly string[] {
    return readdirSync(this.#folder)
      .filter((name) => ID.test(name))
      .sort();
  }

  has(id: string): boolean {
    return ID.test(id) && existsSync(join(this.#folder, id));
  }

  /** Newest first; what cannot be read is left out. */
  list(): readonly SessionSummary[] {
    return this.ids()
      .toReversed()
      .flatMap((id) => this.summary(id) ?? []);
  }

  /** Null where it cannot be read, as that of a session that has not begun. */
  summary(id: string): SessionSummary | null {
    try {
      const { events } = parseEvents(this.#bytes(id), unpackShort);
      const [first] = events;
      const last = events.at(-1);
      if (first === undefined || last === undefined) return null;
      return { id, state: replay(events), startedAt: first.at, changedAt: last.at };
    } catch {
      return null; // a list is no place to fail: opening it says why
    }
  }

  /** The one whose id begins or ends so, or the `last` one. @throws SessionError */
  find(name: string): string {
    const ids = this.ids();
    const wanted = name.toUpperCase();
    const found =
      name === 'last'
        ? ids.slice(-1)
        : ids.filter((id) => name !== '' && (id.startsWith(wanted) || id.endsWith(wanted)));
    const [id] = found;
    if (id !== undefined && found.length === 1) return id;
    if (name === 'last')
      throw new SessionError('session_unknown', 'There are no sessions yet', {
        hint: 'Begin one: deskhand run TASK',
      });
    const what = found.length === 0 ? `There is no session ${name}` : `Several sessions are called ${name}`;
    throw new SessionError('session_unknown', what, { hint: 'See them: deskhand sessions' });
  }

  /** Asks the process that runs it to park it. */
  stop(id: string): void {
    this.#check(id);
    writeFileSync(join(this.#folder, id, STOP_FILE), '', { mode: 0o600 });
  }

  /** With all that it was allowed. @throws SessionError where it runs */
  async delete(id: string): Promise<void> {
    this.#check(id);
    const { file } = await this.#lock(id);
    file.close();
    const grants = await openGrantStore({ home: this.#home });
    await grants.endSession(id).finally(() => grants.close());
    rmSync(join(this.#folder, id), { recursive: true });
  }

  #check(id: string): void {
    if (this.has(id)) return;
    throw new SessionError('session_unknown', `There is no session ${id}`, {
      hint: 'See them: deskhand sessions',
    });
  }

  #bytes(id: string): Buffer {
    return readFileSync(join(this.#folder, id, EVENTS));
  }

  async #lock(id: string): Promise<{ id: string; folder: string; file: EventFile; release: () => void }> {
    const folder = join(this.#folder, id);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, EVENTS);
    try {
      const release = await lockFile(path, { waitMs: LOCK_MS });
      return { id, folder, file: new EventFile(path, new Blobs(join(folder, 'blobs'))), release };
    } catch (cause) {
      if (!(cause instanceof GrantsError)) throw cause;
      throw new SessionError('session_busy', `Session ${id} runs in another process`, {
        hint: `End it there, or from here: deskhand stop ${id}`,
        cause,
      });
    }
  }
}

const empty = (id: string): SessionError =>
  new SessionError('session_broken', `Session ${id} ended before it began`, {
    hint: `Delete it: deskhand delete ${id}`,
  });

/** What was not undone. */
export function effective(events: readonly SessionEvent[]): readonly SessionEvent[] {
  let kept: SessionEvent[] = [];
  for (const event of events)
    if (event.kind === 'rewound') kept = kept.filter(({ seq }) => seq <= event.to);
    else kept.push(event);
  return kept;
}
