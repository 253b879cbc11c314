import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server';

interface Logged {
  readonly id: string;
  readonly stream: string;
  readonly message: JSONRPCMessage;
  readonly bytes: number;
}

const maxBytes = 4 * 1024 * 1024;
const maxEvents = 1_000;

/** The last events of a session, for a client that comes back with `Last-Event-ID`: 4 MiB and 1,000 at most. */
export class EventLog implements EventStore {
  readonly #events = new Map<string, Logged>();
  #bytes = 0;
  #count = 0;

  storeEvent(stream: string, message: JSONRPCMessage): Promise<string> {
    const id = `${stream}.${++this.#count}`;
    const bytes = weigh(message);
    this.#events.set(id, { id, stream, message, bytes });
    this.#bytes += bytes;
    this.#forget();
    return Promise.resolve(id);
  }

  /** The stream of an event that is still remembered. */
  streamOf(id: string): string | undefined {
    return this.#events.get(id)?.stream;
  }

  async replayEventsAfter(
    lastId: string,
    { send }: { send: (id: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    const last = this.#events.get(lastId);
    if (last === undefined) throw new RangeError('the event is not remembered');
    let isPast = false;
    for (const { id, stream, message } of [...this.#events.values()]) {
      if (isPast && stream === last.stream) await send(id, message);
      isPast ||= id === lastId;
    }
    return last.stream;
  }

  #forget(): void {
    for (const [id, { bytes }] of this.#events) {
      if (this.#events.size === 1 || (this.#bytes <= maxBytes && this.#events.size <= maxEvents)) return;
      this.#events.delete(id);
      this.#bytes -= bytes;
    }
  }
}

/** About how much memory a value holds, without serialising pictures a second time. */
function weigh(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.entries(value).reduce((sum, [key, member]) => sum + key.length + weigh(member), 16);
}
