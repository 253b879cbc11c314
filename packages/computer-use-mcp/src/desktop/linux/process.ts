import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { DIALOG_MARK } from '@deskhand/grants';
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

interface Life {
  readonly startTime: string;
  /** Another one after each `exec`, which keeps the start time: where the stack and the arguments lie. */
  readonly image: string;
}

/** Fields 22, 28 and 48 of `/proc/<pid>/stat`; the process name before them may hold spaces and brackets. */
function lifeOf(pid: number): Life | null {
  const stat = procFile(pid, 'stat');
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  const startTime = fields[19];
  return startTime === undefined ? null : { startTime, image: `${fields[25] ?? ''}/${fields[45] ?? ''}` };
}

/** A process in a mount namespace of its own can see another file at the path than everybody else. */
function isAtPath(pid: number, executable: string): boolean {
  try {
    const running = statSync(`/proc/${pid}/exe`, { bigint: true });
    const found = statSync(executable, { bigint: true });
    return running.dev === found.dev && running.ino === found.ino;
  } catch {
    return false; // nothing there that we may look at
  }
}

/** A dialog of this project, of whichever server. */
function isDialog(pid: number): boolean {
  return (procFile(pid, 'environ') ?? '').split('\0').some((entry) => entry.startsWith(`${DIALOG_MARK}=`));
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
  readonly life: Life;
  readonly executable: string;
  readonly flatpakId: string | undefined;
  readonly snapId: string | undefined;
  readonly argv: readonly string[];
  readonly cwd: string | undefined;
  readonly isDialog: boolean;
}

/** The table is emptied when it reaches this size; most of it is then about processes that ended. */
const MAX_KNOWN = 256;

/**
 * Names processes by what the kernel says of them. Reads files of `/proc` at once, without waiting, so it may be
 * asked while the X server is grabbed. The executable and what tells one life of the process from the next are
 * read anew each time; the rest is remembered for as long as those stay the same.
 */
export class Processes {
  readonly #known = new Map<number, Traits>();

  identityOf(pid: number): AppIdentity | UnknownReason {
    const life = lifeOf(pid);
    if (life === null) return 'no_owner';
    let executable: string;
    let ownerUid: number;
    try {
      executable = readlinkSync(`/proc/${pid}/exe`);
      ownerUid = statSync(`/proc/${pid}`).uid;
    } catch {
      return 'executable_unreadable';
    }
    if (executable.endsWith(DELETED)) return 'executable_deleted';
    const { flatpakId, snapId, argv, cwd, isDialog } = this.#traits(pid, life, executable);
    const isSandboxed = flatpakId !== undefined || snapId !== undefined;
    if (!isSandboxed && !isAtPath(pid, executable)) return 'executable_deleted';
    return {
      platform: 'linux',
      executable,
      argv,
      pid,
      startTime: life.startTime,
      ownerUid,
      ...(isDialog ? { isSelf: true } : {}),
      ...(cwd === undefined ? {} : { cwd }),
      ...(flatpakId === undefined ? {} : { flatpakId }),
      ...(snapId === undefined ? {} : { snapId }),
    };
  }

  #traits(pid: number, life: Life, executable: string): Traits {
    const known = this.#known.get(pid);
    const isSameLife = known?.life.startTime === life.startTime && known.life.image === life.image;
    if (isSameLife && known.executable === executable) return known;
    const argv = (procFile(pid, 'cmdline') ?? '').split('\0').slice(0, -1);
    const traits = {
      life,
      executable,
      flatpakId: flatpakIdOf(pid),
      snapId: snapIdOf(pid),
      argv,
      cwd: cwdOf(pid),
      isDialog: isDialog(pid),
    };
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(pid, traits);
    return traits;
  }
}
