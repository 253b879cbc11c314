import type { AppIdentity, Subject } from '@deskhand/tier-policy';
import type { ListedWindow } from './libraries.ts';

const NO_OWNER: Subject = { kind: 'unknown', reason: 'no_owner' };
const UNREADABLE: Subject = { kind: 'unknown', reason: 'executable_unreadable' };

export interface OwnerSources {
  readonly platform: 'macos' | 'windows';
  /** Tells our own dialogs by process id: no tool may touch or show them. */
  readonly isOwnDialog: (pid: number) => boolean;
  /** Executables of running processes, by the kernel's word. */
  readonly executablesOf: (pids: readonly number[]) => Promise<ReadonlyMap<number, string>>;
}

/**
 * Names the owners of windows as the window system tells them. On macOS it tells the bundle, and the executable is
 * that of the process, which has to lie in the bundle.
 */
export async function ownersOf(
  windows: readonly ListedWindow[],
  { platform, isOwnDialog, executablesOf }: OwnerSources,
): Promise<readonly Subject[]> {
  const pids = [...new Set(windows.map(({ owner }) => owner.processId))].filter((pid) => pid > 0);
  const executables = platform === 'macos' ? await executablesOf(pids) : new Map<number, string>();
  return windows.map(({ owner: { processId: pid, path = '', bundleId } }): Subject => {
    if (pid <= 0) return NO_OWNER;
    const executable = platform === 'windows' ? path : (executables.get(pid) ?? '');
    if (path === '' || executable === '') return UNREADABLE;
    if (platform === 'macos' && executable !== path && !executable.startsWith(`${path}/`)) return UNREADABLE;
    const app: AppIdentity = {
      platform,
      executable,
      pid,
      ownerUid: null,
      ...(bundleId === undefined || bundleId === '' ? {} : { bundleId }),
      ...(isOwnDialog(pid) ? { isSelf: true } : {}),
    };
    return { kind: 'app', app };
  });
}
