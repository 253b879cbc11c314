import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { Broker } from './broker.ts';
import type { Cover } from './cover.ts';
import { ControlGroup, ownHierarchy } from './limits/control-group.ts';
import type { LimitHit } from './limits/limit-hit.ts';
import { DEFAULT_LIMITS } from './limits/limits.ts';
import { Meter } from './limits/meter.ts';
import { Gateway, type Admission } from './network/gateway.ts';
import { DEFAULT_NETWORK } from './network/network.ts';
import { machine } from './network/outside.ts';
import { openMountSource, type MountSource } from './mount-source.ts';
import { Mounted } from './mounted.ts';
import { makeSandboxFolder, PARTS, sandboxParent, sweepSandboxFolders } from './sandbox-folder.ts';
import type { Mount, Sandbox, SandboxOptions } from './sandbox.ts';
import type { Confined, Namespaces, SandboxEnd } from './confined.ts';
import { startConfined } from './start.ts';
import { ownUser } from './user.ts';

/** What it holds besides its processes. */
interface Parts {
  readonly options: SandboxOptions;
  readonly namespaces: Namespaces;
  readonly place: string;
  readonly meter: Meter;
}

/**
 * A sandbox of Linux: namespaces of its own, no capabilities and a filter of system calls. All its processes end with
 * it.
 */
export class BubblewrapSandbox implements Sandbox {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly ended: Promise<SandboxEnd>;
  readonly weaknesses: readonly string[];
  readonly #confined: Confined;
  readonly #broker: Broker;
  readonly #gateway: Gateway;
  readonly #meter: Meter;
  readonly #left: Promise<void>;
  readonly #place: string;
  readonly #mounted = new Mounted();

  private constructor(confined: Confined, { options, namespaces, place, meter }: Parts) {
    const { network = DEFAULT_NETWORK, outside = machine } = options;
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

  /** @throws SandboxError when any part of the confinement is not to be had: nothing has run then */
  static async open(options: SandboxOptions, signal: AbortSignal): Promise<BubblewrapSandbox> {
    const { mounts = [], network = DEFAULT_NETWORK } = options;
    const user = options.user ?? (await ownUser(mounts.map(({ folder }) => folder)));
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const parent = await sandboxParent(user);
    const place = await makeSandboxFolder(parent);
    const group = await ControlGroup.make(limits, await ownHierarchy());
    try {
      const places = { shared: join(place, PARTS.shared), staging: join(place, PARTS.staging) };
      await mkdir(places.shared);
      await mkdir(places.staging);
      const start = { ...options, ...places, place, limits, network, group, user };
      const [confined] = await Promise.all([startConfined(start, signal), sweepSandboxFolders(parent)]);
      const namespaces = await confined.namespaces();
      const meter = new Meter(limits, group, namespaces.scratch);
      const sandbox = new BubblewrapSandbox(confined, { options, namespaces, place, meter });
      await sandbox.#begin(mounts, signal);
      return sandbox;
    } catch (error) {
      await rm(place, { recursive: true, force: true });
      await group?.remove();
      throw error;
    }
  }

  get mounts(): readonly Mount[] {
    return this.#mounted.all;
  }

  async mount(mount: Mount): Promise<void> {
    this.#mounted.claim(mount);
    let source: MountSource | null = null;
    try {
      source = await openMountSource(mount.folder);
      await this.#broker.mount(mount.name, source, mount);
    } catch (error) {
      this.#mounted.free(mount.name);
      throw error;
    } finally {
      await source?.close();
    }
  }

  async unmount(name: string): Promise<void> {
    this.#mounted.expect(name);
    await this.#broker.unmount(name);
    this.#mounted.free(name);
  }

  async reach(port: number, signal: AbortSignal, isAdmitted?: Admission): Promise<void> {
    await this.#gateway.reach(port, signal, isAdmitted);
  }

  async share(port: number, signal: AbortSignal, isAdmitted?: Admission): Promise<void> {
    await this.#gateway.share(port, signal, isAdmitted);
  }

  async uncover(name: string, cover: Cover): Promise<void> {
    this.#mounted.expect(name);
    await this.#broker.uncover(name, cover);
  }

  limitsHit(): Promise<readonly LimitHit[]> {
    return this.#meter.hits();
  }

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
}
