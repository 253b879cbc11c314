import {
  DEFAULT_LIMITS,
  limitOfExit,
  Sandbox,
  SandboxError,
  type Limits,
  type Mount,
  type Network,
  type Shown,
} from '@deskhand/sandbox';
import { deadlineAfter, ToolError } from '@deskhand/server-runtime';
import { Checkpoints } from './checkpoints/checkpoints.ts';
import { PICTURE_PROGRAM } from './picture-parts.ts';
import { WORKER_PROGRAM } from './worker-parts.ts';
import { covered } from './protection/covers.ts';
import { WorkerClient } from './worker/client.ts';
import type { AnswerOf, CallName, RequestOf } from './worker/calls.ts';

/** What the person set for the sandbox. */
export interface Confinement {
  readonly network: Network;
  readonly limits: Limits;
}

export interface WorkspaceSessionParts {
  /** Name of the session, as it is in paths. */
  readonly name: string;
  readonly mounts: readonly Mount[];
  /** The state folder. */
  readonly home: string;
  /** What runs in its sandbox may reach and use. Default: its own loopback, and the limits of every sandbox. */
  readonly confinement?: Confinement;
  /** The bundled worker, with what it loads. */
  readonly worker: readonly Shown[];
  readonly ripgrep: string;
  /** What makes pictures smaller. */
  readonly pictures: readonly Shown[];
  /** Milliseconds of one call. */
  readonly deadline: number;
}

const AT = { node: '/run/deskhand/node', ripgrep: '/run/deskhand/rg' };

interface Running {
  readonly sandbox: Sandbox;
  readonly client: WorkerClient;
}

/** What one session has: a sandbox, started at the first call that needs it. */
export class WorkspaceSession {
  /** Where its folders are. */
  readonly root: string;
  readonly checkpoints: Checkpoints;
  readonly #parts: WorkspaceSessionParts;
  #mounts: readonly Mount[];
  /** Paths that the person lets be written to, though programs run them by themselves. */
  readonly #opened = new Set<string>();
  #running: Promise<Running> | null = null;
  readonly #leaving = new AbortController();

  constructor(parts: WorkspaceSessionParts) {
    this.#parts = parts;
    this.#mounts = parts.mounts;
    this.root = `/sessions/${parts.name}/mnt`;
    const { home, name: session } = parts;
    this.checkpoints = new Checkpoints({ home, session, mounts: () => this.mounts });
  }

  get mounts(): readonly Mount[] {
    return this.#mounts;
  }

  /**
   * Mounts a folder that the person gave, at once.
   *
   * @throws ToolError
   */
  async addMount(mount: Mount, signal: AbortSignal): Promise<void> {
    const running = await this.#running?.catch(() => null);
    // a sandbox without a folder has the rights of nobody
    if (this.#mounts.length === 0) await running?.sandbox.close();
    else if (running?.client.isOver === false)
      await mountIn(running.sandbox, await this.#covered(mount, signal));
    this.#mounts = [...this.#mounts, mount];
  }

  /** @throws ToolError */
  async ask<K extends CallName>(call: K, request: RequestOf<K>, signal: AbortSignal): Promise<AnswerOf<K>> {
    const patience = deadlineAfter(this.#parts.deadline, signal);
    try {
      const { client } = await this.#run(patience);
      return await client.ask(call, request, patience);
    } catch (error) {
      if (error instanceof SandboxError) throw new ToolError(error.code, error.message, error);
      if (signal.aborted || !patience.aborted) throw error;
      throw new ToolError(
        'not_in_time',
        `it took longer than ${this.#parts.deadline / 1_000} s, and was ended`,
        {
          hint: 'Look at less at a time, or start the server with a longer --timeout.',
        },
      );
    }
  }

  isOpened(path: string): boolean {
    return this.#opened.has(path);
  }

  /** Lets a path be written to, for all of the session, that was kept as it is; it is named as tools name it. */
  async open(path: string): Promise<void> {
    this.#opened.add(path);
    const running = await this.#running?.catch(() => null);
    if (running?.client.isOver !== false) return;
    const [name = '', ...rest] = path.slice(this.root.length + 1).split('/');
    const cover = { path: rest.join('/'), kind: 'kept' } as const;
    const covers = running.sandbox.mounts.find((mount) => mount.name === name)?.covers ?? [];
    if (covers.some(({ path: at, kind }) => at === cover.path && kind === cover.kind))
      await running.sandbox.uncover(name, cover);
  }

  async #covered(mount: Mount, signal: AbortSignal): Promise<Mount> {
    const { covers, ...rest } = await covered(mount, signal);
    const isOpened = (path: string): boolean => this.#opened.has(`${this.root}/${mount.name}/${path}`);
    return { ...rest, covers: covers.filter(({ path, kind }) => kind !== 'kept' || !isOpened(path)) };
  }

  get confinement(): Confinement {
    return this.#parts.confinement ?? { network: { mode: 'local' }, limits: DEFAULT_LIMITS };
  }

  /** What runs now, without starting anything. */
  async sandboxState(): Promise<{ readonly isRunning: boolean; readonly weaknesses: readonly string[] }> {
    const running = await this.#running?.catch(() => null);
    const isRunning = running?.client.isOver === false;
    return { isRunning, weaknesses: running?.sandbox.weaknesses ?? [] };
  }

  /** Limits that were hit since this was asked for the last time, in words, and that of a program's exit status. */
  async limitsHit(exitCode: number | null): Promise<readonly string[]> {
    const running = await this.#running?.catch(() => null);
    const hits = (await running?.sandbox.limitsHit()) ?? [];
    const ofExit = limitOfExit(exitCode, this.confinement.limits);
    return [...hits, ...(ofExit === null ? [] : [ofExit])].map(
      ({ message, hint }) => `${message.charAt(0).toUpperCase()}${message.slice(1)}. ${hint}`,
    );
  }

  /** Has the sandbox start, so that the first call does not wait for all of it; a failure is told by that call. */
  makeReady(): void {
    if (this.#leaving.signal.aborted || this.#running !== null || this.#mounts.length === 0) return;
    const patience = AbortSignal.timeout(this.#parts.deadline);
    this.#running = this.#start(AbortSignal.any([patience, this.#leaving.signal]));
    this.#running.catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#leaving.abort();
    const running = this.#running;
    this.#running = null;
    // a start that failed has nothing to close
    const started = await running?.catch(() => null);
    await started?.sandbox.close();
  }

  async #run(signal: AbortSignal): Promise<Running> {
    const running = await this.#running?.catch(() => null);
    if (running?.client.isOver === false) return running;
    await running?.sandbox.close();
    this.#running = this.#start(signal);
    return this.#running;
  }

  async #start(signal: AbortSignal): Promise<Running> {
    const { name, worker, ripgrep, pictures } = this.#parts;
    const mounts = await Promise.all(this.mounts.map((mount) => this.#covered(mount, signal)));
    const sandbox = await Sandbox.open(
      {
        ...{ session: name, mounts, ...this.confinement },
        command: [AT.node, WORKER_PROGRAM, this.root, AT.ripgrep, PICTURE_PROGRAM],
        shown: [
          { source: process.execPath, at: AT.node },
          ...worker,
          { source: ripgrep, at: AT.ripgrep },
          ...pictures,
        ],
      },
      signal,
    );
    return { sandbox, client: new WorkerClient(sandbox) };
  }
}

async function mountIn(sandbox: Sandbox, mount: Mount): Promise<void> {
  try {
    await sandbox.mount(mount);
  } catch (error) {
    if (error instanceof SandboxError) throw new ToolError(error.code, error.message, error);
    throw error;
  }
}
