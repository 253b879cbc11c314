import { ToolError, type CallContext } from '@deskhand/server-runtime';
import { join, posix } from 'node:path';
import type { FolderQuestions } from '../folders/folder-question.ts';
import { protectedPart } from '../protection/names.ts';
import type { WorkspaceSession } from '../session.ts';
import type { Deed, Said } from './path-rules.ts';

const RUNS = 'programs of yours run it, or do what it says, by themselves';

/** Decides about the files that tools name, and asks the person where it is theirs to decide. */
export class FileAccess {
  readonly #session: WorkspaceSession;
  readonly #questions: FolderQuestions;

  constructor(session: WorkspaceSession, questions: FolderQuestions) {
    this.#session = session;
    this.#questions = questions;
  }

  /**
   * Returns where the path leads when it may be read, or written. The rules hold for the path as it is said, and for
   * where it leads.
   *
   * @throws ToolError
   */
  async admit(deed: Deed, path: string, call: CallContext): Promise<string> {
    const said = posix.normalize(path);
    const hasRules = this.#session.mounts.some((mount) => this.#session.paths.rulesOf(mount).restrict);
    if (deed === 'Read' && !hasRules) return said;
    await this.#ruled(deed, said, call);
    const { path: real } = await this.#session.ask('real', { path }, call.signal);
    if (real !== said) await this.#ruled(deed, real, call);
    if (deed === 'Edit') await this.#protected(real, call);
    return real;
  }

  /** The place that a path says, when that may be written to without a question; links may lead it to another one. */
  freeToEdit(path: string): string | null {
    const said = posix.normalize(path);
    const rule = this.#session.paths.said('Edit', said);
    const isFree = rule === null || rule.decision === 'allow';
    return isFree && this.#keptPart(said) === null ? said : null;
  }

  /** Says no to what was read though a rule is about it: it may have been exchanged since it was admitted. */
  check(path: string): void {
    const said = this.#session.paths.said('Read', path);
    if (said !== null && said.decision !== 'allow') throw ruledOut(said, path);
  }

  /** Patterns of what a search in a folder leaves out. @throws ToolError when all of it may not be read */
  async hidden(folder: string, call: CallContext): Promise<readonly string[]> {
    const session = this.#session;
    const isOpened = (rule: string): boolean => session.paths.isAnyOpened(rule);
    if (session.mounts.every((mount) => !session.paths.rulesOf(mount).restrict)) return [];
    const place = session.paths.placeOf(await this.admit('Read', folder, call));
    if (place !== null) return session.paths.rulesOf(place.mount).hidden(place.way, isOpened);
    return session.mounts.flatMap((mount) =>
      session.paths
        .rulesOf(mount)
        .hidden('', isOpened)
        .map((pattern) => `/${mount.name}${pattern}`),
    );
  }

  async #ruled(deed: Deed, path: string, call: CallContext): Promise<void> {
    for (;;) {
      const said = this.#session.paths.said(deed, path);
      if (said === null || said.decision === 'allow') return;
      if (said.decision === 'deny') throw ruledOut(said, path);
      await this.#ask(said, path, call);
    }
  }

  async #ask({ text, tool, part }: Said, path: string, call: CallContext): Promise<void> {
    const place = this.#session.paths.placeOf(path);
    if (place === null) return;
    const { mount } = place;
    const name = `${this.#session.root}/${mount.name}/${part}`;
    const question = {
      path: join(mount.folder, part),
      name,
      warnings: [`a rule of yours wants you asked: ${text}`],
    };
    const access = tool === 'Edit' ? 'rw' : 'ro';
    const reason = `to ${tool === 'Edit' ? 'write' : 'read'} ${posix.basename(path)}`;
    await this.#questions.approve({ ...question, access, reason, mayAlways: false }, call);
    await this.#session.open(tool, name, text);
  }

  /** Asks about files that programs run, or obey, by themselves. */
  async #protected(path: string, call: CallContext): Promise<void> {
    const kept = this.#keptPart(path);
    if (kept === null) return;
    const { name } = kept;
    const question = { ...kept, access: 'rw' as const };
    const reason = `to write ${posix.basename(path)}`;
    await this.#questions.approve({ ...question, reason, warnings: [RUNS] }, call);
    await this.#session.open('Edit', name);
  }

  /** The part of a path that is not to be written to unless the person says so: where it is, and its name for tools. */
  #keptPart(path: string): { readonly path: string; readonly name: string } | null {
    const { paths, root } = this.#session;
    const place = paths.placeOf(path);
    if (place?.mount.access !== 'rw') return null;
    const { mount, way } = place;
    const found = protectedPart(way);
    if (found?.protection !== 'kept') return null;
    const name = `${root}/${mount.name}/${found.part}`;
    if (paths.isOpened('Edit', name) || paths.isFreed('Edit', name)) return null;
    return { path: join(mount.folder, found.part), name };
  }
}

/** What tools ask it. */
export type Access = Pick<FileAccess, 'admit' | 'freeToEdit' | 'check' | 'hidden'>;

/** No, for a rule. */
export const ruledOut = ({ text }: Pick<Said, 'text'>, path: string): ToolError =>
  new ToolError('denied_by_rule', `The rule ${text} of the person is about ${path}`, {
    hint: 'Work without it, or tell them why you need it.',
  });
