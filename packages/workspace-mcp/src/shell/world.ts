import type { CommandRequest } from '@deskhand/grants';
import type { CallContext } from '@deskhand/server-runtime';
import { join } from 'node:path';
import type { Checkpoints } from '../checkpoints/checkpoints.ts';
import { shownName } from '../files/byte-names.ts';
import type { Script } from '../guard/scope.ts';
import type { Touch, Verdict } from '../guard/verdict.ts';
import type { Said } from '../permissions/path-rules.ts';
import type { WorkspaceSession } from '../session.ts';
import type { SessionShell } from './session-shell.ts';

/** Something that would be deleted and that no checkpoint would hold. */
export interface Loss {
  /** On the person's computer. */
  readonly path: string;
  readonly why: string;
  /** How much it is, in words. */
  readonly size: string;
}

/** A rule about a file that a command names. */
export interface Ruled extends Said {
  readonly touch: Touch;
}

interface Sources {
  readonly session: WorkspaceSession;
  readonly shell: SessionShell;
  readonly checkpoints: Checkpoints;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** What has to be known of files to decide about one command. */
export class World {
  readonly #sources: Sources;
  readonly #call: CallContext;

  constructor(sources: Sources, call: CallContext) {
    this.#sources = sources;
    this.#call = call;
  }

  /** What would go, counted. */
  findings(verdict: Verdict): Promise<NonNullable<CommandRequest['command']['findings']>> {
    return this.#sources.shell.findings(verdict.goes, this.#call);
  }

  /** A file that is about to be run; `undefined` for one that is not there, or a program. */
  async script(path: string): Promise<Script | undefined> {
    const found = await this.#sources.shell.script(path, this.#call);
    if (found.kind === 'none' || found.kind === 'program') return undefined;
    const text = found.kind === 'text' ? found.text : null;
    return { text, isAgents: found.changedAt >= this.#sources.since || this.#isOfAStep(path) };
  }

  /** Whether a rule frees a file from being a secret for its name. */
  isFreed(path: string): boolean {
    const { session } = this.#sources;
    return session.paths.isFreed('Read', path);
  }

  /** What the rules that restrict say about files that a command names. */
  ruled(touches: readonly Touch[]): readonly Ruled[] {
    const { session } = this.#sources;
    return touches.flatMap((touch) => {
      const said = session.paths.said(touch.deed, touch.path);
      return said === null || said.decision === 'allow' ? [] : [{ ...said, touch }];
    });
  }

  /** Uncovers what the person was asked about. */
  async open({ tool, text, part, touch }: Ruled): Promise<void> {
    const { session } = this.#sources;
    const place = session.paths.placeOf(touch.path);
    if (place !== null) await session.open(tool, `${session.root}/${place.mount.name}/${part}`, text);
  }

  /** Where something is on the person's computer, for them; `null` for what is in no folder of theirs. */
  onComputer(path: string): string | null {
    const found = this.#find(path);
    return found === null ? null : shownName(found);
  }

  #find(path: string): string | null {
    const place = this.#sources.session.paths.placeOf(path);
    return place === null ? null : join(place.mount.folder, place.way);
  }

  /** What would be deleted, and that no checkpoint would hold that is taken before. */
  async losses(verdict: Verdict): Promise<readonly Loss[]> {
    const removed = verdict.goes.filter(({ isRemoved }) => isRemoved);
    if (removed.length === 0) return [];
    const found = await this.#sources.shell.unkept(removed, !isWide(verdict), this.#call);
    return found.flatMap(({ path, ...rest }) => {
      const onComputer = this.onComputer(path);
      return onComputer === null ? [] : [{ path: onComputer, ...rest }];
    });
  }

  /** Whether an agent wrote it, or the folder that has it, by a step of this session. */
  #isOfAStep(path: string): boolean {
    const onComputer = this.#find(path);
    return this.#sources.checkpoints
      .list()
      .some(({ scopes }) =>
        scopes.some(
          ({ folder, path: way }) =>
            way !== '.' && `${onComputer ?? ''}/`.startsWith(`${join(folder, way)}/`),
        ),
      );
  }
}

/** Before it all folders are kept, else only what it names. */
export const isWide = ({ decision, goes }: Verdict): boolean =>
  decision !== 'allow' || goes.some(({ isPattern }) => isPattern);
