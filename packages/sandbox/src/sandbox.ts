import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { Broker, type Access } from './broker.ts';
import type { Cover } from './cover.ts';
import { ControlGroup, ownHierarchy } from './limits/control-group.ts';
import type { LimitHit } from './limits/limit-hit.ts';
import { DEFAULT_LIMITS, type Limits } from './limits/limits.ts';
import { Meter } from './limits/meter.ts';
import { Gateway, type Admission } from './network/gateway.ts';
import { DEFAULT_NETWORK, type Network } from './network/network.ts';
import { machine, type Outside } from './network/outside.ts';
import { openMountSource, type MountSource } from './mount-source.ts';
import { mountsOf, type Shown } from './profile.ts';
import { SandboxError } from './sandbox-error.ts';
import type { Confined, Namespaces, SandboxEnd } from './confined.ts';
import { startConfined } from './start.ts';
import { ownUser, type User } from './user.ts';

/** A folder of the person's. */
export interface Mount {
  /** Its name inside: `/sessions/<session>/mnt/<name>`. */
  readonly name: string;
  /** Absolute and without symlinks, as `realpath` gives it. */
  readonly folder: string;
  readonly access: Access;
  /** What is there by name only, or kept as it is, from the moment the folder shows. */
  readonly covers?: readonly Cover[];
}

export interface SandboxOptions {
  /** Letters, digits, `-` and `_`. */
  readonly session: string;
  /** What runs inside, with the path that it has there; the sandbox ends with it. */
  readonly command: readonly [string, ...string[]];
  readonly mounts?: readonly Mount[];
  /** Files and folders of the host that are shown read-only, besides the system. */
  readonly shown?: readonly Shown[];
  /** Folders inside that are empty at the start and lost at the end, each with `scratchBytes` of its own. */
  readonly scratch?: readonly string[];
  /** What the command gets besides `PATH`, `HOME` and their like; nothing of this process is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly limits?: Partial<Limits>;
  /** Default: the loopback of its own, to which ports can be added. */
  readonly network?: Network;
  /** How the domains and computers that it may reach are found. Default: with this machine's names and network. */
  readonly outside?: Outside;
  /** Whose rights it has when this process is root's. Default: the owner of the first folder, or nobody. */
  readonly user?: User;
}

/** What it holds besides its processes. */
interface Parts {
  readonly options: SandboxOptions;
  readonly namespaces: Namespaces;
  readonly place: string;
  readonly meter: Meter;
}

const SESSION = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const NAME = /^(?!\.{1,2}$)[^/\u0000-\u001f\u007f]{1,128}$/u;

/**
 * A command in namespaces of its own, with a network that leads nowhere but through this process, no capabilities, a
 * filter of system calls, and of this machine's files only the system, read-only, and the folders that are mounted. All
 * its processes end with it.
 */
export class Sandbox {
  /** Where the folders are, inside. */
  readonly root: string;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly ended: Promise<SandboxEnd>;
  /** What does not hold as it should, in words for a person. */
  readonly weaknesses: readonly string[];
  readonly #confined: Confined;
  readonly #broker: Broker;
  readonly #gateway: Gateway;
  readonly #meter: Meter;
  readonly #left: Promise<void>;
  readonly #place: string;
  readonly #mounted = new Map<string, Mount>();

  private constructor(confined: Confined, { options, namespaces, place, meter }: Parts) {
    const { session, network = DEFAULT_NETWORK, outside = machine } = options;
    this.root = mountsOf(session);
    this.stdin = confined.stdin;
    this.stdout = confined.stdout;
    this.stderr = confined.stderr;
    this.ended = confined.ended;
    this.weaknesses = confined.weaknesses;
    this.#confined = confined;
    this.#broker = new Broker(confined.broker);
    this.#gateway = new Gateway({ network, namespaces, outside });
    this.#meter = meter;
    this.#place = place;
    this.#left = this.ended.then((end) => this.#leave(end, namespaces));
  }

