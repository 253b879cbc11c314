import type { Happening, SessionEvent } from '../log/event.ts';
import { repairs } from '../log/next.ts';
import { reduce, replay } from '../log/reduce.ts';
import type { State } from '../log/state.ts';
import type { EventFile } from './event-file.ts';
import { noEvent } from './session-error.ts';

interface SessionParts {
  readonly id: string;
  /** Its own. */
  readonly folder: string;
  readonly file: EventFile;
  readonly events: readonly SessionEvent[];
  readonly release: () => void;
  /** How many of the events whoever listens knows; all unless told. */
  readonly known?: number;
}

/** A session that this process alone runs, until it is closed. */
export class Session {
  readonly id: string;
  readonly folder: string;
  readonly #file: EventFile;
  readonly #release: () => void;
  readonly #events: SessionEvent[];
  #state: State;
  /** How many of the events were told, or stood in the file. */
  #heard: number;
  #hear: ((event: SessionEvent) => void) | undefined;

  constructor({ id, folder, file, events, release, known }: SessionParts) {
    this.id = id;
    this.folder = folder;
    this.#file = file;
    this.#release = release;
    this.#events = [...events];
    this.#heard = known ?? events.length;
    this.#state = replay(events);
    this.#repair();
  }

  get state(): State {
    return this.#state;
  }

  get events(): readonly SessionEvent[] {
    return this.#events;
  }

  /** On the disk when it returns. */
  append(happening: Happening): SessionEvent {
    const event = this.#file.append(happening);
    this.#events.push(event);
    this.#state = event.kind === 'rewound' ? replay(this.#events) : reduce(this.#state, event);
    this.#tell();
    return event;
  }

  /** Tells what this process appends, from the first on; nothing is told twice. Returns what stops it. */
  listen(hear: (event: SessionEvent) => void): () => void {
    this.#hear = hear;
    this.#tell();
    return () => {
      this.#hear = undefined;
    };
  }

  /** To how it was after an event. What was paid stays paid. @throws SessionError */
  rewind(seq: number): void {
    const last = this.#events.at(-1)?.seq ?? 0;
    if (seq > last) throw noEvent(this.id, { seq, last });
    this.append({ kind: 'rewound', to: seq });
    this.#repair();
  }

  close(): void {
    this.#file.close();
    this.#release();
  }

  #tell(): void {
    if (this.#hear === undefined) return;
    const unheard = this.#events.slice(this.#heard);
    this.#heard = this.#events.length;
    unheard.forEach(this.#hear);
  }

  #repair(): void {
    for (const happening of repairs(this.#state)) this.append(happening);
  }
}
