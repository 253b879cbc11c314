import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RotatingFile } from '../../src/daemon/rotating-file.ts';
import { createLog } from '../../src/index.ts';
import { temporaryFolder } from '../fixtures/process.ts';

test('a log keeps so many files of so many bytes, the newest lines in the first', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'x.log');
  const file = new RotatingFile(path, { maxBytes: 20, keep: 2 });
  for (let n = 1; n <= 9; n++) file.write(`line ${n}..\n`);
  file.close();
  expect(readdirSync(folder).sort()).toEqual(['x.log', 'x.log.1', 'x.log.2']);
  expect(['', '.1', '.2'].map((end) => readFileSync(path + end, 'utf8'))).toEqual([
    'line 9..\n',
    'line 7..\nline 8..\n',
    'line 5..\nline 6..\n',
  ]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('it goes on where it ended, and in a new file after the old one was moved away', () => {
  const path = join(temporaryFolder(), 'x.log');
  new RotatingFile(path).write('before\n');
  const file = new RotatingFile(path);
  file.write('after\n');
  renameSync(path, `${path}.old`);
  file.reopen();
  file.write('anew\n');
  file.close();
  expect([readFileSync(`${path}.old`, 'utf8'), readFileSync(path, 'utf8')]).toEqual([
    'before\nafter\n',
    'anew\n',
  ]);
});

test('it does not write through a link', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'victim'), '');
  symlinkSync(join(folder, 'victim'), join(folder, 'x.log'));
  expect(() => new RotatingFile(join(folder, 'x.log'))).toThrow(/ELOOP/);
});

test('secrets never reach it', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', write: (line) => lines.push(line) });
  const secret = `deskhand_${'a'.repeat(43)}`;
  log.info(`sent Bearer ${secret}`, {
    authorization: secret,
    nested: { apiToken: secret, url: `/?t=${secret}` },
    label: 'ci',
  });
  log.error('failed', { err: new Error(`with ${secret}`) });
  expect(lines.join('')).not.toContain('aaaa');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    authorization: '[secret]',
    nested: { apiToken: '[secret]', url: '/?t=[secret]' },
    label: 'ci',
    msg: 'sent Bearer [secret]',
  });
});

test('a line that cannot be written is lost, and the next one is tried', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'logs', 'x.log');
  mkdirSync(join(folder, 'logs'));
  const file = new RotatingFile(path, { maxBytes: 10 });
  file.write('first....\n');
  rmSync(join(folder, 'logs'), { recursive: true });
  file.write('second...\n');
  file.reopen();
  mkdirSync(join(folder, 'logs'));
  file.write('third....\n');
  expect(readFileSync(path, 'utf8')).toBe('third....\n');
  file.close();
  file.close();
  file.write('after the end\n');
  expect(readFileSync(path, 'utf8')).toBe('third....\n');
});

test.runIf(existsSync('/dev/full'))('a full disk ends nothing', () => {
  const file = new RotatingFile('/dev/full');
  const log = createLog({ level: 'info', write: (line) => file.write(line) });
  expect(() => log.info('nobody will read this')).not.toThrow();
  file.close();
});
