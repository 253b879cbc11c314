import { access, constants, open, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { mountsOf, SYSTEM_PATH, type Shown } from './profile.ts';
import { SandboxError } from './sandbox-error.ts';

/** A command as it is started on this machine. */
export interface HostCommand {
  readonly command: readonly [string, ...string[]];
  /** Where relative paths begin. */
  readonly cwd: string;
  /** Where programs are looked for: a `PATH`. */
  readonly path: string;
  /** Name of the session that it will be in, and folders of it. */
  readonly session: string;
  readonly mounts?: readonly { readonly name: string; readonly folder: string }[];
  /** Default: that of this machine. */
  readonly platform?: NodeJS.Platform;
}

/** The same as a sandbox starts it. */
export interface InsideCommand {
  readonly command: readonly [string, ...string[]];
  /** The program, the interpreter of it, and the packages that they are in. */
  readonly shown: readonly Shown[];
  readonly env: { readonly PATH: string };
}

const SCRIPT = /\.(?:[cm]?[jt]s|py|rb|php|sh|jar)$/;
const PACKAGE_MARKS = ['package.json', 'pyproject.toml', 'pyvenv.cfg'];
/** `#!/usr/bin/env -S node --flag` or `#!/opt/python/bin/python3`, at most as long as the kernel reads. */
const SHEBANG = /^#!\s*(?:\S*\/env\s+(?:-\S+\s+)*)?(?<interpreter>\S+)/;
const SHEBANG_BYTES = 256;
const VENV = '../../pyvenv.cfg';
const IN_SYSTEM = /^\/(?:usr|bin|sbin|lib\w*)\//;

/**
 * Finds what a command of this machine needs to be seen to run in a sandbox, where it has the same paths. A word that is
 * a mounted folder, or is in one, becomes its path inside, where that is another.
 *
 * @throws SandboxError `program_missing`
 */
export async function insideCommand(host: HostCommand): Promise<InsideCommand> {
  const [word, ...args] = host.command;
  const programs = await withInterpreters(await located(word, host), host);
  const script = await scriptAmong(args, host.cwd);
  const files = [...programs, ...(script === null ? [] : [script.file])];
  const shown = new Set((await Promise.all(files.map(neededBy))).flat());
  const places = [...programs.map(dirname), ...SYSTEM_PATH.split(delimiter)];
  return {
    command: [
      programs[0] ?? word,
      ...args.map((arg) => (arg === script?.arg ? script.file : mounted(arg, host))),
    ],
    shown: outermost([...shown]).map((path) => ({ source: path, at: path })),
    env: { PATH: [...new Set(places)].join(delimiter) },
  };
}

async function located(word: string, { cwd, path }: Pick<HostCommand, 'cwd' | 'path'>): Promise<string> {
  const folders = word.includes('/') ? [cwd] : path.split(delimiter).filter(isAbsolute);
  for (const folder of folders) {
    const file = resolve(folder, word);
    // a virtual environment of Python is known by where its program is
    if (await isProgram(file)) return (await isThere(join(file, VENV))) ? file : realpath(file);
  }
  throw new SandboxError('program_missing', `there is no program ${word} to start`, {
    hint: word.includes('/') ? `Look at it with: ls -l ${word}` : `Install it, or give its whole path`,
  });
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    // not there, or not for this user
    return false;
  }
}

/** A program, and what runs it, and what runs that. */
async function withInterpreters(program: string, host: HostCommand): Promise<readonly string[]> {
  const interpreter = SHEBANG.exec(await beginningOf(program))?.groups?.['interpreter'];
  if (interpreter === undefined) return [...new Set([program, await realpath(program)])];
  const file = await located(interpreter, host);
  return file === program ? [program] : [program, ...(await withInterpreters(file, host))];
}

async function beginningOf(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SHEBANG_BYTES), 0, SHEBANG_BYTES, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function scriptAmong(
  args: readonly string[],
  cwd: string,
): Promise<{ readonly arg: string; readonly file: string } | null> {
  for (const arg of args.filter((one) => SCRIPT.test(one))) {
    const file = resolve(cwd, arg);
    if (await isThere(file)) return { arg, file: await realpath(file) };
  }
  return null;
}

/** A file with the package that it is in, and the packages which that loads. */
async function neededBy(file: string): Promise<readonly string[]> {
  if (IN_SYSTEM.test(file)) return [];
  const above = foldersAbove(file).filter((folder) => !hasHome(folder));
  const marked = await firstOf(above, (folder) => anyThere(PACKAGE_MARKS.map((name) => join(folder, name))));
  const modules = foldersAbove(file)
    .filter((folder) => basename(folder) !== 'node_modules')
    .map((folder) => join(folder, 'node_modules'));
  return [
    file,
    ...(marked === null ? [] : [marked]),
    ...(await thoseThere(modules)),
    ...(await libraries(file)),
  ];
}

/** What an interpreter that is not the system's loads from beside it. */
async function libraries(file: string): Promise<readonly string[]> {
  const lib = join(dirname(file), '../lib');
  const name = basename(file);
  if (/^node$/.test(name)) return thoseThere([join(lib, 'node_modules')]);
  const isWhole = /^python3\.\d+$/.test(name) && (await isThere(join(lib, name, 'os.py')));
  return isWhole ? [lib] : [];
}

/** From the nearest to the farthest, without the root. */
function foldersAbove(file: string): readonly string[] {
  const folder = dirname(file);
  return folder === '/' ? [] : [folder, ...foldersAbove(folder)];
}

function hasHome(folder: string): boolean {
  try {
    return `${homedir()}/`.startsWith(`${folder}/`);
  } catch {
    // the system knows no home of this user, so that none can be shown
    return false;
  }
}

const outermost = (paths: readonly string[]): readonly string[] =>
  paths.filter((path) => !paths.some((other) => path.startsWith(`${other}/`)));

function mounted(arg: string, { session, mounts = [], platform = process.platform }: HostCommand): string {
  // there all paths are those of the machine
  if (platform === 'darwin') return arg;
  const mount = mounts.find(({ folder }) => arg === folder || arg.startsWith(`${folder}/`));
  return mount === undefined ? arg : `${mountsOf(session)}/${mount.name}${arg.slice(mount.folder.length)}`;
}

async function firstOf(
  all: readonly string[],
  test: (one: string) => Promise<boolean>,
): Promise<string | null> {
  for (const one of all) if (await test(one)) return one;
  return null;
}

const anyThere = async (paths: readonly string[]): Promise<boolean> => (await thoseThere(paths)).length > 0;

async function thoseThere(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(paths.map(async (path) => ((await isThere(path)) ? [path] : [])));
  return found.flat();
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
