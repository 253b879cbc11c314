import { UNKNOWN } from './scope.ts';
import type { Field } from './words.ts';

/** How a shell is started: what it runs, and what it is given besides. */
export interface ShellStart {
  /** A script in the line, what comes on stdin, or a file. */
  readonly runs: 'line' | 'stdin' | 'file';
  /** What stands behind the options. */
  readonly operands: readonly Field[];
  /** Files that it runs before. */
  readonly before: readonly Field[];
}

const FILES = /^--(?:rc|init-)file$/;
const STDIN = /^\/dev\/(?:stdin|fd\/0)$/;
const IN_LINE = /^(?:-[a-zA-Z]*c[a-zA-Z]*|--command)$/;

/** Reads the options as shells do: `-o` and `-O` take the next word, `-c` does not. */
export function shellStart(rest: readonly Field[]): ShellStart {
  const before: Field[] = [];
  let [isInLine, isOfStdin, at] = [false, false, 0];
  for (; at < rest.length; at += 1) {
    const text = rest[at]?.text ?? '';
    if (text === '-' || text === '--') {
      at += 1;
      break;
    }
    if (FILES.test(text)) before.push(...rest.slice((at += 1), at + 1));
    else if (/^[-+]/.test(text)) {
      isInLine ||= IN_LINE.test(text);
      isOfStdin ||= /^-[a-zA-Z]*s/.test(text);
      if (/^.[a-zA-Z]*[oO]/.test(text) && /^[^-+]/.test(rest[at + 1]?.text ?? '')) at += 1;
    } else if (!mayBeOption(rest.slice(at))) break;
  }
  const operands = rest.slice(at);
  const isFile = !isOfStdin && operands[0] !== undefined && !STDIN.test(operands[0].text);
  return { runs: isInLine ? 'line' : isFile ? 'file' : 'stdin', operands, before };
}

/** What is not known may be an option before others. */
const mayBeOption = ([first, ...more]: readonly Field[]): boolean =>
  first?.text.includes(UNKNOWN) === true && more.some(({ text }) => IN_LINE.test(text));
