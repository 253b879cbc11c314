import type { Report } from './protocol.ts';

/** What is only said live, and the number of the last event before it. */
export interface LiveLine {
  readonly line: string;
  readonly after: number;
}

/** What happens with a session: something said live, or null where the log or its state is another one. */
type Hear = (live: LiveLine | null) => void;

/** How far a session is that runs here: its last event, and what the model has said since. */
interface Present {
  readonly seq: number;
  readonly words: string;
}

/** Who hears what happens with which session. */
export class Listeners {
  readonly #hearers = new Map<string, Set<Hear>>();
  readonly #present = new Map<string, Present>();

  /** How many listen to any. */
  get size(): number {
    return [...this.#hearers.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Who comes in the middle of an answer is told what was said of it. Returns what ends it. */
  add(id: string, hear: Hear): () => void {
    const { seq, words } = this.#present.get(id) ?? NOWHERE;
    const text = { kind: 'model', event: { kind: 'text', text: words } };
    if (words !== '') hear({ line: JSON.stringify(text), after: seq });
    const hearers = this.#hearers.get(id) ?? new Set();
    this.#hearers.set(id, hearers.add(hear));
    return () => {
      hearers.delete(hear);
      if (hearers.size === 0) this.#hearers.delete(id);
    };
  }

  /** What its process said. */
  tell(id: string, line: string, said: Report): void {
    const { seq, words } = this.#present.get(id) ?? NOWHERE;
    if (said.kind === 'event') this.#present.set(id, { seq: said.seq, words: '' });
    if (said.kind === 'model') this.#present.set(id, { seq, words: `${words}${said.event.text ?? ''}` });
    const isLive = said.kind === 'model' || said.kind === 'progress' || said.kind === 'gateway';
    this.#tell(id, isLive ? { line, after: seq } : null);
  }

  /** Its process came. */
  came(id: string): void {
    this.#tell(id, null);
  }

  /** Its process is gone. */
  left(id: string): void {
    this.#present.delete(id);
    this.#tell(id, null);
  }

  #tell(id: string, live: LiveLine | null): void {
    for (const hear of this.#hearers.get(id) ?? []) hear(live);
  }
}

const NOWHERE: Present = { seq: 0, words: '' };
