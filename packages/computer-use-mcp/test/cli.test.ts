import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';

const CLI = join(import.meta.dirname, '../dist/cli.js');
const ANSWERS_WITHIN_MS = 30_000;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'computer-use-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Runs the bin to its end, with a stdin that is closed at once. */
function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const home = env['DESKHAND_HOME'] ?? join(folder(), 'state');
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    env: { PATH: process.env['PATH'], HOME: folder(), DESKHAND_HOME: home, ...env },
    input: '',
    encoding: 'utf8',
    timeout: ANSWERS_WITHIN_MS,
  });
  return { status, stdout, stderr };
}

test('the version is that of the package', () => {
  const text = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8');
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(text));
  expect(run(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});

test('a service is handed the display and nothing else of the surroundings', () => {
  const install = ['daemon', 'install', '--print'];
  const env = { DISPLAY: ':7', XAUTHORITY: '/run/cookie', SECRET: 'not for services' };
  const { status, stdout } = run(install, env);
  expect(status).toBe(0);
  expect(stdout).toContain('DISPLAY=:7');
  expect(stdout).toContain('XAUTHORITY=/run/cookie');
  expect(stdout).not.toContain('SECRET');
  expect(run([...install, '--env', 'SECRET'], env).stdout).toContain('SECRET=not for services');
});

test('it loads the encoder of pictures when one is made, and not at its start, which would take longer', () => {
  const told = join(folder(), 'told.cjs');
  writeFileSync(
    told,
    `const Module = require('node:module');
    const { writeSync } = require('node:fs');
    const load = Module._load;
    Module._load = function (name, ...more) {
      writeSync(2, name + '\\n');
      return load.call(this, name, ...more);
    };`,
  );
  const loaded = run([], { NODE_OPTIONS: `--require ${told}` }).stderr.split('\n');
  expect(loaded).toContain('node:child_process');
  expect(loaded).not.toContain('sharp');
});

test('--help names every option and starts nothing', () => {
  const { status, stdout, stderr } = run(['--help']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  for (const option of ['--display', '--policy', '--approvals', '--tools', '--read-only', '--session']) {
    expect(stdout).toContain(option);
  }
});

test('it ends quietly when its client closes stdin', () => {
  expect(run([])).toEqual({ status: 0, stdout: '', stderr: '' });
});

describe('what a person got wrong is said, with exit code 1', () => {
  test.each([
    ['an unknown flag', ['--dispaly', ':1'], /--dispaly/],
    ['a value that does not exist', ['--approvals', 'perhaps'], /--approvals.*ask/s],
    ['an unknown tool', ['--tools', 'left_clik'], /left_click/],
    ['a policy file that is not there', ['--policy', '/nowhere/policy.yaml'], /\/nowhere\/policy\.yaml/],
  ])('%s', (_, args, message) => {
    const { status, stdout, stderr } = run(args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('a policy with a mistake, by line; and a right one is taken', () => {
    const file = join(folder(), 'policy.yaml');
    writeFileSync(file, 'onceOnly: true\ndenyApps:\n  - no-such-application-at-all\n');
    const wrong = run(['--policy', file]);
    expect(wrong.status).toBe(1);
    expect(wrong.stderr).toContain(`${file}:3:`);
    writeFileSync(file, 'onceOnly: true\ndenyApps:\n  - /usr/bin/mousepad\n');
    expect(run(['--policy', file])).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('a state folder that somebody else could write to', () => {
    const { status, stderr } = run([], { DESKHAND_HOME: 'relative/path' });
    expect(status).toBe(1);
    expect(stderr).toContain('absolute');
  });
});
