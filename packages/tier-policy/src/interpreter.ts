import type { AppIdentity } from './identity.ts';
import { INTERPRETERS, WINE, WRAPPER, type Interpreter } from './interpreters.ts';
import { baseName, isAbsolutePath, programName, resolvePath } from './path-text.ts';

/** How the program that an interpreter runs was found. */
export interface HostedProgram {
  /** The arguments that a grant is bound to, or `null` when nothing exact can be said. */
  readonly key: readonly string[] | null;
  /** Names under which the program may stand in the catalogue. */
  readonly names: readonly string[];
  /** The program's file when it is known. */
  readonly file: string | null;
  /** A Windows program, run by wine. */
  readonly isWindows: boolean;
  /** The part of the command line that all this was read from. */
  readonly argv: readonly string[];
}

const UNRESOLVED: HostedProgram = { key: null, names: [], file: null, isWindows: false, argv: [] };

/** Program files that are named by the folder they stand in. */
const GENERIC = /^(main|__main__|index|app|start|run|cli|launcher|bootstrap|electron-main)$/i;

/** Folders that say nothing about the program in them. */
const DULL =
  /^(app|app\.asar|resources|out|dist|build|lib|libexec|share|src|bin|usr|opt|main|current|\d.*)$/i;

const namesOfFile = (path: string): string[] => {
  const own = programName(path);
  if (!GENERIC.test(own)) return [own, baseName(path)];
  const folders = path
    .split(/[\\/]/)
    .slice(0, -1)
    .filter((part) => part !== '');
  const folder = folders.findLast((part) => !DULL.test(part));
  return folder === undefined ? [own] : [own, folder];
};

/** The same wherever the process was started. */
const isFixed = (arg: string): boolean => arg.startsWith('-') || arg.split(':').every(isAbsolutePath);

/** A command line that depends on the working directory is bound to it as well. */
const bound = (args: readonly string[], isFree: boolean, app: AppIdentity): readonly string[] | null => {
  if (isFree) return args;
  return app.cwd === undefined ? null : [...args, `@${app.cwd}`];
};

/** Everything counts: used where it is not certain which argument is the program. */
const wholeLine = (app: AppIdentity, rest: readonly string[]): HostedProgram => ({
  key: bound(rest, rest.every(isFixed), app),
  names: rest.filter((arg) => !arg.startsWith('-')).flatMap(namesOfFile),
  file: null,
  isWindows: false,
  argv: app.argv ?? [],
});

interface Main {
  readonly index: number;
  readonly isName: boolean;
}

const mainAt = (rest: readonly string[], index: number, isName: boolean): Main | null =>
  index < rest.length ? { index, isName } : null;

/** Where the program stands among the arguments; `null` when an option is not understood or there is none. */
const findMain = (kind: Interpreter, rest: readonly string[]): Main | null => {
  for (let index = 0; index < rest.length; index += 1) {
    const arg = rest[index] ?? '';
    if (kind.inline?.includes(arg) === true) return null;
    if (kind.module?.includes(arg) === true) return mainAt(rest, index + 1, true);
    if (kind.file?.includes(arg) === true) return mainAt(rest, index + 1, false);
    if (kind.valued?.includes(arg) === true || kind.paths?.includes(arg) === true) {
      index += 1;
    } else if (!kind.plain.test(arg)) {
      return /^[-@]/.test(arg) ? null : mainAt(rest, index, kind.bareIsName === true);
    }
  }
  return null;
};

/** A class found on a path of absolute places is the same from everywhere. */
const hasFixedPath = (kind: Interpreter, before: readonly string[]): boolean => {
  const places = before.filter((_, index) => kind.paths?.includes(before[index - 1] ?? '') === true);
  return places.length > 0 && places.every(isFixed);
};

const hosted = (kind: Interpreter, app: AppIdentity, rest: readonly string[]): HostedProgram => {
  const main = findMain(kind, rest);
  if (main === null) return wholeLine(app, rest);
  const word = rest[main.index] ?? '';
  const before = rest.slice(0, main.index);
  const argv = (app.argv ?? []).slice(0, main.index + 2);
  if (main.isName) {
    return {
      key: bound([...before, word], hasFixedPath(kind, before), app),
      names: [word, word.replace(/^[^/]*\//, '')],
      file: null,
      isWindows: false,
      argv,
    };
  }
  const file = resolvePath(word, app.cwd);
  return {
    key: file === null ? null : bound([...before, file], before.every(isFixed), app),
    names: namesOfFile(file ?? word),
    file,
    isWindows: false,
    argv,
  };
};

const wineProgram = (app: AppIdentity, argv: readonly string[]): HostedProgram => {
  const program = argv.find((arg) => /\.(exe|msi|bat|lnk)$/i.test(arg));
  if (program === undefined) return UNRESOLVED;
  const file = resolvePath(program, app.cwd);
  return {
    key: file === null ? null : [file],
    names: namesOfFile(program),
    file,
    isWindows: true,
    argv: [program],
  };
};

/**
 * The program that an interpreter runs, from its command line; `null` when the executable is no interpreter.
 * Where an option is not understood, or the program is a text on the command line, the whole command line
 * stands for the program.
 */
export const hostedProgram = (app: AppIdentity): HostedProgram | null => {
  if (app.executable === null) return null;
  const name = baseName(app.executable).replace(/\.exe$/i, '');
  const argv = app.argv ?? [];
  if (WINE.test(name)) return wineProgram(app, argv);
  const rest = argv.slice(1);
  const kind = INTERPRETERS.find(({ exe }) => exe.test(name));
  if (kind === undefined && !WRAPPER.test(name)) return null;
  if (rest.length === 0) return UNRESOLVED;
  return kind === undefined ? wholeLine(app, rest) : hosted(kind, app, rest);
};
