import { nameOf } from '../files/byte-names.ts';

/** What a shell is after a command. */
export interface ShellState {
  readonly cwd: string;
  /** Variables, functions and aliases, as a script that makes them again; options are among the variables. */
  readonly script: Buffer;
}

/** What a shell tells when a command is over. */
export interface Report extends ShellState {
  readonly name: string;
  readonly status: number;
}

// bash writes every line of it by itself, and every command waits for them
const DUMP = String.raw`\builtin declare -p; \builtin declare -f; \builtin alias -p; \builtin printf '\0';`;

/** Prints a report: its name, a status, the folder and the state, each with a NUL behind. */
export const report = (name: string, status: string): string =>
  String.raw`\builtin printf '%s\0' ${name} "${status}" "$PWD"; ${DUMP}`;

/** The first report in these bytes, and what is behind it; `null` while it is not whole. */
export function reportIn(bytes: Buffer): { readonly report: Report; readonly rest: Buffer } | null {
  const ends: number[] = [];
  for (let end = bytes.indexOf(0); end >= 0 && ends.length < 4; end = bytes.indexOf(0, end + 1))
    ends.push(end);
  const [name, status, cwd, state] = ends;
  if (name === undefined || status === undefined || cwd === undefined || state === undefined) return null;
  return {
    report: {
      name: bytes.toString('utf8', 0, name),
      status: Number(bytes.toString('utf8', name + 1, status)),
      cwd: nameOf(bytes.subarray(status + 1, cwd)),
      script: bytes.subarray(cwd + 1, state),
    },
    rest: Buffer.from(bytes.subarray(state + 1)),
  };
}

/** What decides how a shell goes on after a failure, and like it: off in every new shell. */
const LASTING = /^(?:allexport|errexit|errtrace|functrace|noclobber|noglob|nounset|physical|pipefail)$/;

/** Lines that set the options of a shell that is made again: before all else, and last. */
export function optionsIn(script: string): { readonly first: string; readonly last: string } {
  const on = (variable: string): readonly string[] =>
    new RegExp(`^declare -\\w+ ${variable}="([\\w:-]+)"$`, 'm').exec(script)?.[1]?.split(':') ?? [];
  const shopts = on('BASHOPTS');
  return {
    first:
      shopts.length === 0
        ? ''
        : `{ \\builtin shopt -u $(compgen -A shopt); \\builtin shopt -s ${shopts.join(' ')}; } 2>/dev/null\n`,
    last: on('SHELLOPTS')
      .filter((option) => LASTING.test(option))
      .map((option) => `\\builtin set -o ${option}\n`)
      .join(''),
  };
}
