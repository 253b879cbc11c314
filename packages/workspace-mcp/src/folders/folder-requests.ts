import {
  ANY_SUBJECT,
  decide,
  pickFolder,
  type AskOutcome,
  type FolderRequest,
  type GrantStore,
  type Rule,
} from '@deskhand/grants';
import type { Mount } from '@deskhand/sandbox';
import { ANSWER_MS, askPerson, ToolError, type Asking, type CallContext } from '@deskhand/server-runtime';
import { realpathSync, statSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import type { WorkspaceSession } from '../session.ts';
import { protectedPart } from '../protection/names.ts';
import { isWithin, requestRefusalOf } from './refusal.ts';

export interface FolderRequestsParts {
  readonly grants: Pick<GrantStore, 'add' | 'list' | 'file'>;
  readonly asking: Asking;
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
  readonly access: 'ro' | 'rw';
  readonly isNew: boolean;
}

interface Question {
  readonly mount: Mount;
  readonly reason: string;
  readonly warnings?: readonly string[];
}

const MOST_NAME = 64;
const RUNS = 'programs of yours run it, or do what it says, by themselves';

/** Asks the person for folders, and mounts those that they give. */
export class FolderRequests {
  readonly #parts: FolderRequestsParts;
  /** What was picked for a question that is not answered yet: then the tool runs again from its start. */
  #open: { readonly reason: string; readonly path: string } | null = null;

  constructor(parts: FolderRequestsParts) {
    this.#parts = parts;
  }

  /** @throws ToolError */
  async ask(session: WorkspaceSession, wanted: WantedFolder, call: CallContext): Promise<GivenFolder> {
    const { path, access, reason } = wanted;
    const folder = this.#folderAt(path ?? (await this.#picked(reason, call.signal)));
    const there = mountedAs(session, folder, access);
    if (there !== null) return there;
    const mount: Mount = { name: freeName(session, folder), folder, access };
    if (path === undefined) this.#open = { reason, path: folder };
    await this.#approve(session, { mount, reason }, call);
    this.#open = null;
    await session.addMount(mount, call.signal);
    return { path: `${session.root}/${mount.name}`, access, isNew: true };
  }

  /**
   * Asks whether a file may be written that programs run, or obey, by themselves; others may be.
   *
   * @param path - as tools name it, without links
   * @throws ToolError
   */
  async openProtected(session: WorkspaceSession, path: string, call: CallContext): Promise<void> {
    const [name = '', ...rest] = path.slice(session.root.length + 1).split('/');
    const mount = session.mounts.find((one) => one.name === name);
    const found = protectedPart(rest.join('/'));
    if (mount?.access !== 'rw' || found?.protection !== 'kept') return;
    const part = `${session.root}/${name}/${found.part}`;
    if (session.isOpened(part)) return;
    const reason = `to write ${posix.basename(path)}`;
    const asked = { name: part, folder: join(mount.folder, found.part), access: 'rw' as const };
    await this.#approve(session, { mount: asked, reason, warnings: [RUNS] }, call);
    await session.open(part);
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

  async #approve(
    session: WorkspaceSession,
    { mount, reason, warnings = [] }: Question,
    call: CallContext,
  ): Promise<void> {
    const { grants, asking } = this.#parts;
    const { folder: path, access } = mount;
    const rules = grants.list({ subject: asking.session, kinds: ['folder'] });
    const { decision } = decide(rules, { kind: 'folder', path, access });
    if (decision === 'deny') throw denied(`A rule of the person denies ${path}`);
    if (decision === 'allow' && (warnings.length === 0 || isNamed(rules, path))) return;
    const request: FolderRequest = {
      kind: 'folder',
      folder: { path, access, name: posix.resolve(session.root, mount.name), warnings },
      ...{ reason, mayAlways: true, timeoutMs: ANSWER_MS, grantsFile: grants.file },
    };
    const outcome = await askPerson(request, asking, call);
    call.note({ asked: 'folder', outcome: outcome.outcome });
    if (!(await this.#isAllowed(outcome, mount))) throw denied(`The person said no to ${path}`);
  }

  async #isAllowed(outcome: AskOutcome, { folder: path, access }: Mount): Promise<boolean> {
    if (outcome.outcome === 'denied')
      throw new ToolError(outcome.code, outcome.message, { hint: outcome.hint });
    const [answer] = outcome.decisions;
    if (answer?.decision !== 'allow') return false;
    if (answer.scope === 'always') {
      await this.#parts.grants.add({
        subject: ANY_SUBJECT,
        resource: { kind: 'folder', path, access },
        ...{ decision: 'allow', scope: 'always', origin: 'person' },
      });
    }
    return true;
  }
}

/** A rule for a folder says nothing about what programs run in it. */
const isNamed = (rules: readonly Rule[], path: string): boolean =>
  rules.some(
    ({ decision, resource }) =>
      decision === 'allow' &&
      resource.kind === 'folder' &&
      resource.path === path &&
      resource.access === 'rw',
  );

/** The folder, or one that has it, when it is mounted with these rights already. */
function mountedAs(session: WorkspaceSession, folder: string, access: 'ro' | 'rw'): GivenFolder | null {
  const mount = session.mounts.find(
    (one) => isWithin(folder, one.folder) && (one.access === 'rw' || access === 'ro'),
  );
  if (mount === undefined) return null;
  const path = join(session.root, mount.name, posix.relative(mount.folder, folder));
  return { path, access: mount.access, isNew: false };
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

/** No, from a person or a rule of theirs. */
const denied = (message: string): ToolError =>
  new ToolError('denied_by_person', message, { hint: 'Work without it, or tell them why you need it.' });
