import type { Readable, Writable } from 'node:stream';
import type { Access } from './broker.ts';
import { BubblewrapSandbox } from './bubblewrap-sandbox.ts';
import type { SandboxEnd } from './confined.ts';
import type { Cover } from './cover.ts';
import type { LimitHit } from './limits/limit-hit.ts';
import type { Limits } from './limits/limits.ts';
import type { Admission } from './network/gateway.ts';
import type { Network } from './network/network.ts';
import type { Outside } from './network/outside.ts';
import type { Shown } from './profile.ts';
import { SandboxError } from './sandbox-error.ts';
import { SeatbeltSandbox } from './seatbelt/seatbelt-sandbox.ts';
import type { User } from './user.ts';

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

/**
 * A command that is confined: with a network that leads nowhere but through this process, and of this machine's files
 * only the system, read-only, and the folders that are mounted. What of it does not hold is among its weaknesses.
 */
export interface Sandbox {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly ended: Promise<SandboxEnd>;
  /** What does not hold as it should, in words for a person. */
  readonly weaknesses: readonly string[];
  readonly mounts: readonly Mount[];

  /**
   * Mounts a folder, which is there for all processes inside when this returns.
   *
   * @throws SandboxError `mount_name_invalid`, `mount_name_taken`, `folder_missing`, `folder_unsafe` or `mount_failed`
   */
  mount(mount: Mount): Promise<void>;

  /** Takes a folder away, also from processes that work in it: what they have open there stays open. */
  unmount(name: string): Promise<void>;

  /** Takes a cover of a mounted folder away; processes see at once what is there. */
  uncover(name: string, cover: Cover): Promise<void>;

  /**
   * Makes a port of this machine's loopback one of the loopback inside, from now on, for each connection that is
   * admitted.
   *
   * @throws SandboxError `port_refused`
   */
  reach(port: number, signal: AbortSignal, isAdmitted?: Admission): Promise<void>;

  /**
   * Makes a port of the loopback inside one of this machine's loopback, for all who use this machine, for each
   * connection that is admitted.
   *
   * @throws SandboxError `port_refused`
   */
  share(port: number, signal: AbortSignal, isAdmitted?: Admission): Promise<void>;

  /**
   * Limits that were hit since this was asked for the last time, and after the end also the one that the command ended
   * for. What other programs ended for is in their exit status: `limitOfExit`.
   */
  limitsHit(): Promise<readonly LimitHit[]>;

  /** Ends all its processes and connections. */
  close(): Promise<void>;
}

const SESSION = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export const Sandbox = {
  /**
   * Starts it, and lets the command begin when all folders are there.
   *
   * @throws SandboxError when any part of the confinement is not to be had: nothing has run then
   */
  async open(options: SandboxOptions, signal: AbortSignal): Promise<Sandbox> {
    if (!SESSION.test(options.session)) {
      const words = `${JSON.stringify(options.session)} is no name of a session`;
      throw new SandboxError('session_invalid', words, {
        hint: 'Use letters, digits, - and _, at most 64',
      });
    }
    const adapter = process.platform === 'darwin' ? SeatbeltSandbox : BubblewrapSandbox;
    return adapter.open(options, signal);
  },
};
