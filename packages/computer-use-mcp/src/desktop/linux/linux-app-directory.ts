import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import type { AppIdentity } from '@deskhand/tier-policy';
import type { AppDirectory, KnownApp } from '../../app-directory.ts';
import { applicationFolders, findCommand, installedApplications, startOf } from './applications.ts';

/** The kernel reads no more of a script's first line. */
const SHEBANG_MAX = 256;

export interface LinuxAppDirectoryOptions {
  /** Environment of what is started; also says where applications are. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Applications of a Linux desktop: its menu entries and the commands of `PATH`. */
export function linuxAppDirectory({ env }: LinuxAppDirectoryOptions): AppDirectory {
  const folders = applicationFolders(env);
  const known = (executable: string, name: string, argv: readonly string[]): KnownApp => ({
    identity: identityOfFile(executable, (command) => findCommand(command, folders)),
    name,
    argv,
  });
  return {
    installed: () =>
      installedApplications(folders).map(({ executable, name, argv }) => known(executable, name, argv)),
    command(name) {
      const executable = findCommand(name, folders);
      return executable === null ? null : known(executable, basename(name), [name]);
    },
    start: ([command = '', ...args]) =>
      new Promise((resolve, reject) => {
        const child = spawn(command, args, { env, detached: true, stdio: 'ignore' });
        child.once('error', reject);
        child.once('spawn', () => {
          child.unref();
          resolve({ pid: child.pid ?? 0 });
        });
      }),
  };
}

/** What a process of this file will be: for a script, its interpreter with the script as argument. */
function identityOfFile(executable: string, find: (command: string) => string | null): AppIdentity {
  const base = { platform: 'linux', pid: 0, ownerUid: null } as const;
  const [interpreter, argument] = shebangOf(executable);
  if (interpreter === undefined) return { ...base, executable, argv: [executable] };
  const command = basename(interpreter) === 'env' && argument !== undefined ? argument : interpreter;
  return { ...base, executable: find(command), argv: [command, executable] };
}

function shebangOf(path: string): readonly string[] {
  const start = startOf(path, SHEBANG_MAX).toString('latin1');
  return start.startsWith('#!') ? (start.slice(2).split('\n')[0] ?? '').trim().split(/\s+/) : [];
}
