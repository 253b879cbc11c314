import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const CLI = join(import.meta.dirname, '../dist/cli.js');

test('the version is that of the package', () => {
  const text = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8');
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(text));
  const { status, stdout } = spawnSync(process.execPath, [CLI, '--version'], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: `${version}\n` });
});

test('a command of the shell is judged without being run', () => {
  const judged = (...args: string[]) => {
    const { status, stdout } = spawnSync(process.execPath, [CLI, 'judge', ...args], {
      encoding: 'utf8',
      input: 'rm -rf build\n',
    });
    return { status, stdout };
  };
  expect(judged('ls -la')).toEqual({ status: 0, stdout: 'allow\n' });
  expect(judged()).toEqual({ status: 2, stdout: 'ask: it deletes "build"\n' });
  expect(judged('rm -rf ~')).toEqual({
    status: 3,
    stdout:
      'deny: it deletes everything in "/home/agent"\nName the files and folders that are to go, one level below it or deeper.\n',
  });
  expect(judged('--cwd', '/tmp', 'rm -rf *').status).toBe(0);
  // such as an empty variable of a script
  expect(judged('')).toEqual({ status: 1, stdout: '' });
  expect(judged('--help').stdout).toContain('Usage: workspace-mcp judge [options] [command]');
});
