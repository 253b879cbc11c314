import type { Subject } from '@deskhand/tier-policy';
import type { Paths } from './paths.ts';
import type { Processes } from '../linux/process.ts';
import type { XConnection } from './connection.ts';

/** What telling owners needs besides the X server. */
export interface OwnerSources {
  readonly processes: Processes;
  readonly paths: Paths;
  /** Tells our own dialogs by process id: no tool may touch or show them. */
  readonly isOwnDialog: (pid: number) => boolean;
}

/**
 * Names the owners of windows: the process behind the window's socket, as the X server had it from the kernel
 * when that socket was opened (X-Resource 1.2), and what `/proc` says of that process. One object serves one
 * reading of the desktop, so that a process is looked at once and the answers agree with each other.
 */
export class Owners {
  readonly #connection: XConnection;
  readonly #sources: OwnerSources;
  readonly #byClient = new Map<number, Promise<Subject>>();

  constructor(connection: XConnection, sources: OwnerSources) {
    this.#connection = connection;
    this.#sources = sources;
  }

  /** Two windows with the same answer belong to one connection. */
  clientOf(window: number): number {
    return (window & ~this.#connection.display.resource_mask) >>> 0;
  }

  of(window: number): Promise<Subject> {
    const client = this.clientOf(window);
    const known = this.#byClient.get(client);
    if (known !== undefined) return known;
    const found = this.#find(window);
    this.#byClient.set(client, found);
    return found;
  }

  /** The processes whose windows the window manager lists. */
  async windowed(): Promise<ReadonlySet<number>> {
    const windows = await this.#connection.longs(this.#connection.root, '_NET_CLIENT_LIST');
    const owners = await Promise.all(windows.map((window) => this.of(window)));
    return new Set(owners.flatMap((owner) => (owner.kind === 'app' ? [owner.app.pid] : [])));
  }

  async #find(window: number): Promise<Subject> {
    const { res } = this.#connection.ext;
    const ids = await this.#connection.askOfWindow<readonly { readonly value: readonly number[] }[]>(
      (reply) => res.QueryClientIds([{ client: window, mask: res.ClientIdMask.LocalClientPID }], reply),
    );
    if (ids === null) return { kind: 'unknown', reason: 'no_window' };
    const pid = ids[0]?.value[0];
    if (pid === undefined || pid === 0) return { kind: 'unknown', reason: 'remote_client' };
    const identity = this.#sources.processes.identityOf(pid);
    if (typeof identity === 'string') return { kind: 'unknown', reason: identity };
    return { kind: 'app', app: this.#sources.isOwnDialog(pid) ? { ...identity, isSelf: true } : identity };
  }
}
