import { startFakeMessages, type FakeMessages, type Steps } from '@deskhand/fake-messages';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { z } from 'zod';
import { processesWith } from './processes.ts';

const BIN = new URL('../../dist/cli.js', import.meta.url).pathname;

const info = z.looseObject({ pid: z.number(), url: z.string() });

/** A state folder of its own with the real commands, a model that is scripted, and no process left at the end. */
export class DaemonLab {
  readonly home = mkdtempSync(join(tmpdir(), 'deskhand-daemon-'));
  readonly state = join(this.home, 's');
  readonly #children = new Set<ChildProcess>();
  #api: FakeMessages | null = null;

  async script(steps: Steps): Promise<void> {
    await this.#api?.close();
    this.#api = await startFakeMessages({ steps });
  }

  get refusals(): unknown {
    return this.#api?.refusals;
  }

  start(...args: readonly string[]) {
    const started = this.#spawned(process.execPath, [BIN, ...args]);
    started.child.stdin.end();
    return started;
  }

  /** The process of a session, as a daemon starts it. */
  worker() {
    return this.#spawned(process.execPath, [BIN, 'worker']);
  }

  /** At a terminal; its screen is `seen.out`. */
  atTerminal(...args: readonly string[]) {
    const command = [process.execPath, BIN, ...args].map((word) => `'${word}'`).join(' ');
    return this.#spawned('script', ['-qefc', `exec ${command}`, '/dev/null']);
  }

  #spawned(command: string, args: readonly string[]) {
    const env = {
      ...{ PATH: process.env['PATH'] ?? '', HOME: this.home, DESKHAND_HOME: this.state },
      ...(this.#api !== null && { ANTHROPIC_API_KEY: 'none', ANTHROPIC_BASE_URL: this.#api.url }),
    };
    const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#children.add(child);
    const seen = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (seen.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (seen.err += text));
    const ended = once(child, 'close').then(([code]: unknown[]) => ({ code, ...seen }));
    return { child, seen, ended };
  }

  run(...args: readonly string[]): ReturnType<DaemonLab['start']>['ended'] {
    return this.start(...args).ended;
  }

  async daemon(...args: readonly string[]): Promise<{ readonly pid: number; readonly url: string }> {
    const started = await this.run('daemon', 'start', ...args);
    if (started.code !== 0) throw new Error(started.err);
    return this.info;
  }

  /** What the daemon that was started last says of itself. */
  get info(): z.output<typeof info> {
    return info.parse(JSON.parse(readFileSync(join(this.state, 'daemons', 'deskhand.json'), 'utf8')));
  }

  get token(): string {
    return readFileSync(join(this.state, 'daemons', 'deskhand.token'), 'utf8').trim();
  }

  /** An answer of the daemon, as text and as JSON. */
  async ask(
    url: string,
    {
      method = 'GET',
      body,
      headers = {},
    }: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<{ readonly status: number; readonly json: unknown }> {
    const response = await fetch(url, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: text === '' ? null : JSON.parse(text) };
  }

  /** The status of a request with exactly this path and these headers, Host included, and what it says. */
  async raw(
    url: string,
    path: string,
    {
      method = 'GET',
      body,
      headers = {},
    }: { method?: string; body?: string; headers?: Record<string, string> },
  ): Promise<{ readonly status: number; readonly text: string }> {
    const { hostname, port } = new URL(url);
    const sent = request({ hostname, port, path, method, headers, agent: false });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve).once('error', reject);
    });
    sent.end(body);
    const response = await answered;
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
    return { status: response.statusCode ?? 0, text };
  }

  /** Messages of an event stream until `enough`, or its end. */
  async events(
    url: string,
    {
      headers = {},
      enough = () => false,
    }: { headers?: Record<string, string>; enough?: (seq: number) => boolean } = {},
  ): Promise<{
    readonly seqs: readonly number[];
    readonly last: { event?: string | undefined; data: string } | null;
  }> {
    const leaving = new AbortController();
    const response = await fetch(url, {
      headers: { Authorization: `Bearer ${this.token}`, ...headers },
      signal: leaving.signal,
    });
    if (response.body === null) throw new Error('there is no stream');
    const seqs: number[] = [];
    let last: { event?: string | undefined; data: string } | null = null;
    const messages = response.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    for await (const message of messages) {
      last = message;
      if (message.event !== undefined) continue;
      seqs.push(Number(message.id));
      if (enough(Number(message.id))) break;
    }
    leaving.abort();
    return { seqs, last };
  }

  /** Processes of this lab: they have its folder in their environment, or a session of it in their command. */
  processes(): readonly number[] {
    const folder = join(this.state, 'sessions');
    const marks = [`DESKHAND_HOME=${this.state}`, ...(existsSync(folder) ? readdirSync(folder) : [])];
    return processesWith(marks);
  }

  get log(): string {
    return readFileSync(join(this.state, 'logs', 'deskhand.log'), 'utf8');
  }

  async close(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    // what a process started just before it ended is there a moment later
    for (let left = this.processes(); left.length > 0; left = this.processes()) {
      left.forEach(end);
      await delay(50);
    }
    await this.#api?.close();
    rmSync(this.home, { recursive: true, force: true });
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended already
  }
}
