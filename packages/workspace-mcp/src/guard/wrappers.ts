import { inTable } from './table.ts';
import type { Field } from './words.ts';

/** A command that starts another one: where that begins. */
interface Wrapper {
  /** Options that take a value, joined to them or the next word. */
  readonly values?: readonly string[];
  /** Letters of options that take what is joined to them, but not the next word. */
  readonly joined?: string;
  /** Words of its own before the command, such as the time of `timeout`. */
  readonly operands?: number;
  /** It takes `NAME=VALUE` before the command. */
  readonly assigns?: boolean;
}

const words = (text: string): readonly string[] => text.split(' ');

export const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  env: { values: words('-u --unset -C --chdir'), joined: 'S', assigns: true },
  sudo: {
    values: words(
      '-u -g -h -p -C -D -R -T -U -r -t --user --group --host --prompt --chdir --chroot --command-timeout --other-user --role --type --close-from',
    ),
    assigns: true,
  },
  doas: { values: words('-u -C') },
  timeout: { values: words('-s -k --signal --kill-after'), operands: 1 },
  nice: { values: words('-n --adjustment') },
  ionice: { values: words('-c -n --class --classdata') },
  chrt: { values: words('-T -P -D --sched-runtime --sched-period --sched-deadline'), operands: 1 },
  taskset: { operands: 1 },
  nohup: {},
  setsid: {},
  setpriv: {
    values: words(
      '--reuid --regid --ruid --euid --rgid --egid --groups --inh-caps --ambient-caps --bounding-set --securebits --pdeathsig --selinux-label --apparmor-profile',
    ),
  },
  setarch: {},
  linux32: {},
  linux64: {},
  i386: {},
  x86_64: {},
  uname26: {},
  'systemd-run': {
    values: words(
      '-u -p -E -M -H --unit --property --setenv --machine --host --slice --description --uid --gid --nice --working-directory --service-type --on-active --on-calendar --timer-property',
    ),
  },
  stdbuf: { values: words('-i -o -e --input --output --error') },
  unbuffer: {},
  command: {},
  builtin: {},
  exec: { values: words('-a') },
  time: { values: words('-f -o --format --output') },
  perf: { values: words('-e -o -F -C -p -r -t --event --output --repeat --freq --cpu'), operands: 1 },
  hyperfine: {},
  chronic: {},
  busybox: {},
  toybox: {},
  xargs: {
    values: words(
      '-a -d -E -I -L -n -P -s --arg-file --delimiter --max-args --max-procs --max-chars --process-slot-var',
    ),
    joined: 'eil',
  },
  watch: { values: words('-n -q --interval --equexit') },
  flock: { values: words('-w -E --timeout --conflict-exit-code'), operands: 1 },
  strace: {
    values: words(
      '-e -o -p -s -u -E -a -b -I -O -S -P -X --output --attach --user --env --trace --string-limit',
    ),
  },
  ltrace: { values: words('-e -o -p -s -u -n -a -l -x -F -A -D --output') },
  parallel: {
    values: words(
      '-j -n -N -L -a -C -d -E -I -P -s -S --jobs --max-procs --max-args --max-lines --max-chars --arg-file --colsep --delimiter --joblog --results --timeout --delay --retries --tmpdir --workdir --wd --sshlogin --halt --memfree --load --nice',
    ),
    joined: 'eil',
  },
  coproc: {},
  fakeroot: { values: words('-l -s -i -b --lib --faked') },
  'xvfb-run': {
    values: words('-n -s -e -f -p -w --server-num --server-args --error-file --auth-file --wait'),
  },
  'dbus-run-session': { values: words('--config-file --dbus-daemon') },
  prlimit: { values: words('-o -p --output --pid') },
  valgrind: {},
  rlwrap: {},
};

/** An option with its value, which is empty for none. */
export interface Option {
  readonly name: string;
  readonly value: string;
}

export interface Peeled {
  readonly options: readonly Option[];
  readonly assignments: readonly string[];
  readonly fields: readonly Field[];
}

/** What is behind a wrapper; no fields when that is all there is. */
export function peel(name: string, fields: readonly Field[]): Peeled {
  const wrapper = inTable(WRAPPERS, name) ?? {};
  const options: Option[] = [];
  const assignments: string[] = [];
  let [at, left] = [0, wrapper.operands ?? 0];
  for (; at < fields.length; at += 1) {
    const text = fields[at]?.text ?? '';
    if (text === '--') continue;
    if (/^-./.test(text) || (text === '-' && name === 'env')) {
      const read = optionsOf(text, wrapper);
      const last = read.at(-1);
      const isTaking =
        last?.value === '' && !text.endsWith('=') && wrapper.values?.includes(last.name) === true;
      const value = isTaking ? (fields[(at += 1)]?.text ?? '') : (last?.value ?? '');
      options.push(...read.slice(0, -1), { name: last?.name ?? text, value });
    } else if (wrapper.assigns === true && /^[A-Za-z_]\w*=/.test(text)) assignments.push(text);
    else if (left > 0) left -= 1;
    else break;
  }
  return { options, assignments, fields: fields.slice(at) };
}

/** The options of one word: several letters, or one that may be shortened. */
function optionsOf(text: string, { values = [], joined = '' }: Wrapper): readonly Option[] {
  const [, long, value = ''] = /^(--[^=]+)(?:=(.*))?$/s.exec(text) ?? [];
  if (long !== undefined) {
    const full = values.find((name) => name === long) ?? values.find((name) => isShortFor(long, name));
    return [{ name: full ?? long, value }];
  }
  const letters = Array.from(text.slice(1), (letter) => `-${letter}`);
  const ends = letters.findIndex((name) => values.includes(name) || joined.includes(name.slice(1)));
  const flags = (ends < 0 ? letters : letters.slice(0, ends)).map((name) => ({ name, value: '' }));
  return ends < 0 ? flags : [...flags, { name: letters[ends] ?? '', value: text.slice(ends + 2) }];
}

const isShortFor = (text: string, name: string): boolean =>
  text.startsWith('--') && text.length > 3 && name.startsWith(text);

/** What options of these names are given. */
export const valuesOf = (options: readonly Option[], names: readonly string[]): readonly string[] =>
  options
    .filter(({ name }) => names.some((one) => one === name || isShortFor(name, one)))
    .map(({ value }) => value);
