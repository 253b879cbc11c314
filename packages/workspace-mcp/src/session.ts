import { DEFAULT_LIMITS, SandboxError, type Mount } from '@deskhand/sandbox';
import { inTime, ToolError } from '@deskhand/server-runtime';
import { once } from 'node:events';
import { Checkpoints } from './checkpoints/checkpoints.ts';
import { hitWords, type Over } from './limits.ts';
import { Mounting } from './mounting.ts';
import { NO_SANDBOX } from './files-only.ts';
import { expectLinux, notStarted } from './not-started.ts';
import { inTimeOfCall } from './patience.ts';
import type { Deed, PathRules } from './permissions/path-rules.ts';
import { isCoverOf, SessionPaths } from './session-paths.ts';
import type { AskOptions } from './worker/client.ts';
import type { AnswerOf } from './worker/answers.ts';
import type { CallName, Requests } from './worker/requests.ts';
import {
  mountIn,
  openIn,
  openWorkplace,
  type Confinement,
  type OpenPort,
  type OpenWorkplace,
  type WorkplaceParts,
} from './workplace.ts';

export interface WorkspaceSessionParts extends WorkplaceParts {
  readonly mounts: readonly Mount[];
  /** The state folder. */
  readonly home: string;
  /** What the person wrote about files. */
  readonly rules: PathRules;
  /** What runs in its sandbox may reach and use. Default: its own loopback, and the limits of every sandbox. */
  readonly confinement?: Confinement;
  /** Milliseconds of one call. */
  readonly deadline: number;
}

/** What was begun is finished once. */
const ONCE: ReadonlySet<CallName> = new Set(['write', 'edit']);

/** What became of the sandbox. */
export interface SandboxState {
  readonly isRunning: boolean;
  /** Why it did not start, and what mends that. */
  readonly failure: string | null;
  /** What does not hold as it should, in words for a person. */
  readonly weaknesses: readonly string[];
}

interface Running extends OpenWorkplace {
  readonly mounting: Mounting;
}

/** What one session has: a sandbox, started at the first call that needs it. */
export class WorkspaceSession {
  /** Where its folders are. */
  readonly root: string;
  readonly checkpoints: Checkpoints;
  readonly paths: SessionPaths;
  readonly #parts: WorkspaceSessionParts;
  #mounts: readonly Mount[];
  readonly #ports: OpenPort[] = [];
  #running: Promise<Running> | null = null;
  readonly #leaving = new AbortController();

  constructor(parts: WorkspaceSessionParts) {
    this.#parts = parts;
    this.#mounts = parts.mounts;
    this.root = `/sessions/${parts.name}/mnt`;
    const { home, name: session, rules } = parts;
    this.paths = new SessionPaths({ root: this.root, rules, mounts: () => this.mounts });
    this.checkpoints = new Checkpoints({ home, session, mounts: () => this.mounts });
  }

  get mounts(): readonly Mount[] {
    return this.#mounts;
  }

  /** There is no sandbox, since the person wants none. */
  get isFilesOnly(): boolean {
    return this.#parts.sandbox === 'files-only';
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
    else if (running?.client.isOver === false) await running.mounting.have([mount], signal);
    this.#mounts = [...this.#mounts, mount];
  }

