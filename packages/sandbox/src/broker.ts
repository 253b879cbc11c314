import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { coverWords, type Cover } from './cover.ts';
import type { MountSource } from './mount-source.ts';
import { SandboxError } from './sandbox-error.ts';

export type Access = 'ro' | 'rw';

/** What the broker answered: `null` when it did it, else why not. */
type Answer = string | null;

/** Tells the broker what to mount; see `BROKER_SCRIPT`. */
export class Broker {
  readonly #orders: Writable;
  readonly #waiting = new Map<string, (answer: Answer) => void>();
  #last = 0;

  constructor({ stdin, stdout }: { readonly stdin: Writable; readonly stdout: Readable }) {
    this.#orders = stdin;
    // an order to a broker that is gone is answered by the end of its words
    stdin.on('error', () => undefined);
    const lines = createInterface({ input: stdout });
    lines.on('line', (line) => this.#answered(line));
    lines.on('close', () => this.#gone());
  }

  /** @throws SandboxError `mount_failed` */
  async mount(
    name: string,
    { path, identity }: MountSource,
    { access, covers = [] }: { readonly access: Access; readonly covers?: readonly Cover[] | undefined },
  ): Promise<void> {
    await this.#order('mount', name, path, access, identity, coverWords(covers));
  }

  /** @throws SandboxError `mount_failed` */
  async uncover(name: string, cover: Cover): Promise<void> {
    await this.#order('uncover', name, coverWords([cover]));
  }

  /** @throws SandboxError `mount_failed` */
  async unmount(name: string): Promise<void> {
    await this.#order('unmount', name);
  }

  end(): void {
    this.#orders.end();
  }

  async #order(verb: string, name: string, ...words: readonly string[]): Promise<void> {
    const token = `${(this.#last += 1)}`;
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(token, resolve);
      this.#orders.write(`${[token, verb, name, ...words].join('\t')}\n`);
      if (!this.#orders.writable) this.#gone();
    });
    if (answer === null) return;
    throw new SandboxError('mount_failed', `could not ${verb} ${name}: ${answer}`, {
      hint: 'A folder with another file system mounted inside cannot be mounted as a whole: mount its parts',
    });
  }

  #answered(line: string): void {
    const [token = '', verdict, ...why] = line.split('\t');
    this.#waiting.get(token)?.(verdict === 'ok' ? null : why.join(' '));
    this.#waiting.delete(token);
  }

  #gone(): void {
    for (const answered of this.#waiting.values()) answered('the sandbox has ended');
    this.#waiting.clear();
  }
}
