import { readdirSync, readFileSync } from 'node:fs';

/** Processes that have one of these in their environment or command. */
export const processesWith = (marks: readonly string[]): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => marks.some((mark) => aboutOf(pid).includes(mark)))
    .map(Number);

function aboutOf(pid: string): string {
  try {
    return ['environ', 'cmdline'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8')).join('');
  } catch {
    return ''; // gone, or another user's
  }
}
