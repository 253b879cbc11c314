import type { CompoundCommand, CompoundList, Redirected } from 'unbash';
import type { Written } from './written.ts';

/** Stands in a word for what cannot be known before the command runs. */
export const UNKNOWN = '\0';

/** What of the world a command is judged in. */
export interface Surroundings {
  /** The folder that the shell is in. */
  readonly cwd: string;
  readonly home: string;
  /** Folders of the person's. */
  readonly mounts: readonly string[];
  /** Variables of the shell; others are unset. */
  readonly variables: Readonly<Record<string, string>>;
  readonly aliases?: Readonly<Record<string, string>>;
  /** What earlier commands wrote; this one adds to it. */
  readonly written?: Written;
  /** Files that it runs, by path, as they are now. */
  readonly scripts?: ReadonlyMap<string, Script>;
  /** A rule of the person's frees a file from being a secret for its name. */
  readonly isFreed?: (path: string) => boolean;
}

/** A file that a command runs. */
export interface Script {
  /** `null` for one that cannot be read, or is too large. */
  readonly text: string | null;
  /** An agent wrote it; else it is the person's own. */
  readonly isAgents: boolean;
}

/** More are as good as any. */
const MOST_FOLDERS = 32;

export type FunctionBody = CompoundCommand | Redirected | CompoundList;

/** Variables that the shell sets by itself. */
const OF_THE_SHELL =
  /^(\?|\$|!|_|-|\d+|@|\*|#|RANDOM|SECONDS|EPOCHSECONDS|LINENO|PPID|E?UID|OLDPWD|REPLY|HOSTNAME|BASH(?:_\w+)?|COPROC(?:_PID)?|MAPFILE|DIRSTACK|GROUPS|FUNCNAME|PIPESTATUS|OPTARG|OPTIND)$/;

/** What is known of the shell at one point of a script. */
export class Scope {
  readonly surroundings: Surroundings;
  /** Where it may be; `null` for anywhere. */
  cwds: readonly (string | null)[];
  variables: Map<string, string>;
  /** What each name may be; `null` where it may be none. */
  functions: Map<string, readonly (FunctionBody | null)[]>;
  /** What each may be: none is certain, since a line is read before what it says of aliases is done. */
  aliases: Map<string, readonly string[]>;
  /** Variables that a program which is started gets for certain. */
  exported: Set<string>;
  /** Variables that may be read-only. */
  fixed = new Set<string>();
  /** Variables that were given attributes, such as to be exported. */
  declared = new Set<string>();
  /** Something unknown ran in this shell: nothing is unset for certain any more. */
  isUncertain: boolean;

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings;
    this.cwds = [surroundings.cwd];
    this.variables = new Map(Object.entries(surroundings.variables));
    this.functions = new Map();
    this.aliases = new Map(Object.entries(surroundings.aliases ?? {}).map(([name, text]) => [name, [text]]));
    this.exported = new Set(Object.keys(surroundings.variables));
    this.isUncertain = false;
  }

  copy(surroundings = this.surroundings): Scope {
    const copy = new Scope(surroundings);
    copy.take(this);
    return copy;
  }

  /** Becomes what another one is. */
  take(other: Scope): void {
    this.cwds = other.cwds;
    this.isUncertain = other.isUncertain;
    this.variables = new Map(other.variables);
    this.functions = new Map(other.functions);
    this.aliases = new Map(other.aliases);
    this.exported = new Set(other.exported);
    this.fixed = new Set(other.fixed);
    this.declared = new Set(other.declared);
  }

  /** It may be as it is here, or as it is there. */
  merge(other: Scope): void {
    this.mayBeIn(other.cwds);
    this.isUncertain ||= other.isUncertain;
    for (const name of new Set([...this.variables.keys(), ...other.variables.keys()])) {
      if (this.value(name) !== other.value(name)) this.variables.set(name, UNKNOWN);
    }
    for (const name of new Set([...this.functions.keys(), ...other.functions.keys()]))
      this.functions.set(name, [...new Set([...this.bodies(name), ...other.bodies(name)])]);
    for (const [name, texts] of other.aliases)
      this.aliases.set(name, [...new Set([...(this.aliases.get(name) ?? []), ...texts])]);
    for (const name of this.exported) if (!other.exported.has(name)) this.exported.delete(name);
    for (const name of other.fixed) this.fixed.add(name);
    for (const name of other.declared) this.declared.add(name);
  }

  /** It may be in one of these folders, too. */
  mayBeIn(cwds: readonly (string | null)[]): void {
    const all = [...new Set([...this.cwds, ...cwds])];
    this.cwds = all.length > MOST_FOLDERS ? [null] : all;
  }

  /** The functions that a name may be. */
  bodies(name: string): readonly (FunctionBody | null)[] {
    return this.functions.get(name) ?? [null];
  }

  /** What of it a shell has that is started anew: what is exported, and perhaps the rest. */
  anew(): Scope {
    const copy = this.copy();
    for (const name of this.variables.keys()) if (!this.exported.has(name)) copy.maybe(name, '');
    for (const [name, bodies] of this.functions) copy.functions.set(name, [...new Set([...bodies, null])]);
    copy.variables.set('IFS', ' \t\n');
    copy.fixed.clear();
    return copy;
  }

  /** A read-only variable may stay what it is. */
  set(name: string, value: string): void {
    if (this.fixed.has(name)) this.maybe(name, value);
    else this.variables.set(name, value);
  }

  /** It is that, or what it is now. */
  maybe(name: string, value: string): void {
    if (this.value(name) !== value) this.variables.set(name, UNKNOWN);
  }

  value(name: string): string {
    const value = this.variables.get(name);
    if (value !== undefined) return value;
    if (name === 'PWD') return this.cwds.length === 1 ? (this.cwds[0] ?? UNKNOWN) : UNKNOWN;
    if (name === 'HOME') return this.surroundings.home;
    return this.isUncertain || OF_THE_SHELL.test(name) ? UNKNOWN : '';
  }

  forget(): void {
    this.isUncertain = true;
    this.cwds = [null];
    for (const name of this.variables.keys()) this.variables.set(name, UNKNOWN);
  }
}
