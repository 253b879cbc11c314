import type { SessionFolders } from '@deskhand/gateway';
import { decide, type GrantStore } from '@deskhand/grants';
import type { Started } from '@deskhand/agent-host';
import { statSync } from 'node:fs';
import { basename } from 'node:path';

interface MountedFoldersOptions {
  readonly session: string;
  readonly mounts: Started['mounts'];
}

/** What the person shared with a session: its mounts, and the folders that they allowed it later. */
export class MountedFolders implements SessionFolders {
  readonly #options: MountedFoldersOptions;
  readonly #ears = new Set<() => void>();
  /** While it runs: what all sessions may have is told to those that have it. */
  readonly #mounted = new Set<string>();
  #grants: GrantStore | null = null;
  #last = '';

  constructor(options: MountedFoldersOptions) {
    this.#options = options;
  }

  /** From here on, what this store says counts too. */
  watch(grants: GrantStore): void {
    this.#grants = grants;
    this.#last = JSON.stringify(this.list());
  }

  list(): readonly { readonly name: string; readonly path: string }[] {
    const { session, mounts } = this.#options;
    const grants = this.#grants?.list({ subject: session, kinds: ['folder'] }) ?? [];
    const own = grants.flatMap(({ decision, subject, resource: { path } }) =>
      decision === 'allow' && subject === session ? [path] : [],
    );
    const allowed = [...this.#mounted].filter(
      (path) => decide(grants, { kind: 'folder', path, access: 'ro' }).decision === 'allow',
    );
    const later = [...own, ...allowed].filter(isFolder).map((path) => ({ name: basename(path), path }));
    const all = [...mounts.map(({ name, path }) => ({ name, path })), ...later];
    return all.filter(({ path }, at) => all.findIndex((one) => one.path === path) === at);
  }

  mounted(path: string): void {
    this.#mounted.add(path);
    this.look();
  }

  listen(hear: () => void): () => void {
    this.#ears.add(hear);
    return () => void this.#ears.delete(hear);
  }

  /** The grants changed; it tells those who listen when the folders did. */
  look(): void {
    const now = JSON.stringify(this.list());
    if (now === this.#last) return;
    this.#last = now;
    for (const hear of this.#ears) hear();
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
