import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ensureStateHome, stateHome, type Surroundings } from '../src/index.ts';
import { isRoot, temporaryFolder } from './fixture.ts';

describe('the state folder', () => {
  const table: readonly [string, Surroundings, string][] = [
    [
      'is $DESKHAND_HOME first of all',
      { platform: 'linux', homedir: '/home/ada', env: { DESKHAND_HOME: '/srv/d', XDG_STATE_HOME: '/x' } },
      '/srv/d',
    ],
    [
      'is in $XDG_STATE_HOME on Linux',
      { platform: 'linux', homedir: '/home/ada', env: { XDG_STATE_HOME: '/x/state' } },
      '/x/state/deskhand',
    ],
    [
      'is not in a relative $XDG_STATE_HOME',
      { platform: 'linux', homedir: '/home/ada', env: { XDG_STATE_HOME: 'x/state' } },
      '/home/ada/.local/state/deskhand',
    ],
    [
      'is in ~/.local/state on Linux when nothing is set, or set to nothing',
      { platform: 'linux', homedir: '/home/ada', env: { DESKHAND_HOME: '', XDG_STATE_HOME: '' } },
      '/home/ada/.local/state/deskhand',
    ],
    [
      'is in Application Support on macOS, whatever XDG says',
      { platform: 'darwin', homedir: '/Users/ada', env: { XDG_STATE_HOME: '/x' } },
      '/Users/ada/Library/Application Support/Deskhand',
    ],
    [
      'is in %LOCALAPPDATA% on Windows',
      { platform: 'win32', homedir: 'C:\\Users\\ada', env: { LOCALAPPDATA: 'D:\\Local' } },
      'D:\\Local\\Deskhand',
    ],
    [
      'is in AppData\\Local on Windows when that is not set',
      { platform: 'win32', homedir: 'C:\\Users\\ada', env: {} },
      'C:\\Users\\ada\\AppData\\Local\\Deskhand',
    ],
    [
      'may be a Windows path on Windows',
      { platform: 'win32', homedir: 'C:\\Users\\ada', env: { DESKHAND_HOME: 'E:\\d' } },
      'E:\\d',
    ],
  ];
  test.each(table)('%s', (_sentence, surroundings, expected) => {
    expect(stateHome(surroundings)).toBe(expected);
  });

  test('is refused when $DESKHAND_HOME is relative', () => {
    expect(() => stateHome({ platform: 'linux', homedir: '/h', env: { DESKHAND_HOME: 'd' } })).toThrow(
      'DESKHAND_HOME is d, which is not an absolute path',
    );
  });
});

describe('making the state folder', () => {
  test('creates it, private, with the folders above it', () => {
    const home = join(temporaryFolder(), 'a', 'b');
    ensureStateHome(home);
    ensureStateHome(home);
    expect(statSync(home).mode & 0o777).toBe(0o700);
  });

  test('makes it private when others could only read it', () => {
    const home = temporaryFolder();
    chmodSync(home, 0o755);
    ensureStateHome(home);
    expect(statSync(home).mode & 0o777).toBe(0o700);
  });

  test.each([0o770, 0o707])('refuses it when others may write to it (%o)', (mode) => {
    const home = temporaryFolder();
    chmodSync(home, mode);
    expect(() => ensureStateHome(home)).toThrow(`${home} can be written by other users`);
    expect(statSync(home).mode & 0o777).toBe(mode);
  });

  test('refuses a link and a file, and takes the folder that the link leads to', () => {
    const folder = temporaryFolder();
    const [real, link, file] = [join(folder, 'real'), join(folder, 'link'), join(folder, 'file')];
    mkdirSync(real);
    symlinkSync(real, link);
    writeFileSync(file, '');
    expect(() => ensureStateHome(link)).toThrow(`${link} is a link`);
    expect(() => ensureStateHome(file)).toThrow(`${file} is not a folder`);
    expect(() => ensureStateHome(real)).not.toThrow();
  });

  test.runIf(isRoot)('refuses it when it belongs to someone else', () => {
    const home = temporaryFolder();
    chownSync(home, 65534, 65534);
    expect(() => ensureStateHome(home)).toThrow(`${home} belongs to uid 65534, and this runs as uid 0`);
    chownSync(home, 0, 0);
    expect(() => ensureStateHome(home)).not.toThrow();
  });
});

const CLI = join(import.meta.dirname, '../dist/cli.js');

describe('a user whom the system knows no home folder of', () => {
  const nobody = { platform: 'linux', homedir: '', env: {} } as const;

  test('has one where it is said where, and is told what to say else', () => {
    expect(stateHome({ ...nobody, env: { DESKHAND_HOME: '/srv/d' } })).toBe('/srv/d');
    expect(stateHome({ ...nobody, env: { XDG_STATE_HOME: '/x' } })).toBe('/x/deskhand');
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      expect(() => stateHome({ ...nobody, platform })).toThrow('knows no home folder of this user');
    }
  });

  test.runIf(isRoot)('can use the program, as a number without a name and without HOME', () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o777);
    const list = (env: Record<string, string>) => {
      const { PATH = '' } = process.env;
      const as = { uid: 65_532, gid: 65_532, env: { PATH, ...env }, cwd: '/' };
      const { status, stderr } = spawnSync(process.execPath, [CLI, 'list'], { ...as, encoding: 'utf8' });
      return { status, stderr };
    };
    expect(list({ DESKHAND_HOME: join(folder, 'state') })).toEqual({ status: 0, stderr: '' });
    const { status, stderr } = list({});
    expect(status).not.toBe(0);
    expect(stderr).toContain('Set DESKHAND_HOME to an absolute path, or HOME.');
  });
});
