import { ensureStateHome, lockFile } from '@deskhand/grants';
import type { Mount } from '@deskhand/sandbox';
import { ToolError } from '@deskhand/server-runtime';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { shownName, wellFormed } from '../files/byte-names.ts';
import type { FileNow } from '../files/files.ts';
import { lesserUser, withHeld } from './held-folder.ts';
import { LIMITS, type Limits } from './limits.ts';
import type { Left, Node, Scope, Step } from './node.ts';
import { notKept } from './not-kept.ts';
import { Objects } from './objects.ts';
import { KEEPING, markLive, sweepOldStores, type KeepingLimits } from './old-stores.ts';
import { scopesOf, shownPath, type Part } from './scopes.ts';
import { Snapshot, type Seen } from './snapshot.ts';
import { neededBy, Steps } from './steps.ts';
import { Undo, type UndoAnswer, type UndoRequest } from './undo.ts';

export interface CheckpointsParts {
  /** Where they are kept: below the state folder, which no mount has. */
  readonly home: string;
  /** Name of the session, as it is in paths. */
  readonly session: string;
  /** The folders that are mounted now. */
  readonly mounts: () => readonly Mount[];
  readonly limits?: Limits;
  /** Of the steps of other sessions. */
  readonly keeping?: KeepingLimits;
}

export interface Action {
  /** What is about to be done, for a person: a tool and a path, or a command. */
  readonly label: string;
  /** Paths as tools name them, or all that may be written to. What is in no mounted folder is left out. */
  readonly paths: readonly string[] | 'all';
}

/** A step that can be undone. */
export interface Checkpoint {
  readonly number: number;
  /** What a caller should know, such as that something was left out. */
  readonly notes: readonly string[];
  /** Some of it is not kept, for there is too much. */
  readonly isCut: boolean;
}

/** A file as it was left by the one that wrote it, where it was; its path is as tools name it. */
export interface Written {
  readonly path: string;
  readonly now: FileNow | null;
}

/** What became of a file, and the step that takes it back, where there is one. */
export interface Kept<T> {
  readonly done: T;
  readonly step: number | null;
  readonly notes: readonly string[];
}

/** To note how something was left that was given up. */
const PATIENCE_MS = 10_000;

const MOST_LEFT = 20;

/**
 * What files were before something was done to them: kept outside of all mounts, and still there after a restart. Every
 * action is a step, with what it could change as it was before and, when it is over, as it was then.
 */
