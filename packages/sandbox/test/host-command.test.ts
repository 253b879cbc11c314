import { execFile } from 'node:child_process';
import { chmod, mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { insideCommand, type HostCommand } from '../src/index.ts';
import { makeFolder, openSandbox } from './lab/inside.ts';

const PATH = `${dirname(process.execPath)}:/usr/bin:/bin`;

/** Files below a new folder that anybody may read. */
async function filesIn(contents: Readonly<Record<string, string>>): Promise<string> {
  const folder = await realpath(await makeFolder());
  for (const [name, content] of Object.entries(contents)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
    await chmod(join(folder, name), 0o755);
  }
  return folder;
}

async function run(host: Pick<HostCommand, 'command'> & Partial<HostCommand>): Promise<string> {
  const session = 's1';
  const mounts = (host.mounts ?? []).map((mount) => ({ ...mount, access: 'ro' as const }));
  const started = await insideCommand({ session, cwd: '/', path: PATH, ...host });
  const sandbox = await openSandbox({ session, mounts, ...started });
  const [out, err] = await Promise.all([text(sandbox.stdout), text(sandbox.stderr)]);
  return out + err;
}

const LOOK = `
  const { readdirSync } = require('node:fs');
  const seen = (path) => { try { return readdirSync(path).join(); } catch ({ code }) { return code; } };`;

test('a command that a package manager installed runs with its package, and sees nothing beside it', async () => {
  const home = await filesIn({
    'lib/node_modules/weather/package.json': '{"bin": "cli.js"}',
    'lib/node_modules/weather/cli.js': `#!/usr/bin/env node
      ${LOOK} console.log(require('./part.js'), require('clouds'), seen(__dirname + '/../../..'), process.argv.slice(2).join());`,
    'lib/node_modules/weather/part.js': `module.exports = 'part';`,
    'lib/node_modules/clouds/index.js': `module.exports = 'clouds';`,
    'share/keyrings/login': 'secret',
  });
  await mkdir(join(home, 'bin'));
  await symlink('../lib/node_modules/weather/cli.js', join(home, 'bin/weather'));
  expect(await run({ command: ['weather', 'Ulm'], path: `${home}/bin:${PATH}` })).toBe(
    'part clouds lib Ulm\n',
  );
});

test('a script has its package and the modules above it; a word that is in a mounted folder is its path inside', async () => {
  const home = await filesIn({
    'app/package.json': '{}',
    'app/src/server.js': `${LOOK}
      console.log(require('../data.json').x, require('dep'), seen(process.argv[2]), seen(__dirname + '/../..'));`,
    'app/data.json': '{"x": 1}',
    'node_modules/dep/index.js': `module.exports = 'dep';`,
    'letters/a.txt': 'a',
    'inbox/2026/may.csv': '1',
  });
  expect(
    await run({
      command: ['node', 'src/server.js', `${home}/inbox/2026`],
      cwd: `${home}/app`,
      mounts: [{ name: 'in', folder: `${home}/inbox` }],
    }),
  ).toBe('1 dep may.csv app,node_modules\n');
});

test('a virtual environment of Python is the one that it was', async () => {
  const home = await filesIn({
    'venv/pyvenv.cfg': 'home = /usr/bin\ninclude-system-site-packages = false\n',
    'venv/bin/tool': '',
    'other/private.txt': 'x',
  });
  await symlink('/usr/bin/python3', join(home, 'venv/bin/python'));
  await writeFile(
    join(home, 'venv/bin/tool'),
    `#!${home}/venv/bin/python\nimport os, sys\nprint(sys.prefix, os.listdir('${home}'))\n`,
  );
  expect(await run({ command: [`${home}/venv/bin/tool`] })).toBe(`${home}/venv ['venv']\n`);
});

test('a home is not shown for a package file in it, and a folder in it is', async () => {
  const home = await filesIn({
    'package.json': '{}',
    'server.js': '',
    'app/package.json': '{}',
    'app/server.js': '',
  });
  const entry = new URL('../dist/index.js', import.meta.url).href;
  const script = `import { insideCommand } from '${entry}';
    const shown = async (file) => (await insideCommand({ session: 's1', cwd: '/', path: '${PATH}', command: ['/bin/sh', file] })).shown;
    console.log(JSON.stringify([...(await shown('${home}/server.js')), ...(await shown('${home}/app/server.js'))].map(({ at }) => at)));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: { HOME: home },
  });
  expect(JSON.parse(stdout)).toEqual([`${home}/server.js`, `${home}/app`]);
});

test('a program that is not there is said so, by a command that shows it', async () => {
  const none = insideCommand({ session: 's1', cwd: '/', path: PATH, command: ['no-such-server'] });
  await expect(none).rejects.toMatchObject({
    code: 'program_missing',
    message: 'there is no program no-such-server to start',
  });
});

test('on macOS a word that is in a mounted folder stays as it is, as all paths do there', async () => {
  const folder = await makeFolder();
  const mounts = [{ name: 'maps', folder }];
  const host = {
    command: ['sh', `${folder}/a`] as const,
    cwd: '/',
    path: '/usr/bin:/bin',
    session: 's1',
    mounts,
  };
  const [, onLinux] = (await insideCommand({ ...host, platform: 'linux' })).command;
  const [, onMacOS] = (await insideCommand({ ...host, platform: 'darwin' })).command;
  expect([onLinux, onMacOS]).toEqual(['/sessions/s1/mnt/maps/a', `${folder}/a`]);
});
