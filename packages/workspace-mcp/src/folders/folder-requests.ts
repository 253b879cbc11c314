import { pickFolder } from '@deskhand/grants';
import type { Mount } from '@deskhand/sandbox';
import { ToolError, type CallContext } from '@deskhand/server-runtime';
import { realpathSync, statSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import type { WorkspaceSession } from '../session.ts';
import { denied, FolderQuestions, type FolderQuestionsParts } from './folder-question.ts';
import { isWithin, requestRefusalOf } from './refusal.ts';

export interface FolderRequestsParts extends FolderQuestionsParts {
  /** The state folder. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface WantedFolder {
  /** On the person's computer; without it they pick one. */
  readonly path?: string | undefined;
  readonly access: 'ro' | 'rw';
  /** The agent's own words. */
  readonly reason: string;
}

/** A folder that is mounted, as tools name it. */
export interface GivenFolder {
  readonly path: string;
  /** What is mounted, on the person's computer. */
  readonly folder: string;
  readonly access: 'ro' | 'rw';
  readonly isNew: boolean;
}

const MOST_NAME = 64;

/** Asks the person for folders, and mounts those that they give. */
export class FolderRequests {
  readonly #parts: FolderRequestsParts;
  readonly #questions: FolderQuestions;
  /** What was picked for a question that is not answered yet: then the tool runs again from its start. */
  #open: { readonly reason: string; readonly path: string } | null = null;

  constructor(parts: FolderRequestsParts) {
    this.#parts = parts;
    this.#questions = new FolderQuestions(parts);
  }

  /** @throws ToolError */
  async ask(session: WorkspaceSession, wanted: WantedFolder, call: CallContext): Promise<GivenFolder> {
    const { path, access, reason } = wanted;
    const folder = this.#folderAt(path ?? (await this.#picked(reason, call.signal)));
    const there = mountedAs(session, folder, access);
    if (there !== null) return there;
    const mount: Mount = { name: freeName(session, folder), folder, access };
    session.paths.refuseDenied(mount);
    if (path === undefined) this.#open = { reason, path: folder };
    const name = `${session.root}/${mount.name}`;
    await this.#questions.approve({ path: folder, name, access, reason }, call);
    this.#open = null;
    await session.addMount(mount, call.signal);
    return { path: `${session.root}/${mount.name}`, folder, access, isNew: true };
  }

  async #picked(reason: string, signal: AbortSignal): Promise<string> {
    const { env, asking } = this.#parts;
    const open = this.#open;
    this.#open = null;
    if (open?.reason === reason) return open.path;
    const picked =
      asking.approvals === 'decline'
        ? ({ outcome: 'closed' } as const)
        : await pickFolder({ platform: process.platform, env, reason }, signal);
    if (picked.outcome === 'picked') return picked.path;
    if (picked.outcome === 'closed') throw denied('The person gave no folder');
    throw new ToolError('path_needed', `Nobody can pick a folder: ${picked.why}`, {
      hint: 'Ask the person in words which folder they mean, and give its path.',
    });
  }

  #folderAt(path: string): string {
    const { home, env } = this.#parts;
    const homedir = env['HOME'];
    const full = homedir === undefined ? path : path.replace(/^~(?=\/|$)/, homedir);
    const refuse = (folder: string): void => {
      const refusal = requestRefusalOf(folder, { home: realpathSync(home), homedir });
      if (refusal === null) return;
      throw new ToolError('folder_refused', refusal, { hint: 'Ask for the one folder in it that you need.' });
    };
    // before anything is looked at, and again where links lead
    refuse(posix.normalize(full).replace(/(?<=.)\/$/, ''));
    const folder = realFolder(full);
    if (folder === null) {
      throw new ToolError('folder_missing', `there is no folder ${path}`, {
        hint: 'Give its absolute path on the computer of the person, or none, so that they pick it.',
      });
    }
    refuse(folder);
    return folder;
  }
}

/** The folder, or one that has it, when it is mounted with these rights already. */
function mountedAs(session: WorkspaceSession, folder: string, access: 'ro' | 'rw'): GivenFolder | null {
  const mount = session.mounts.find(
    (one) => isWithin(folder, one.folder) && (one.access === 'rw' || access === 'ro'),
  );
  if (mount === undefined) return null;
  const path = join(session.root, mount.name, posix.relative(mount.folder, folder));
  return { path, folder: mount.folder, access: mount.access, isNew: false };
}

function freeName(session: WorkspaceSession, folder: string): string {
  const name = basename(folder)
    .replaceAll(/[^\p{L}\p{N} ._-]/gu, '-')
    .slice(0, MOST_NAME);
  const base = /^[. ]*$/.test(name) ? 'folder' : name;
  const taken = new Set(session.mounts.map((mount) => mount.name));
  if (!taken.has(base)) return base;
  for (let number = 2; ; number += 1) if (!taken.has(`${base}-${number}`)) return `${base}-${number}`;
}

function realFolder(path: string): string | null {
  try {
    const folder = realpathSync(path);
    return path.startsWith('/') && statSync(folder).isDirectory() ? folder : null;
  } catch {
    // not there, or not for this process
    return null;
  }
}
