import { next, say, type Heard } from '@deskhand/agent-host';
import {
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
import { begin, goOn, reopen, type Opened, type Place } from './run.ts';

/** A session that rests keeps its servers, shell and pages for so long, in case that it goes on. */
const REST_MS = 10 * 60_000;

/** Runs one session as a daemon orders, line by line, until that is gone or has ordered nothing for long. */
export async function work(place: Place): Promise<void> {
  const { input, output, leave } = place.context;
  const tell = (said: Report): void => void output.write(`${JSON.stringify(said)}\n`);
  const worker = new Worker(place, tell);
  const lines = createInterface({ input });
  lines.on('line', (line) => worker.hear(order.parse(JSON.parse(line))));
  lines.once('close', () => worker.orphan());
  await worker.run();
  leave(0); // the input may be open still
}

class Worker {
  readonly #place: Place;
  readonly #tell: (said: Report) => void;
  readonly #orders = new Orders();
  /** Parks what runs, while something does. */
  #park: (() => void) | null = null;
  #opened: Opened | null = null;
  #isRunning = false;
  #isLeaving = false;

  constructor(place: Place, tell: (said: Report) => void) {
    this.#tell = tell;
    this.#place = { ...place, context: { ...place.context, onInterrupt: (hear) => this.#parking(hear) } };
  }

  hear(given: Order): void {
    if (given.do === 'leave') this.#isLeaving = true;
    if (given.do === 'leave' || given.do === 'stop') this.#stop();
    if (given.do !== 'say' || !this.#isRunning || this.#opened === null) this.#orders.add(given);
    else {
      say(this.#opened.session, given.text);
      this.#did(given);
    }
  }

  /** The daemon is gone: nobody is left to tell. */
  orphan(): void {
    if (this.#opened === null) this.#place.context.leave(1);
    this.#isLeaving = true;
    this.#stop();
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
    const { task, mounts } = first.session;
    const mount = mounts.map(({ name, path, readOnly }) => `${name}=${path}${readOnly ? ':ro' : ''}`);
    const opened = await begin(task, { ...options, mount }, this.#place);
    say(opened.session, task);
    return opened;
  }

  async #live(first: Order, options: RunOptions): Promise<void> {
    let due: Order | null = first;
    while (due !== null) {
      this.#keep(options, true);
      this.#did(due);
      await this.#runOnce();
      if (!this.#isLeaving) this.#keep(options, false);
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
      if (given.do === 'leave') return null;
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

  #stop(): void {
    this.#park?.();
    this.#park = null; // a second time would leave without its end
  }

  #parking(hear: () => void): () => void {
    this.#park = hear;
    if (this.#isLeaving) this.#stop();
    return () => {
      this.#park = null;
    };
  }

  #keep(options: RunOptions, isRunning: boolean): void {
    writeRun(this.#session.session.folder, { options, isRunning });
  }

  #did({ n }: Order): void {
    this.#tell({ kind: 'did', n, id: this.#session.session.id });
  }

  #failed({ n }: Order, error: unknown): void {
    this.#tell({ kind: 'failed', n, ...failureOf(error) });
  }
}

const isAtRest = ({ session }: Opened): boolean => {
  const { kind } = next(session.state);
  return kind === 'idle' || kind === 'parked';
};

const optionsOf = (first: Extract<Order, { do: 'run' | 'resume' }>): RunOptions =>
  runOptions.parse(first.do === 'run' ? first.session : first.with);
