import { next, say, type Heard, type Session } from '@deskhand/agent-host';
import {
  ApiError,
  order,
  runOptions,
  writeRun,
  type Order,
  type Report,
  type RunOptions,
} from '@deskhand/session-daemon';
import { createInterface } from 'node:readline';
import { answerQuestions } from './answers.ts';
import { failureOf } from './complaint.ts';
import { Orders } from './orders.ts';
import { beginTask, goOn, reopen, type Opened, type Place } from './opened-session.ts';

/** A session that rests keeps its servers, shell and pages for so long, in case that it goes on. */
const REST_MS = 10 * 60_000;

/** Runs one session as a daemon orders, line by line, until that is gone or has ordered nothing for long. */
export async function work(place: Place): Promise<void> {
  const { input, output, leave, onInterrupt } = place.context;
  const tell = (said: Report): void => void output.write(`${JSON.stringify(said)}\n`);
  const worker = new Worker(place, tell);
  const lines = createInterface({ input });
  lines.on('line', (line) => {
    const given = orderOf(line);
    if (given !== null) worker.hear(given);
  });
  lines.once('close', () => worker.end('orphan'));
  // nobody but the daemon reads what it tells
  onInterrupt((why) => worker.end(why === undefined ? 'stop' : 'orphan'));
  await worker.run();
  leave(0); // the input may be open still
}

/** Null for half a line, after which the daemon is gone. */
function orderOf(line: string): Order | null {
  try {
    return order.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** What the session keeps of why it parked. */
const ENDS = {
  stop: 'Stopped by the person.',
  leave: 'Its daemon was stopped.',
  orphan: 'Its daemon died.',
} as const;

class Worker {
  readonly #place: Place;
  readonly #tell: (said: Report) => void;
  readonly #orders = new Orders();
  /** Parks what runs, while something does. */
  #park: ((why: string) => void) | null = null;
  #opened: Opened | null = null;
  #isRunning = false;
  /** Why it ends, once it was told to. */
  #end: keyof typeof ENDS | null = null;

  constructor(place: Place, tell: (said: Report) => void) {
    this.#tell = tell;
    this.#place = { ...place, context: { ...place.context, onInterrupt: (hear) => this.#parking(hear) } };
  }

  hear(given: Order): void {
    if (given.do === 'leave' || given.do === 'stop') this.#leave(given.do);
    if (!this.#isAtWork || (given.do !== 'say' && given.do !== 'answer')) this.#orders.add(given);
    else if (given.do === 'answer') this.#failed(given, unasked(this.#session.session));
    else {
      say(this.#session.session, given.text);
      this.#did(given);
    }
  }

  get #isAtWork(): boolean {
    return this.#isRunning && this.#opened?.session.state.parked === null;
  }

  /** Ends without an order, where the daemon is gone or a signal says so. */
  end(why: 'stop' | 'orphan'): void {
    if (this.#opened === null) this.#place.context.leave(1);
    this.#leave(why);
    this.#orders.end();
  }

  async run(): Promise<void> {
    const first = await this.#orders.take(REST_MS);
    if (first?.do !== 'run' && first?.do !== 'resume') return;
    try {
      this.#opened = await this.#open(first);
    } catch (error) {
      this.#failed(first, error);
      return;
    }
    const { session, host } = this.#opened;
    try {
      await this.#live(first, optionsOf(first));
    } finally {
      session.close();
      await host.close();
    }
  }

  async #open(first: Extract<Order, { do: 'run' | 'resume' }>): Promise<Opened> {
    const view = (heard: Heard): void => {
      // what is in the log is read there
      if (heard.kind === 'event') this.#tell({ kind: heard.kind, seq: heard.event.seq });
      else this.#tell({ ...heard });
    };
    const options = { ...optionsOf(first), unattended: true, view };
    if (first.do === 'resume') {
      const { id, answer: given, with: wish } = first;
      return reopen({ id, words: wish.text, given }, options, this.#place);
    }
    const { id, session } = first;
    const { task, prompt, mounts } = session;
    const given = prompt ?? task;
    if (given === undefined) throw new Error('a session begins with a task or a prompt');
    const mount = mounts.map(({ name, path, readOnly }) => `${name}=${path}${readOnly ? ':ro' : ''}`);
    return beginTask(given, { ...options, mount, id }, this.#place);
  }

  async #live(first: Order, options: RunOptions): Promise<void> {
    let due: Order | null = first;
    while (due !== null) {
      this.#keep(options, true);
      this.#did(due);
      await this.#runOnce();
      if (this.#end === null || this.#end === 'stop') this.#keep(options, false);
      this.#tell({ kind: 'resting' });
      due = await this.#nextWork(options);
    }
  }

  async #runOnce(): Promise<void> {
    const opened = this.#session;
    this.#tell({ kind: 'running' });
    this.#isRunning = true;
    do await opened.seen(opened.session);
    while (!isAtRest(opened)); // something was said when it had just ended
    this.#isRunning = false;
  }

  /** The order that lets it go on; null when it is to end. */
  async #nextWork(options: RunOptions): Promise<Order | null> {
    for (;;) {
      const given = await this.#orders.take(REST_MS);
      if (given === null) return null;
      try {
        if (this.#apply(given, options)) return given;
        this.#did(given);
      } catch (error) {
        this.#failed(given, error);
      }
      if (given.do === 'leave' || given.do === 'stop') return null;
    }
  }

  /** Whether there is something to run then. @throws Refusal */
  #apply(given: Order, options: RunOptions): boolean {
    const { session } = this.#session;
    if (given.do === 'stop' || given.do === 'leave') return false;
    if (given.do === 'answer') answerQuestions(session, given.answer);
    if (session.state.parked !== null) goOn(session, options);
    if (given.do === 'say') say(session, given.text);
    return true;
  }

  get #session(): Opened {
    if (this.#opened === null) throw new Error('there is no session yet');
    return this.#opened;
  }

  /** Parks what runs, or will when it has begun. */
  #leave(why: keyof typeof ENDS): void {
    this.#end ??= why;
    this.#park?.(ENDS[this.#end]);
    this.#park = null; // a second time would leave without its end
  }

  #parking(hear: (why: string) => void): () => void {
    if (this.#end === null) this.#park = hear;
    else hear(ENDS[this.#end]);
    return () => {
      this.#park = null;
    };
  }

  #keep(options: RunOptions, isRunning: boolean): void {
    writeRun(this.#session.session.folder, { options, isRunning });
  }

  #did({ n }: Order): void {
    this.#tell({ kind: 'did', n });
  }

  #failed({ n }: Order, error: unknown): void {
    this.#tell({ kind: 'failed', n, ...failureOf(error) });
  }
}

const unasked = ({ id }: Session): ApiError =>
  new ApiError(409, 'no_question', {
    message: `Session ${id} is at work, and waits for no answer`,
    hint: `See what it waits for: GET /sessions/${id}`,
  });

const isAtRest = ({ session }: Opened): boolean => {
  const { kind } = next(session.state);
  return kind === 'idle' || kind === 'parked';
};

const optionsOf = (first: Extract<Order, { do: 'run' | 'resume' }>): RunOptions =>
  runOptions.parse(first.do === 'run' ? first.session : first.with);
