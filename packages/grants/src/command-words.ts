import { basename, win32 } from 'node:path';

/** Programs that run the command that their last words are. */
const STARTERS: ReadonlySet<string> = new Set(
  'busybox builtin chroot chrt command doas env exec flock ionice nice nohup nsenter parallel pkexec prlimit runuser setarch setpriv setsid stdbuf strace sudo taskset time timeout toybox unshare watch xargs'.split(
    ' ',
  ),
);
const SHELLS: ReadonlySet<string> = new Set(
  'ash bash cmd csh dash fish ksh mksh powershell pwsh sh tcsh zsh'.split(' '),
);
const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;

/**
 * The commands that some words may come to, for rules that restrict: the program by its name, without variables set
 * before it, and what it starts in turn. Words of a shell's script are split at whatever is no part of a plain word,
 * which finds more commands than there are.
 */
export function spellingsOf(argv: readonly string[]): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [argv];
  const plain = argv.slice(argv.findIndex((word) => !ASSIGNMENT.test(word)));
  const [program = '', ...rest] = plain;
  const name = nameOf(program);
  found.push([name, ...rest]);
  const words = SHELLS.has(name) ? rest.flatMap(wordsOf) : STARTERS.has(name) ? rest.flatMap(splitWord) : [];
  words.forEach((word, at) => found.push([nameOf(word), ...words.slice(at + 1)]));
  return found;
}

const nameOf = (program: string): string => {
  const name = win32.basename(basename(program));
  return /\.(?:exe|com|bat|cmd)$/i.test(name) ? name.slice(0, -4).toLowerCase() : name;
};

/** `env -S` and `--split-string=` take a whole command as one word. */
const splitWord = (word: string): readonly string[] =>
  word
    .replace(/^(?:-S|--[\w-]+=)/, '')
    .split(/\s+/)
    .filter(Boolean);

const wordsOf = (script: string): readonly string[] =>
  script
    .replace(/["'\\]/g, '')
    .split(/[\s;&|()<>{}`$]+/)
    .filter(Boolean);
