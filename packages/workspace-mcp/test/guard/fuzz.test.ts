import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'unbash';
import { judge } from '../../src/guard/judge.ts';
import type { Surroundings } from '../../src/guard/scope.ts';
import { makeTree } from '../lab/tree.ts';
import { commands } from './commands.ts';
import { everyday } from './everyday.ts';

/** `FUZZ_SCRIPTS=20000` for the long run, with `FUZZ_SEED=8` for other scripts. */
const SCRIPTS = Number(process.env['FUZZ_SCRIPTS'] ?? 200);
const SEED = Number(process.env['FUZZ_SEED'] ?? 7);

const SURROUNDINGS: Surroundings = {
  cwd: '/sessions/s/mnt/work/app',
  home: '/home/agent',
  mounts: ['/sessions/s/mnt/work'],
  variables: { PATH: '/usr/bin:/bin', IFS: ' \t\n' },
};
/** Without the one that is too long to be judged: how bash prints it can be a byte longer. */
const CORPUS = [...commands.map(([, command]) => command), ...everyday].filter(
  ({ length }) => length < 1_000,
);
const PIECES = [
  ...['"', "'", '`', '$(', ')', '(', '((', '))', '{', '}', '${', '$((', "$'", '$"', '\\', '\\\n', '\n', ' '],
  ...[';', ';;', '&', '&&', '||', '|', '|&', '>', '>>', '<', '<(', '>(', '<<E\n', '\nE\n', '<<<', '2>&1'],
  ...['#', ' # ', '!', '[[', ']]', '[', ']', 'if ', ' then ', ' fi', 'while ', ' do ', ' done', 'case x in '],
  ...[
    ' esac',
    'for x in a; do ',
    'function f ',
    'f() ',
    'coproc ',
    'time ',
    '=',
    'a=(',
    '*',
    '~',
    '$x',
    '@(',
  ],
];

/** Numbers below 1 that a seed decides (mulberry32). */
function diceOf(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * sides);
  };
}

/** A command with some pieces of the language put in, taken out or doubled. */
function mutant(dice: (sides: number) => number): string {
  let script = CORPUS[dice(CORPUS.length)] ?? '';
  for (let change = dice(4); change >= 0; change -= 1) {
    const at = dice(script.length + 1);
    const to = at + dice(6);
    const piece = PIECES[dice(PIECES.length)] ?? '';
    const kind = dice(4);
    if (kind === 0) script = script.slice(0, at) + script.slice(to);
    else if (kind === 1) script = `${script.slice(0, to)}${script.slice(at)}`;
    else if (kind === 2) script = `${script.slice(0, at)}${piece}${CORPUS[dice(CORPUS.length)] ?? ''}`;
    else script = script.slice(0, at) + piece + script.slice(at);
  }
  return script.replaceAll('\0', '');
}

/** The script as bash understood it, written anew; `null` for what bash does not take. */
function understoodByBash(script: string, file: string): string | null {
  writeFileSync(file, script);
  const { status, stdout } = spawnSync('bash', ['--pretty-print', file], { encoding: 'utf8' });
  // the name that it gives would be a word of the command when that is read again
  return status === 0 ? stdout.replaceAll('coproc COPROC ', 'coproc ') : null;
}

/** What bash does not take is not run; what it takes is judged as it takes it. */
test('what bash takes otherwise than the parser is not allowed', () => {
  const dice = diceOf(SEED);
  const file = join(makeTree(), 'script');
  const allowed: string[] = [];
  let [taken, disagreements] = [0, 0];
  for (let count = 0; count < SCRIPTS; count += 1) {
    const script = mutant(dice);
    const understood = understoodByBash(script, file);
    // what bash prints puts words before redirections: then they may be reserved ones, and it is another script
    if (understood === null || understoodByBash(understood, file) === null) continue;
    taken += 1;
    const isOfParser = (parse(script).errors?.length ?? 0) === 0;
    const [given, meant] = [judge(script, SURROUNDINGS), judge(understood, SURROUNDINGS)];
    const isSame = isOfParser && given.decision === meant.decision;
    if (!isSame) disagreements += 1;
    if (!isSame && given.decision === 'allow') allowed.push(script);
  }
  expect(taken).toBeGreaterThan(SCRIPTS / 10);
  expect(allowed, `seed ${SEED}, ${disagreements} disagreements of ${taken}`).toEqual([]);
});