export class Checkpoints {
  readonly #parts: CheckpointsParts;
  readonly #place: string;
  readonly #limits: Limits;
  readonly #objects: Objects;
  readonly #steps: Steps;
  readonly #seen: Seen = new Map();
  readonly #leaving = new AbortController();
  #unmark: (() => void) | null = null;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(parts: CheckpointsParts) {
    this.#parts = parts;
    this.#limits = parts.limits ?? LIMITS;
    this.#place = join(parts.home, 'checkpoints', parts.session);
    this.#objects = new Objects(join(this.#place, 'objects'));
    this.#steps = new Steps(join(this.#place, 'steps'));
  }

  /**
   * Keeps what is there now. Call it before anything that may change or delete files, and {@link after} when that is
   * over. Resolves to `null` when no path is in a folder that may be written to.
   *
   * @throws ToolError `checkpoint_failed` when it could not be kept
   */
  async before({ label, paths }: Action, signal: AbortSignal): Promise<Checkpoint | null> {
    const parts = scopesOf(this.#parts, paths);
    if (parts.length === 0) return null;
    return this.#alone(signal, async () => {
      const look = this.#look(signal, false);
      const step = await this.#take({ label }, parts, signal, look);
      return { number: step.number, notes: this.#notesOn(step), isCut: look.isTooMuch };
    });
  }

  /**
   * Notes how an action left things: what differs later was changed by somebody else. A step that changed nothing is
   * none; then it resolves to `false`.
   */
  async after(number: number, signal: AbortSignal): Promise<boolean> {
    return this.#alone(signal, async () => {
      const step = this.#steps.one(number);
      return step !== null && this.#isFinished(step, signal);
    });
  }

  /**
   * Keeps what is there now, has a file be written, and notes how that left it: nobody else takes a step meanwhile, and
   * when it is given up, what it did before that is known.
   *
   * @param write - gets the hash of what is kept, where that is one file
   * @throws ToolError `checkpoint_failed` when it could not be kept; nothing is written then
   */
  async around<T extends Written>(
    { label, paths: asked }: Action,
    signal: AbortSignal,
    write: (kept: string | undefined) => Promise<T>,
  ): Promise<Kept<T>> {
    // tools say them as text, and write to what the system makes of that
    const paths = asked === 'all' ? asked : asked.map(wellFormed);
    const parts = scopesOf(this.#parts, paths);
    if (parts.length === 0) return { done: await write(undefined), step: null, notes: [] };
    return this.#alone(signal, async () => {
      const step = await this.#take({ label }, parts, signal);
      const notes = this.#notesOn(step);
      let done: T | undefined;
      let isStep = false;
      try {
        done = await write(onlyFileOf(step));
      } finally {
        isStep = await this.#isFinished(step, AbortSignal.timeout(PATIENCE_MS), done);
      }
      return { done, step: isStep ? step.number : null, notes };
    });
  }

  /** The oldest first. */
  list(): readonly Step[] {
    return this.#steps.all();
  }

  /** Bytes that all of them take. */
  get bytes(): number {
    return this.#objects.bytes;
  }

  /**
   * Takes steps back. What somebody else changed since is not overwritten unless the request says so; the undo is a
   * step of its own.
   *
   * @throws ToolError `no_such_step`, `changed_since` or `checkpoint_damaged`
   */
  async undo(request: UndoRequest, signal: AbortSignal): Promise<UndoAnswer> {
    return this.#alone(signal, async () => {
      const undo = new Undo(
        {
          objects: this.#objects,
          mounts: this.#parts.mounts(),
          session: this.#parts.session,
          owner: this.#owner,
          look: (isHashOnly) => this.#look(signal, isHashOnly),
          now: (look, part) => this.#nodeAt(look, part),
          take: (what, parts) => this.#take(what, parts, signal),
          finish: (step) => this.#finish(step, signal),
        },
        this.#steps.all(),
      );
      return undo.run(request);
    });
  }

  get #owner() {
    const folders = this.#parts.mounts().map(({ folder }) => folder);
    // one that was moved is told of where it is looked at
    return lesserUser(folders.filter((folder) => existsSync(folder)));
  }

  async #take(
    what: Pick<Step, 'label' | 'undoes'>,
    parts: readonly Part[],
    signal: AbortSignal,
    look = this.#look(signal, false),
  ): Promise<Step> {
    try {
      this.#objects.takeAdded();
      const scopes: Scope[] = [];
      const left: Left[] = [];
      for (const part of parts) {
        const { path, node } = await this.#partAt(look, part);
        scopes.push({ folder: part.folder, path, before: node });
        left.push(...look.left.slice(left.length).map((one) => this.#shownLeft(part, one)));
      }
      signal.throwIfAborted();
      const step = {
        ...{ at: new Date().toISOString(), ...what, scopes, bytes: this.#objects.takeAdded() },
        ...{ left: left.slice(0, MOST_LEFT), leftCount: left.length },
      };
      // of what was not there nothing can be lost with the step
      const isNothing = scopes.every(({ before }) => before === null);
      return await this.#steps.add(step, async (path) => {
        if (!isNothing) await this.#objects.settle(path);
      });
    } catch (cause) {
      if (signal.aborted || cause instanceof ToolError) throw cause;
      throw notKept(cause, this.#parts, parts);
    }
  }

  /** Only the mounted folder itself needs more than its way from there. */
  #shownLeft({ folder }: Part, { path, why }: Left): Left {
    const shown = path === '.' ? (shownPath(this.#parts, { folder, path }) ?? path) : shownName(path);
    return { path: shown, why };
  }

  #notesOn(step: Step): readonly string[] {
    return [...notesOf(step), ...this.#makeRoom(step)];
  }

  /** Notes how a step left things. One that changed nothing is none. */
  async #isFinished(step: Step, signal: AbortSignal, written?: Written): Promise<boolean> {
    const isChanged = await this.#finish(step, signal, written);
    if (!isChanged) this.#steps.remove(step.number);
    return isChanged;
  }

  /**
   * Whether anything differs.
   *
   * @param written - a file that need not be looked at again
   */
  async #finish({ number, scopes }: Step, signal: AbortSignal, written?: Written): Promise<boolean> {
    const look = this.#look(signal, true);
    const now = written?.now ?? null;
    const at = written && scopesOf(this.#parts, [wellFormed(written.path)])[0];
    const after: (Node | null)[] = [];
    for (const scope of scopes) {
      const isKnown = at?.folder === scope.folder && at.path === scope.path;
      after.push(now !== null && isKnown ? { kind: 'file', ...now } : await this.#nodeAt(look, scope));
    }
    this.#steps.finish(number, after);
    return scopes.some(({ before }, index) => !isDeepStrictEqual(before, after[index] ?? null));
  }

  #look(signal: AbortSignal, isHashOnly: boolean): Snapshot {
    const [objects, limits, seen, owner] = [this.#objects, this.#limits, this.#seen, this.#owner];
    return new Snapshot({ objects, limits, seen, owner, isHashOnly, signal });
  }

  /** What is at a path, or at the first part of it that is missing or no folder. */
  async #partAt(look: Snapshot, { folder, path }: Part): Promise<{ path: string; node: Node | null }> {
    return withHeld(folder, path, async (held) => ({
      path: held.path,
      node: await look.of(held.parent, held.name, held.path),
    }));
  }

  async #nodeAt(look: Snapshot, part: Part): Promise<Node | null> {
    const { path, node } = await this.#partAt(look, part);
    return path === part.path ? node : null;
  }

  /** The oldest go first, and never the newest. */
  #makeRoom(newest: Step): readonly string[] {
    const { storeBytes, steps: most } = this.#limits;
    if (this.#steps.count <= most && this.#objects.bytes <= storeBytes) return [];
    let steps = this.#steps.all();
    const before = steps.length;
    while (steps.length > 1 && (steps.length > most || this.#objects.bytes > storeBytes)) {
      const oldest = steps.slice(0, Math.max(1, Math.min(Math.floor(steps.length / 8), steps.length - 1)));
      for (const { number } of oldest) if (number !== newest.number) this.#steps.remove(number);
      steps = this.#steps.all();
      this.#objects.sweep(neededBy(steps, this.#objects));
    }
    this.#seen.clear();
    const gone = before - steps.length;
    return [
      `The oldest ${gone === 1 ? 'step' : `${gone} steps`} had to make room, and can be undone no more.`,
    ];
  }

  /** The session is over for this process; its steps stay. */
  async close(): Promise<void> {
    this.#leaving.abort();
    await this.#sweeping;
    this.#unmark?.();
    this.#unmark = null;
  }

  #open(): void {
    const all = join(this.#parts.home, 'checkpoints');
    ensureStateHome(all);
    if (this.#unmark !== null) return;
    this.#unmark = markLive(this.#place);
    // what cannot be removed now is tried again by the next session
    this.#sweeping = sweepOldStores(all, this.#parts.keeping ?? KEEPING, this.#leaving.signal).catch(
      () => undefined,
    );
  }

  async #alone<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    this.#open();
    const release = await lockFile(join(this.#place, 'steps'), { signal });
    try {
      this.#objects.begin();
      return await act();
    } finally {
      try {
        this.#objects.end();
      } finally {
        release();
      }
    }
  }
}

/** The hash of what was there, where that is one file. */
function onlyFileOf({ scopes }: Step): string | undefined {
  const [only, ...more] = scopes.map(({ before }) => before);
  return only?.kind === 'file' && more.length === 0 ? only.sha256 : undefined;
}

function notesOf({
  left,
  leftCount,
}: {
  readonly left: readonly Left[];
  readonly leftCount: number;
}): readonly string[] {
  if (leftCount === 0) return [];
  const some = left.slice(0, 3).map(({ path, why }) => `${path} (${why})`);
  const more = leftCount > some.length ? ` and ${leftCount - some.length} more` : '';
  return [`Not kept: ${some.join(', ')}${more}.`];
}
