import type { EventReader } from '@deskhand/agent-host';
import { existsSync, watch } from 'node:fs';
import { z } from 'zod';
import { apiErrorOf, failureOf, type ApiError } from './api-error.ts';
import type { LiveLine } from './listeners.ts';

/** Live lines that a reader who is behind may have waiting; it gets the whole answer from the log anyway. */
const MOST_LIVE = 256;

export interface EventStreamOptions {
  readonly reader: EventReader;
  /** Of the session. */
  readonly folder: string;
  /** To what happens with the session. Returns what ends it. */
  readonly listen: (hear: (live: LiveLine | null) => void) => () => void;
  /** The client knows all up to this event. */
  readonly after: number;
  /** Nothing more is to come. */
  readonly isOver: () => boolean;
  /** What is said last. */
  readonly farewell: () => unknown;
  readonly keepAliveMs: number;
}

/**
 * Events of a session as they are in its log, each with its number as id, and between them what is only said live.
 * It reads on when the client has read, so a slow client holds no more than an event.
 */
export function eventStream(options: EventStreamOptions): Response {
  const source = new EventSource(options);
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const text = await source.next();
        if (text === null) controller.close();
        else controller.enqueue(Buffer.from(text));
      },
      cancel: () => source.close(),
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
}

class EventSource {
  readonly #options: EventStreamOptions;
  readonly #ends: readonly (() => void)[];
  #live: LiveLine[] = [];
  #seq: number;
  #wake: () => void = () => undefined;
  /** Something came since it was last looked. */
  #isNew = false;
  #state: 'open' | 'ended' | 'closed' = 'open';

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#seq = options.after;
    try {
      const watcher = watch(options.folder, () => this.#stir());
      watcher.on('error', () => undefined); // the folder is gone: so is the session, which is looked at
      this.#ends = [options.listen((live) => this.#hear(live)), () => watcher.close()];
    } catch (error) {
      options.reader.close();
      throw error;
    }
  }

  /** One event in the form of an event stream; null at the end. */
  async next(): Promise<string | null> {
    try {
      return await this.#next();
    } catch (error) {
      this.#state = 'ended';
      return `event: failed\ndata: ${JSON.stringify(brokenOf(error).body)}\n\n`;
    }
  }

  async #next(): Promise<string | null> {
    for (;;) {
      if (this.#state !== 'open') return this.#closed();
      this.#isNew = false;
      const isOver = this.#options.isOver(); // looked at first: what it said last is in the log by then
      const event = this.#options.reader.next();
      if (event !== null) {
        this.#seq = event.seq;
        return `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`;
      }
      const live = this.#nextLive();
      if (live !== undefined) return `event: live\ndata: ${live.line}\n\n`;
      if (!existsSync(this.#options.folder)) return this.#closed();
      if (isOver) {
        this.#state = 'ended';
        return `event: end\ndata: ${JSON.stringify(this.#options.farewell())}\n\n`;
      }
      if (!(await this.#stirred())) return ': waiting\n\n';
    }
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    for (const end of this.#ends) end();
    this.#options.reader.close();
    this.#stir();
  }

  #closed(): null {
    this.close();
    return null;
  }

  /** What was said behind the last event that was sent; what was said before it is in the log. */
  #nextLive(): LiveLine | undefined {
    this.#live = this.#live.filter(({ after }) => after >= this.#seq);
    return this.#live[0]?.after === this.#seq ? this.#live.shift() : undefined;
  }

  #hear(live: LiveLine | null): void {
    if (live !== null) this.#live.push(live);
    if (this.#live.length > MOST_LIVE) this.#live = [];
    this.#stir();
  }

  #stir(): void {
    this.#isNew = true;
    this.#wake();
  }

  /** False where nothing came for so long that the connection needs a sign of life. */
  #stirred(): Promise<boolean> {
    if (this.#isNew) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), this.#options.keepAliveMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}

/** What is in the log was written by this program, or cannot be read. @throws whatever is something else */
function brokenOf(error: unknown): ApiError {
  if (!(error instanceof z.ZodError)) return apiErrorOf(error);
  const message = 'The log of this session cannot be read';
  return failureOf({
    code: 'session_broken',
    message,
    hint: 'Look at its events.jsonl, or delete the session.',
  });
}
