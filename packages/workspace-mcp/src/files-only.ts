import type { Cover, Mount, Sandbox, User } from '@deskhand/sandbox';
import { ToolError } from '@deskhand/server-runtime';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { WorkerClient } from './worker/client.ts';

/** What a session has of the place where its files are served. */
export type Workplace = Pick<
  Sandbox,
  'mounts' | 'weaknesses' | 'mount' | 'uncover' | 'limitsHit' | 'reach' | 'share' | 'close'
>;

export interface FilesOnlyParts {
  /** Where the folders seem to be. */
  readonly root: string;
  /** The bundled worker. */
  readonly worker: string;
  readonly ripgrep: string;
  /** Whose rights it has when this process is root's. */
  readonly user: User;
}

/** What a person should know of it. */
export const NO_SANDBOX =
  'there is none, as --sandbox files-only asks for: no commands; files are found by walks that no link leads out of';
const AS_ROOT = 'it has the rights of root on the mounted folders: start it as the owner of the folders';

/** The worker as an ordinary process: for files alone, held folder by folder, and for nothing that runs programs. */
export class FilesOnly implements Workplace {
  readonly client: WorkerClient;
  readonly weaknesses: readonly string[];
  readonly #process: ChildProcess;
  readonly #gone: Promise<unknown>;
  readonly #mounted = new Map<string, Mount>();

  constructor({ root, worker, ripgrep, user }: FilesOnlyParts) {
    this.weaknesses = [NO_SANDBOX, ...(user.uid === 0 ? [AS_ROOT] : [])];
    const child = spawn(process.execPath, [worker, root, ripgrep], {
      ...{ stdio: ['pipe', 'pipe', 'ignore'], env: {}, cwd: '/', detached: true },
      ...(process.geteuid?.() === 0 && user.uid !== 0 && { uid: user.uid, gid: user.gid }),
    });
    this.#process = child;
    this.#gone = once(child, 'close').catch(() => undefined);
    const { stdin, stdout } = child;
    this.client = new WorkerClient({ stdin, stdout, ended: this.#gone, close: () => this.close() });
  }

  get mounts(): readonly Mount[] {
    return [...this.#mounted.values()];
  }

  /** @throws ToolError when the folder cannot be held */
  async mount(mount: Mount): Promise<void> {
    const { name, folder, access, covers = [] } = mount;
    const request = { name, folder, access, covers: [...covers] };
    await this.client.ask('hold', request, { signal: AbortSignal.timeout(START_MS) });
    this.#mounted.set(name, mount);
  }

  async uncover(name: string, cover: Cover): Promise<void> {
    await this.client.ask('uncover', { name, cover }, { signal: AbortSignal.timeout(START_MS) });
  }

  /** There is nothing inside that would use it. */
  reach(): Promise<never> {
    return Promise.reject(new ToolError('needs_sandbox', NO_SANDBOX));
  }

  share(): Promise<never> {
    return this.reach();
  }

  /** It has none. */
  limitsHit(): Promise<readonly []> {
    return Promise.resolve([]);
  }

  async close(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#gone;
  }
}

const START_MS = 15_000;
