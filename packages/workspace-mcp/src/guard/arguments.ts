import type { Field } from './words.ts';

/** The arguments of a command, parted as most commands do it. */
export interface Arguments {
  readonly options: readonly string[];
  readonly operands: readonly Field[];
}

/** Parts options from operands; `--` ends the options. */
export function argumentsOf(fields: readonly Field[], withValue: readonly string[] = []): Arguments {
  const options: string[] = [];
  const operands: Field[] = [];
  let isOver = false;
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at];
    if (field === undefined) break;
    const { text } = field;
    if (isOver || !/^-./.test(text)) operands.push(field);
    else if (text === '--') isOver = true;
    else {
      options.push(text);
      if (withValue.includes(text)) options.push(fields[(at += 1)]?.text ?? '');
    }
  }
  return { options, operands };
}

/** True for `-r`, for `-fr`, and for a long form. */
export const hasOption = (options: readonly string[], letters: string, ...long: readonly string[]): boolean =>
  options.some((option) =>
    option.startsWith('--')
      ? long.some(
          (name) => name === option || (option.length > 3 && name.startsWith(option.split('=')[0] ?? option)),
        )
      : option.startsWith('-') && Array.from(letters).some((letter) => option.slice(1).includes(letter)),
  );

/** A command that starts another one: where that begins. */
interface Wrapper {
  /** Options that take the next word. */
  readonly values?: readonly string[];
  /** Words of its own before the command, such as the time of `timeout`. */
  readonly operands?: number;
  /** It takes `NAME=VALUE` before the command. */
  readonly assigns?: boolean;
}

export const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  env: { values: ['-u', '--unset', '-C', '--chdir'], assigns: true },
  sudo: { values: ['-u', '-g', '-h', '-p', '-C', '-D', '-R', '-T', '--user', '--group'], assigns: true },
  doas: { values: ['-u', '-C'] },
  timeout: { values: ['-s', '-k', '--signal', '--kill-after'], operands: 1 },
  nice: { values: ['-n', '--adjustment'] },
  ionice: { values: ['-c', '-n', '--class', '--classdata'] },
  chrt: { operands: 1 },
  taskset: { operands: 1 },
  nohup: {},
  setsid: {},
  stdbuf: { values: ['-i', '-o', '-e'] },
  unbuffer: {},
  command: {},
  builtin: {},
  exec: { values: ['-a'] },
  time: { values: ['-f', '-o'] },
  chronic: {},
  busybox: {},
  toybox: {},
  xargs: {
    values: ['-a', '-d', '-E', '-I', '-L', '-n', '-P', '-s', '--max-args', '--delimiter'],
  },
  watch: { values: ['-n', '--interval'] },
  flock: { values: ['-w', '-E', '--timeout'], operands: 1 },
  strace: { values: ['-e', '-o', '-p', '-s', '-u'] },
  ltrace: { values: ['-e', '-o'] },
  parallel: { values: ['-j', '--jobs'] },
  coproc: {},
  fakeroot: { values: ['-l', '-s', '-i', '-b'] },
  'xvfb-run': { values: ['-n', '-s', '-e', '-f', '-p', '-w', '--server-num', '--server-args'] },
  'dbus-run-session': {},
  prlimit: { values: ['-o', '-p'] },
  valgrind: {},
  rlwrap: {},
};

export interface Peeled {
  readonly fields: readonly Field[];
  readonly assignments: readonly string[];
}

/** What is behind a wrapper; empty when that is all there is. */
export function peel(name: string, fields: readonly Field[]): Peeled {
  const { values = [], operands = 0, assigns = false } = WRAPPERS[name] ?? {};
  const assignments: string[] = [];
  let [at, left] = [0, operands];
  for (; at < fields.length; at += 1) {
    const text = fields[at]?.text ?? '';
    if (text === '--') continue;
    if (/^-./.test(text)) {
      if (values.includes(text)) at += 1;
    } else if (assigns && /^[A-Za-z_]\w*=/.test(text)) assignments.push(text);
    else if (left > 0) left -= 1;
    else break;
  }
  return { fields: fields.slice(at), assignments };
}
