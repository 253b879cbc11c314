import { readFileSync, readlinkSync, statSync } from 'node:fs';
import type { AppIdentity, UnknownReason } from '@deskhand/tier-policy';

const DELETED = ' (deleted)';

/** Text of a file of the process, or `null` when the process ended or may not be read. */
function procFile(pid: number, name: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return null; // ended, or another person's process: both are unknown to the caller
  }
}

/** Field 22 of `/proc/<pid>/stat`; the process name before it may hold spaces and brackets. */
function startTimeOf(pid: number): string | null {
  const stat = procFile(pid, 'stat');
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

function flatpakIdOf(pid: number): string | undefined {
  const info = procFile(pid, 'root/.flatpak-info');
  return info === null ? undefined : /^name=(.+)$/m.exec(info)?.[1];
}

function snapIdOf(pid: number): string | undefined {
  const cgroup = procFile(pid, 'cgroup');
  return cgroup === null ? undefined : /\/snap\.([^.]+)\./.exec(cgroup)?.[1];
}

/** The folder in which the process was when it was first seen: where a relative program path of its belongs. */
function cwdOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined; // another person's process, or it ended
  }
}

/** What cannot change while a process runs one executable. */
interface Traits {
  readonly startTime: string;
  readonly executable: string;
  readonly flatpakId: string | undefined;
  readonly snapId: string | undefined;
  readonly argv: readonly string[];
  readonly cwd: string | undefined;
}

/** The table is emptied when it reaches this size; most of it is then about processes that ended. */
const MAX_KNOWN = 256;

/**
 * Names processes by what the kernel says of them. Reads files of `/proc` at once, without waiting, so it may be
 * asked while the X server is grabbed. The executable and the start time are read anew each time; the rest is
 * remembered for as long as those two stay the same.
 */
export class Processes {
  readonly #known = new Map<number, Traits>();

  identityOf(pid: number): AppIdentity | UnknownReason {
    const startTime = startTimeOf(pid);
    if (startTime === null) return 'no_owner';
    let executable: string;
    let ownerUid: number;
    try {
      executable = readlinkSync(`/proc/${pid}/exe`);
      ownerUid = statSync(`/proc/${pid}`).uid;
    } catch {
      return 'executable_unreadable';
    }
    if (executable.endsWith(DELETED)) return 'executable_deleted';
    const { flatpakId, snapId, argv, cwd } = this.#traits(pid, startTime, executable);
    return {
      platform: 'linux',
      executable,
      argv,
      pid,
      startTime,
      ownerUid,
      ...(cwd === undefined ? {} : { cwd }),
      ...(flatpakId === undefined ? {} : { flatpakId }),
      ...(snapId === undefined ? {} : { snapId }),
    };
  }

  #traits(pid: number, startTime: string, executable: string): Traits {
    const known = this.#known.get(pid);
    if (known?.startTime === startTime && known.executable === executable) return known;
    const argv = (procFile(pid, 'cmdline') ?? '').split('\0').slice(0, -1);
    const traits = {
      startTime,
      executable,
      flatpakId: flatpakIdOf(pid),
      snapId: snapIdOf(pid),
      argv,
      cwd: cwdOf(pid),
    };
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(pid, traits);
    return traits;
  }
}