  /** @throws ToolError */
  async ask<K extends CallName>(
    call: K,
    request: Requests[K],
    signal: AbortSignal,
    bytes?: Buffer,
  ): Promise<AnswerOf<K>> {
    return inTimeOfCall(this.#parts.deadline, signal, (patience) =>
      this.#ask(call, request, { signal: patience, bytes }).catch(async (error: unknown) => {
        throw error instanceof SandboxError ? await notStarted(error) : error;
      }),
    );
  }

  /** When all that goes along with what was asked so far has left this process; never, when the other one ends. */
  async sent(): Promise<void> {
    const running = await this.#running?.catch(() => null);
    await running?.client.sent();
  }

  /** Waits for the folder of the request alone; a link in it may lead to one that was not there yet. */
  async #ask<K extends CallName>(call: K, request: Requests[K], options: AskOptions): Promise<AnswerOf<K>> {
    const { client, mounting } = await this.#run(options.signal);
    const place = 'path' in request ? this.paths.placeOf(request.path) : null;
    await mounting.have(place === null ? this.mounts : [place.mount], options.signal);
    if (mounting.has(this.mounts) || ONCE.has(call)) return client.ask(call, request, options);
    try {
      return await client.ask(call, request, options);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      await mounting.have(this.mounts, options.signal).catch(() => Promise.reject(error));
      return client.ask(call, request, options);
    }
  }

  /** Lets a path be read or written, for all of the session, that was covered; it is named as tools name it. */
  async open(deed: Deed, path: string, rule?: string): Promise<void> {
    this.paths.noteOpened(deed, path, rule);
    const running = await this.#running?.catch(() => null);
    const place = this.paths.placeOf(path);
    if (running?.client.isOver !== false || place === null) return;
    const { mount, way } = place;
    await running.mounting.have([mount], this.#leaving.signal);
    const covers = running.sandbox.mounts.find(({ name }) => name === mount.name)?.covers ?? [];
    const cover = covers.find(({ path: at, kind }) => at === way && isCoverOf(deed, kind));
    if (cover !== undefined) await running.sandbox.uncover(mount.name, cover);
  }

  get confinement(): Confinement {
    return this.#parts.confinement ?? { network: { mode: 'local' }, limits: DEFAULT_LIMITS };
  }

  /** What runs now, without starting anything. */
  async sandboxState(): Promise<SandboxState> {
    try {
      const running = await this.#running;
      const isRunning = running?.client.isOver === false;
      const [failed] = running?.mounting.failures.values() ?? [];
      const failure = failed === undefined ? null : await failureOf(failed);
      return { isRunning, failure, weaknesses: running?.sandbox.weaknesses ?? this.#known };
    } catch (error) {
      return { isRunning: false, failure: await failureOf(error), weaknesses: this.#known };
    }
  }

  /** What is known before anything runs. */
  get #known(): readonly string[] {
    return this.isFilesOnly ? [NO_SANDBOX] : [];
  }

  /**
   * Opens a port that the person gave, also in a sandbox that takes the place of this one.
   *
   * @throws ToolError
   */
  async openPort(port: OpenPort, signal: AbortSignal): Promise<void> {
    const { sandbox } = await this.#run(signal).catch(async (error: unknown) => {
      throw error instanceof SandboxError ? await notStarted(error) : error;
    });
    await openIn(sandbox, port, signal);
    this.#ports.push(port);
  }

  get ports(): readonly OpenPort[] {
    return this.#ports;
  }

  /** Limits that were hit since this was asked for the last time, and those of a command that is over, in words. */
  async limitsHit(over: Over): Promise<readonly string[]> {
    const running = await this.#running?.catch(() => null);
    const hits = (await running?.sandbox.limitsHit()) ?? [];
    return hitWords(hits, over, this.confinement.limits);
  }

  /** Has the sandbox start, so that the first call does not wait for all of it; a failure is told by that call. */
  makeReady(): void {
    if (this.#leaving.signal.aborted || this.#running !== null || this.#mounts.length === 0) return;
    this.#running = this.#start();
    this.#running.catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#leaving.abort();
    const running = this.#running;
    this.#running = null;
    // a start that failed has nothing to close
    const started = await running?.catch(() => null);
    await started?.sandbox.close();
    await this.checkpoints.close();
  }

  async #run(signal: AbortSignal): Promise<Running> {
    const before = this.#running;
    const running = await before?.catch(() => null);
    if (running?.client.isOver === false) return running;
    // of several calls that find it ended, one starts it again
    const current = this.#running;
    const isFirst = current === null || current === before;
    const started = isFirst ? this.#start(running) : current;
    this.#running = started;
    await Promise.race([started, once(signal, 'abort')]);
    signal.throwIfAborted();
    return started;
  }

  #start(ended?: Running | null): Promise<Running> {
    return this.#soon((signal) => this.#begin(signal, ended));
  }

  async #begin(signal: AbortSignal, ended?: Running | null): Promise<Running> {
    expectLinux();
    await ended?.sandbox.close();
    const { root, mounts, confinement } = this;
    const options = { ...this.#parts, root, mounts, confinement, ports: this.#ports };
    return this.#mounted(await openWorkplace(options, signal));
  }

  /** The worker begins while folders are looked through for what is to be covered in them. */
  #mounted({ sandbox, client }: OpenWorkplace): Running {
    const mounting = new Mounting(async (mount) =>
      mountIn(sandbox, await this.#soon((signal) => this.paths.covered(mount, signal))),
    );
    this.#soon((signal) => mounting.have(this.mounts, signal)).catch(() => undefined);
    return { sandbox, client, mounting };
  }

  /** Within the time of one call, while there is a session. */
  #soon<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return inTime(this.#parts.deadline, this.#leaving.signal, work);
  }
}

async function failureOf(error: unknown): Promise<string> {
  const told = error instanceof SandboxError ? await notStarted(error) : error;
  return told instanceof ToolError ? told.text : String(told);
}
