import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Files } from '../../src/files/files.ts';
import { FileError } from '../../src/files/file-error.ts';
import { makeTree } from '../lab/tree.ts';

/** `ATTACK_ROUNDS=100000` for the long run. */
const ROUNDS = Number(process.env['ATTACK_ROUNDS'] ?? 4_000);
/** `KILL_ROUNDS=200` for the long run. */
const KILLS = Number(process.env['KILL_ROUNDS'] ?? 8);

/** Exchanges two names at once, without end: renameat2 with RENAME_EXCHANGE. */
const EXCHANGE = `
  $| = 1; my ($call, $a, $b) = @ARGV;
  syscall($call + 0, -100, $a, -100, $b, 2) == 0 or die $!; print "begun\n";
  syscall($call + 0, -100, $a, -100, $b, 2) while 1;`;
const RENAMEAT2 = process.arch === 'arm64' ? '276' : '316';

/** A folder that is a link to another one, outside, every other moment. */
async function underAttack() {
  const [root, elsewhere] = [makeTree(), makeTree()];
  mkdirSync(join(root, 'place'));
  writeFileSync(join(root, 'place', 'file'), 'inner');
  writeFileSync(join(elsewhere, 'file'), 'secret');
  symlinkSync(elsewhere, join(root, 'link'));
  const attacker = spawn('perl', ['-e', EXCHANGE, RENAMEAT2, join(root, 'place'), join(root, 'link')]);
  onTestFinished(() => void attacker.kill('SIGKILL'));
  await once(attacker.stdout, 'data');
  const stop = async (): Promise<void> => {
    attacker.kill('SIGKILL');
    await once(attacker, 'close');
  };
  return { root, elsewhere, files: new Files(root), stop };
}

/** What a call gave, or the code of its refusal. */
async function outcome(act: () => unknown): Promise<string> {
  try {
    return String(await act());
  } catch (error) {
    if (error instanceof FileError) return error.code;
    throw error;
  }
}

describe('while folders are exchanged for links that lead out', () => {
  test('nothing outside is read', async () => {
    const { root, files } = await underAttack();
    const seen = new Map<string, number>();
    const path = join(root, 'place', 'file');
    // where the attacker gets no processor for long, all the rounds meet the same state
    const met = (): boolean => seen.has('outside') && seen.has('inner');
    for (let round = 0; round < ROUNDS || (!met() && round < 50 * ROUNDS); round += 1) {
      const word = await outcome(() => files.read({ path }).lines.join());
      seen.set(word, (seen.get(word) ?? 0) + 1);
    }
    expect(seen.get('secret')).toBeUndefined();
    // the attack was on, and did not keep everything from being read
    expect(seen.get('outside')).toBeGreaterThan(0);
    expect(seen.get('inner')).toBeGreaterThan(0);
  });

  test('nothing outside is written', async () => {
    const { root, elsewhere, files, stop } = await underAttack();
    const words = new Set<string>();
    const changed = {
      path: join(root, 'place', 'file'),
      edits: [{ old_string: 'n', new_string: 'nn' }],
    };
    const met = (): boolean => words.has('outside') && words.has('1');
    for (let round = 0; round < ROUNDS / 4 || (!met() && round < 50 * ROUNDS); round += 1) {
      const added = { path: join(root, 'place', `new-${round}`), content: Buffer.from('x') };
      words.add(await outcome(async () => (await files.write(added).finish()).bytes));
      words.add(await outcome(async () => (await files.edit(changed).finish()).replaced));
    }
    await stop();
    expect(readdirSync(elsewhere)).toEqual(['file']);
    expect(readFileSync(join(elsewhere, 'file'), 'utf8')).toBe('secret');
    expect(words).toContain('outside');
    expect(words).toContain('1');
  });
});

describe('a process that is killed while it writes', () => {
  const entry = pathToFileURL(new URL('../../dist/files/files.js', import.meta.url).pathname).href;
  /** Writes two contents in turn, without end. */
  const script = `import { Files } from '${entry}';
    const [root, path] = process.argv.slice(1);
    const files = new Files(root);
    files.read({ path });
    for (let round = 0; ; round += 1) {
      await files.write({ path, content: (round % 2 === 0 ? 'a' : 'b').repeat(2_000_000) }).finish();
      if (round === 0) console.log('begun');
    }`;

  test('leaves the old content or the new one, whole', async () => {
    const root = makeTree();
    const path = join(root, 'file');
    for (let round = 0; round < KILLS; round += 1) {
      writeFileSync(path, 'before');
      const writer = spawn(process.execPath, ['--input-type=module', '-e', script, root, path]);
      await once(writer.stdout, 'data');
      for (let turns = 0; turns < (round % 40) * 3; turns += 1) await new Promise(setImmediate);
      writer.kill('SIGKILL');
      await once(writer, 'close');
      const text = readFileSync(path, 'utf8');
      expect(text.length).toBe(2_000_000);
      expect([text === 'a'.repeat(text.length), text === 'b'.repeat(text.length)]).toContain(true);
    }
  });
});

test('what is there under a name with line ends and quotes is that file', async () => {
  const root = makeTree();
  const files = new Files(root);
  const path = join(root, `a\nb'"$(x)`);
  await files.write({ path, content: Buffer.from('x') }).finish();
  expect(readdirSync(root)).toEqual([`a\nb'"$(x)`]);
  renameSync(path, join(root, 'c'));
  expect(files.read({ path: join(root, 'c') })).toMatchObject({ lines: ['x'] });
});
