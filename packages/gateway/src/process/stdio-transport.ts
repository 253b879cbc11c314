import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import {
  ReadBuffer,
  serializeMessage,
  type JSONRPCMessage,
  type Transport,
} from '@modelcontextprotocol/client';
import { killGroup } from './child-records.ts';

/**
 * The watcher is no child of the command, stays in its group, and kills the group when the other end of descriptor 3
 * is closed, by us or by our death. The command takes the place of the shell.
 */
const WATCHED = [
  `(trap '' HUP INT TERM`,
  `{ read -r _; kill -KILL 0; } <&3 >/dev/null 2>&1 &)`,
  `exec "$@" 3<&-`,
].join('\n');
/** Of one message; it is put together piece by piece, which takes its time beyond this. */
const MOST_BYTES = 16 * 1024 * 1024;
const ASKED_MS = 500;
const TERM_MS = 1500;
/** For what is still in the pipe of one that has ended, unless it left it to others. */
const LAST_WORDS_MS = 200;

export interface StdioStart {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly onError: (bytes: Uint8Array) => void;
  /** Called with the number of its process; returns what is called when it has ended. */
  readonly onStart: (pid: number) => () => void;
}

/** The server ended, or reads no more; it did not get the message. */
export class NotSent extends Error {
  override readonly name = 'NotSent';

  constructor() {
    super('the server reads no more');
  }
}

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server in a process group of its own, which ends with us in whatever way we end. */
export class StdioTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: Transport['onmessage'];
  /** With `pid` it says to the SDK that silence means an old server here. */
  readonly stderr = null;
  readonly #start: StdioStart;
  readonly #lines = new ReadBuffer({ maxBufferSize: MOST_BYTES });
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> | undefined;
  /** Set when it has ended. */
  end: ProcessEnd | undefined;

  constructor(start: StdioStart) {
    this.#start = start;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  async start(): Promise<void> {
    const { command, args, cwd, env, onError, onStart } = this.#start;
    const isWindows = process.platform === 'win32';
    const child = spawn(
      isWindows ? command : '/bin/sh',
      isWindows ? args : ['-c', WATCHED, 'sh', command, ...args],
      {
        ...(cwd !== undefined && { cwd }),
        env: { ...env },
        detached: !isWindows,
        windowsHide: true,
        stdio: ['pipe', 'pipe', 'pipe', isWindows ? 'ignore' : 'pipe'],
      },
    );
    const ignore = (): void => undefined; // its end is told by `exit`
    for (const stream of child.stdio) stream?.on('error', ignore);
    await once(child, 'spawn');
    this.#child = child;
    const forget = onStart(child.pid ?? 0);
    child.stderr?.on('data', onError);
    child.stdout?.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#ended = once(child, 'exit').then(async () => {
      // the watcher still holds the group, so that its number cannot be another's by now
      this.kill('SIGKILL');
      this.end = { code: child.exitCode, signal: child.signalCode };
      forget();
      await within(LAST_WORDS_MS, once(child, 'close'));
      for (const stream of child.stdio) stream?.destroy();
      this.onclose?.();
    });
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin;
    const isSent = await new Promise<boolean>((resolve) => {
      if (stdin?.writable !== true || this.end !== undefined) resolve(false);
      else stdin.write(serializeMessage(message), (error) => resolve(!error));
    });
    if (!isSent) throw new NotSent();
  }

  /** Closes its stdin, then asks the group to end, then kills what is left of it. */
  async close(): Promise<void> {
    if (this.#ended === undefined || this.end !== undefined) return;
    this.#child?.stdin?.end();
    await within(ASKED_MS, this.#ended);
    this.kill('SIGTERM');
    await within(TERM_MS, this.#ended);
    this.kill('SIGKILL');
    await this.#ended;
  }

  kill(signal: NodeJS.Signals): void {
    if (this.end === undefined && this.pid !== null) killGroup(this.pid, signal);
  }

  #read(chunk: Buffer): void {
    try {
      this.#lines.append(chunk);
      for (let message = this.#next(); message !== null; message = this.#next()) this.onmessage?.(message);
    } catch (error) {
      // more than a message may hold
      this.onerror?.(error instanceof Error ? error : new Error(String(error)));
      this.kill('SIGKILL');
    }
  }

  /** Lines that are no messages are skipped, as a careless library writes them. */
  #next(): JSONRPCMessage | null {
    for (;;) {
      try {
        return this.#lines.readMessage();
      } catch (error) {
        this.onerror?.(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }
}

/** Waits for something, but no longer than this. */
async function within(ms: number, wanted: Promise<unknown>): Promise<void> {
  const enough = new AbortController();
  const late = delay(ms, undefined, { signal: enough.signal }).catch(() => undefined); // enough
  await Promise.race([wanted, late]);
  enough.abort();
}
