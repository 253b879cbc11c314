/** What a shell is after a command. */
export interface ShellState {
  readonly cwd: string;
  /** Variables, functions, aliases and options, as a script that makes them again. */
  readonly script: Buffer;
}

/** What a shell tells when a command is over. */
export interface Report extends ShellState {
  readonly name: string;
  readonly status: number;
}

const DUMP = String.raw`\builtin declare -p; \builtin declare -f; \builtin alias -p; \builtin shopt -p; \builtin set +o; \builtin printf '\0';`;

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
      cwd: bytes.toString('utf8', status + 1, cwd),
      script: bytes.subarray(cwd + 1, state),
    },
    rest: Buffer.from(bytes.subarray(state + 1)),
  };
}