  /**
   * Starts it, and lets the command begin when all folders are there.
   *
   * @throws SandboxError when any part of the confinement is not to be had: nothing has run then
   */
  static async open(options: SandboxOptions, signal: AbortSignal): Promise<Sandbox> {
    const { session, mounts = [], network = DEFAULT_NETWORK } = options;
    if (!SESSION.test(session)) {
      const hint = 'Use letters, digits, - and _, at most 64';
      throw new SandboxError('session_invalid', `${JSON.stringify(session)} is no name of a session`, {
        hint,
      });
    }
    const user = options.user ?? (await ownUser(mounts.map(({ folder }) => folder)));
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const place = await mkdtemp(join(tmpdir(), 'deskhand-sandbox-'));
    const group = await ControlGroup.make(limits, await ownHierarchy());
    try {
      const places = { shared: join(place, 'mnt'), staging: join(place, 'new') };
      await mkdir(places.shared);
      await mkdir(places.staging);
      const start = { ...options, ...places, place, limits, network, group, user };
      const confined = await startConfined(start, signal);
      const namespaces = await confined.namespaces();
      const meter = new Meter(limits, group, namespaces.scratch);
      const sandbox = new Sandbox(confined, { options, namespaces, place, meter });
      await sandbox.#begin(mounts, signal);
      return sandbox;
    } catch (error) {
      await rm(place, { recursive: true, force: true });
      await group?.remove();
      throw error;
    }
  }

  get mounts(): readonly Mount[] {
    return [...this.#mounted.values()];
  }

  /**
   * Mounts a folder, which is there for all processes inside when this returns.
   *
   * @throws SandboxError `mount_name_invalid`, `mount_name_taken`, `folder_missing`, `folder_unsafe` or `mount_failed`
   */
  async mount(mount: Mount): Promise<void> {
    this.#claim(mount);
    let source: MountSource | null = null;
    try {
      source = await openMountSource(mount.folder);
      await this.#broker.mount(mount.name, source, mount);
    } catch (error) {
      this.#mounted.delete(mount.name);
      throw error;
    } finally {
      await source?.close();
    }
  }

  /** Takes a folder away, also from processes that work in it: what they have open there stays open. */
  async unmount(name: string): Promise<void> {
    if (!this.#mounted.has(name)) throw this.#unknown(name);
    await this.#broker.unmount(name);
    this.#mounted.delete(name);
  }

  /**
   * Makes a port of this machine's loopback one of the loopback inside, from now on, for each connection that is
   * admitted.
   *
   * @throws SandboxError `port_refused`
   */
  async reach(port: number, signal: AbortSignal, isAdmitted?: Admission): Promise<void> {
    await this.#gateway.reach(port, signal, isAdmitted);
  }

  /**
   * Makes a port of the loopback inside one of this machine's loopback, for all who use this machine, for each
   * connection that is admitted.
   *
   * @throws SandboxError `port_refused`
   */
  async share(port: number, signal: AbortSignal, isAdmitted?: Admission): Promise<void> {
    await this.#gateway.share(port, signal, isAdmitted);
  }

  /** Takes a cover of a mounted folder away; processes see at once what is there. */
  async uncover(name: string, cover: Cover): Promise<void> {
    if (!this.#mounted.has(name)) throw this.#unknown(name);
    await this.#broker.uncover(name, cover);
  }

  /**
   * Limits that were hit since this was asked for the last time, and after the end also the one that the command ended
   * for. What other programs ended for is in their exit status: `limitOfExit`.
   */
  limitsHit(): Promise<readonly LimitHit[]> {
    return this.#meter.hits();
  }

  /** Ends all its processes and connections. */
  async close(): Promise<void> {
    this.#broker.end();
    await this.#gateway.close();
    await this.#confined.close();
    await this.#left;
    await rm(this.#place, { recursive: true, force: true });
  }

  async #begin(mounts: readonly Mount[], signal: AbortSignal): Promise<void> {
    try {
      for (const mount of mounts) await this.mount(mount);
      await this.#gateway.open(signal);
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#confined.begin();
  }

  async #leave({ exitCode }: SandboxEnd, { network, user }: Namespaces): Promise<void> {
    const metered = this.#meter.close(exitCode);
    await this.#gateway.close();
    await metered;
    await network.close();
    await user?.close();
  }

  #unknown(name: string): SandboxError {
    const hint = `Mounted are: ${[...this.#mounted.keys()].join(', ') || 'none'}`;
    return new SandboxError('mount_unknown', `nothing is mounted as ${name}`, { hint });
  }

  #claim(mount: Mount): void {
    const { name } = mount;
    if (!NAME.test(name)) {
      const hint = 'A name has no slash and no control characters, and at most 128 characters';
      throw new SandboxError('mount_name_invalid', `${JSON.stringify(name)} is no name of a folder`, {
        hint,
      });
    }
    if (this.#mounted.has(name)) {
      const hint = 'Choose another name, or unmount that one first';
      throw new SandboxError('mount_name_taken', `${name} is mounted already`, { hint });
    }
    this.#mounted.set(name, mount);
  }
}
