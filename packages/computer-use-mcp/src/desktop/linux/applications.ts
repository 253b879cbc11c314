import { closeSync, openSync, readFileSync, readSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { parseDesktopEntry } from '../../core/desktop-entry.ts';

/** An application that can be started: a name for people, the command, and the file that will run. */
export interface InstalledApplication {
  readonly name: string;
  readonly argv: readonly string[];
  /** Links resolved and shell wrappers seen through, as `/proc/<pid>/exe` will name it. */
  readonly executable: string;
}

export interface ApplicationFolders {
  /** Folders with `.desktop` files, the person's own first. */
  readonly desktopEntries: readonly string[];
  /** The folders of `PATH`. */
  readonly commands: readonly string[];
}

/** Where a Linux desktop keeps its applications (XDG Base Directory Specification 0.8). */
export function applicationFolders(env: Readonly<Record<string, string | undefined>>): ApplicationFolders {
  const home = env['HOME'] ?? '/';
  const data = [
    env['XDG_DATA_HOME'] ?? join(home, '.local/share'),
    ...(env['XDG_DATA_DIRS'] ?? '/usr/local/share:/usr/share').split(delimiter),
    join(home, '.local/share/flatpak/exports/share'),
    '/var/lib/flatpak/exports/share',
  ];
  return {
    desktopEntries: [...new Set(data.map((folder) => join(folder, 'applications')))],
    commands: (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
  };
}

/** Every application with a desktop entry. */
export function installedApplications(folders: ApplicationFolders): readonly InstalledApplication[] {
  const found = new Map<string, InstalledApplication>();
  for (const folder of folders.desktopEntries) {
    for (const file of filesOf(folder)) {
      const id = file.replace(/\.desktop$/, '');
      if (!file.endsWith('.desktop') || found.has(id)) continue;
      const entry = parseDesktopEntry(id, readFileSync(join(folder, file), 'utf8'));
      const executable = entry?.argv[0] === undefined ? null : findCommand(entry.argv[0], folders);
      if (entry !== null && executable !== null)
        found.set(id, { name: entry.name, argv: entry.argv, executable });
    }
  }
  return [...found.values()];
}

/** The file that runs for a command name or an absolute path; `null` when there is none. */
export function findCommand(command: string, { commands }: ApplicationFolders): string | null {
  const candidates = command.startsWith('/') ? [command] : commands.map((folder) => join(folder, command));
  for (const candidate of command.includes('/') && !command.startsWith('/') ? [] : candidates) {
    const path = executableFile(candidate);
    if (path !== null) return behindWrapper(path, basename(candidate));
  }
  return null;
}

/** Distributions start some programs by a shell script of the same name beside the libraries. */
function behindWrapper(path: string, name: string): string {
  if (!isScript(path)) return path;
  const places = [
    `/usr/lib/${name}/${name}`,
    `/usr/lib64/${name}/${name}`,
    `/usr/libexec/${name}`,
    `/opt/${name}/${name}`,
  ];
  return places.map(executableFile).find((place) => place !== null && !isScript(place)) ?? path;
}

function executableFile(path: string): string | null {
  try {
    const real = realpathSync(path);
    const stat = statSync(real);
    return stat.isFile() && (stat.mode & 0o111) !== 0 ? real : null;
  } catch {
    return null; // not there, or not for us to see
  }
}

const isScript = (path: string): boolean => startOf(path, 2).toString('latin1') === '#!';

/** The first bytes of a file; none when it cannot be read. */
export function startOf(path: string, length: number): Buffer {
  try {
    const file = openSync(path, 'r');
    try {
      const start = Buffer.alloc(length);
      return start.subarray(0, readSync(file, start, 0, length, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return Buffer.alloc(0); // not for us to read: then it is no script that we could start either
  }
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // most of the folders do not exist on most machines
  }
}
