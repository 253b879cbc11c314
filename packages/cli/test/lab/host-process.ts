import { startFakeMessages, type FakeMessages, type Step } from '@deskhand/fake-messages';
import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { processesWith } from './processes.ts';

const BIN = new URL('../../dist/cli.js', import.meta.url).pathname;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Started {
  readonly child: ChildProcessWithoutNullStreams;
  readonly seen: { readonly out: string; readonly err: string };
  readonly ended: Promise<Ended>;
}

/** The command `deskhand` with a state folder of its own, and a model with a script; all gone after the test. */
export class HostProcess {
  readonly home = mkdtempSync(join(tmpdir(), 'deskhand-host-'));
  readonly state = join(this.home, 'state');
  readonly #children = new Set<ChildProcess>();
  #api: FakeMessages | null = null;

  constructor() {
    onTestFinished(async () => {
      for (const child of this.#children) child.kill('SIGKILL');
      await this.#api?.close();
      rmSync(this.home, { recursive: true, force: true });
    });
  }

  get api(): FakeMessages {
    if (this.#api === null) throw new Error('the model has no script');
    return this.#api;
  }

  /** What the model says from here on. */
  async script(...steps: readonly Step[]): Promise<void> {
    await this.#api?.close();
    this.#api = await startFakeMessages({ steps });
  }

  get env(): Record<string, string> {
    return {
      ...{ PATH: process.env['PATH'] ?? '', HOME: this.home, DESKHAND_HOME: this.state },
      ...(this.#api === null ? {} : { ANTHROPIC_API_KEY: 'none', ANTHROPIC_BASE_URL: this.#api.url }),
    };
  }

  start(...args: readonly string[]): Started {
    const started = this.#spawned(process.execPath, [BIN, ...args]);
    started.child.stdin.end();
    return started;
  }

  /** With words to read. */
  saying(words: string, ...args: readonly string[]): Promise<Ended> {
    const { child, ended } = this.#spawned(process.execPath, [BIN, ...args]);
    child.stdin.end(words);
    return ended;
  }

  /** At a terminal; what is written to `child.stdin` is typed there, and its screen is `seen.out`. */
  atTerminal(...args: readonly string[]): Started {
    const command = [process.execPath, BIN, ...args].map((word) => `'${word}'`).join(' ');
    // a shell of its own would hear of Ctrl-C as well, and tell its own end
    return this.#spawned('script', ['-qefc', `exec ${command}`, '/dev/null']);
  }

  /** Where bubblewrap is not installed. */
  withoutSandbox(...args: readonly string[]): Promise<Ended> {
    const script =
      'mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work && mount -t overlay overlay ' +
      '-o lowerdir=/usr/bin,upperdir=/mnt/upper,workdir=/mnt/work /usr/bin && rm /usr/bin/bwrap && exec "$@"';
    const unshare = ['--user', '--map-root-user', '--mount', '/bin/sh', '-c', script, 'sh'];
    return this.#spawned('unshare', [...unshare, process.execPath, BIN, ...args]).ended;
  }

  /** As root of a container that knows no other user, where a sandbox takes no rights away. */
  asLoneRoot(...args: readonly string[]): Promise<Ended> {
    return this.#spawned('unshare', ['--user', '--map-root-user', '--mount', process.execPath, BIN, ...args])
      .ended;
  }

  run(...args: readonly string[]): Promise<Ended> {
    return this.start(...args).ended;
  }

  /** Of its commands, and what they started. */
  get processes(): readonly number[] {
    return processesWith([this.home]);
  }

  async lastSession(): Promise<string> {
    const { out } = await this.run('sessions', '--json');
    const [{ id }] = z.tuple([z.looseObject({ id: z.string() })], z.unknown()).parse(JSON.parse(out));
    return id;
  }

  #spawned(command: string, args: readonly string[]): Started {
    const child = spawn(command, args, { env: this.env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#children.add(child);
    const seen = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (seen.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (seen.err += text));
    const ended = once(child, 'close').then(() => {
      this.#children.delete(child);
      return { code: child.exitCode, ...seen };
    });
    return { child, seen, ended };
  }

  folder(name: string): string {
    const folder = join(this.home, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }
}

export const calls = (name: string, input: Record<string, unknown>): Step => ({
  reply: { toolCalls: [{ name, input }] },
});

export const DONE: Step = { reply: { text: 'All done.' } };
