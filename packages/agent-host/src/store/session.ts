import type { Happening, SessionEvent } from '../log/event.ts';
import { repairs } from '../log/next.ts';
import { reduce, replay } from '../log/reduce.ts';
import type { State } from '../log/state.ts';
import type { EventFile } from './event-file.ts';

interface SessionParts {
  readonly id: string;
  /** Its own. */
  readonly folder: string;
  readonly file: EventFile;
  readonly events: readonly SessionEvent[];
  readonly release: () => void;
}

/** A session that this process alone runs, until it is closed. */
export class Session {
  readonly id: string;
  readonly folder: string;
  readonly #file: EventFile;
  readonly #release: () => void;
  readonly #events: SessionEvent[];
  #state: State;

  constructor({ id, folder, file, events, release }: SessionParts) {
    this.id = id;
    this.folder = folder;
    this.#file = file;
    this.#release = release;
    this.#events = [...events];
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
    return event;
  }

  /** To how it was before the person said something; the last of it unless told. What was paid stays paid. */
  rewind(seq: number): void {
    this.append({ kind: 'rewound', to: seq });
    this.#repair();
  }

  close(): void {
    this.#file.close();
    this.#release();
  }

  #repair(): void {
    for (const happening of repairs(this.#state)) this.append(happening);
  }
}
