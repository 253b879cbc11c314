import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Limits } from './limits.ts';

/** Where control groups are, and which ones this process is in: the words of `/proc/self/cgroup`. */
export interface Hierarchy {
  readonly root: string;
  readonly own: string;
}

/** How often a limit of all processes together was hit. */
export interface Counts {
  /** Processes that were ended for want of memory. */
  readonly memory: number;
  /** Processes and threads that were not made. */
  readonly processes: number;
}

/** A file of one controller, and what is written to it. */
type Setting = readonly [file: string, value: number];

interface Controller {
  readonly parent: string;
  readonly settings: readonly Setting[];
}

const run = promisify(execFile);

const NAME = /^deskhand-(?<owner>\d+)-/;
/** Whether a process can be moved into the groups is only known by moving one. */
const JOIN = 'for group; do echo 0 > "$group/cgroup.procs" || exit 71; done';
const TRIES = 200;
const BETWEEN_TRIES_MS = 25;

export const ownHierarchy = async (): Promise<Hierarchy> => ({
  root: '/sys/fs/cgroup',
  own: await readFile('/proc/self/cgroup', 'utf8'),
});

/** Holds all processes of a sandbox together: in one group of version 2, or in two of version 1. */
export class ControlGroup {
  readonly folders: readonly string[];

  private constructor(folders: readonly string[]) {
    this.folders = folders;
  }

  /** Gives `null` where this process may make none. */
  static async make(limits: Limits, hierarchy: Hierarchy): Promise<ControlGroup | null> {
    const name = `deskhand-${process.pid}-${randomUUID()}`;
    const made: string[] = [];
    try {
      for (const { parent, settings } of await controllersIn(hierarchy, limits)) {
        await removeStale(parent);
        const folder = join(parent, name);
        await mkdir(folder);
        made.push(folder);
        for (const [file, value] of settings) await writeFile(join(folder, file), `${value}`);
      }
      if (made.length > 0) {
        await run('/bin/sh', ['-c', JOIN, 'sh', ...made]);
        return new ControlGroup(made);
      }
    } catch {
      // they are not this process's to make: each process is limited then
    }
    await Promise.all(made.map(remove));
    return null;
  }

  async counts(): Promise<Counts> {
    return {
      memory: await this.#count(/^oom_kill (?<count>\d+)$/m, ['memory.events', 'memory.oom_control']),
      processes: await this.#count(/^max (?<count>\d+)$/m, ['pids.events']),
    };
  }

  /** Waits for the end of its processes, which somebody else sees to. */
  async remove(): Promise<void> {
    await Promise.all(this.folders.map(remove));
  }

  async #count(shape: RegExp, files: readonly string[]): Promise<number> {
    const paths = this.folders.flatMap((folder) => files.map((file) => join(folder, file)));
    const counts = paths.map(async (path) =>
      Number(shape.exec(await contentOf(path))?.groups?.['count'] ?? 0),
    );
    return Math.max(...(await Promise.all(counts)));
  }
}

async function controllersIn({ root, own }: Hierarchy, limits: Limits): Promise<readonly Controller[]> {
  const { memoryBytes, processes } = limits;
  const unified = /^0::(?<path>\/.+)$/m.exec(own)?.groups?.['path'];
  const parent = unified === undefined ? null : dirname(join(root, unified));
  const given = parent === null ? '' : await contentOf(join(parent, 'cgroup.subtree_control'));
  // a group with processes of its own gives its children nothing: the new one is beside this process's
  if (parent !== null && ['memory', 'pids'].every((name) => given.split(/\s+/).includes(name))) {
    const settings: Setting[] = [
      ['memory.max', memoryBytes],
      ['pids.max', processes],
    ];
    return [{ parent, settings }];
  }
  const folderOf = (controller: string): string | null => {
    const path = new RegExp(`^\\d+:${controller}:(?<path>/.*)$`, 'm').exec(own)?.groups?.['path'];
    return path === undefined ? null : join(root, controller, path);
  };
  const [memory, pids] = [folderOf('memory'), folderOf('pids')];
  if (memory === null || pids === null) return [];
  return [
    { parent: memory, settings: [['memory.limit_in_bytes', memoryBytes]] },
    { parent: pids, settings: [['pids.max', processes]] },
  ];
}

/** Those of processes that were killed; the kernel removes none that is in use. */
async function removeStale(parent: string): Promise<void> {
  const stale = (await readdir(parent)).filter((name) => {
    const owner = NAME.exec(name)?.groups?.['owner'];
    return owner !== undefined && !isAlive(Number(owner));
  });
  await Promise.all(stale.map((name) => rmdir(join(parent, name)).catch(() => undefined)));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM is said of what is there
    return error instanceof Error && 'code' in error && error.code !== 'ESRCH';
  }
}

async function remove(folder: string): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      await rmdir(folder);
      return;
    } catch (error) {
      const isBusy = error instanceof Error && 'code' in error && error.code === 'EBUSY';
      if (!isBusy) return;
    }
    // version 1 tells nobody when the last process has gone
    await pause(BETWEEN_TRIES_MS);
  }
}

async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // this version has no such file
    return '';
  }
}
