import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startServer } from './lab/server-process.ts';
import { makeTree } from './lab/tree.ts';
import { openSession } from './lab/workspace.ts';

const ROOT = '/sessions/work/mnt/work';
const open = (folder: string, access = '') =>
  openSession([`work=${folder}${access}`], { sandbox: 'files-only', person: () => 'deny' });

describe('without a sandbox', () => {
  test('files are read, written, edited, found and undone', async () => {
    const folder = makeTree();
    mkdirSync(join(folder, 'notes'));
    writeFileSync(join(folder, 'notes/may.txt'), 'one\ntwo\n');
    writeFileSync(join(folder, 'notes/june.txt'), 'three\n');
    const call = await open(folder);
    expect((await call('Read', { file_path: `${ROOT}/notes/may.txt` })).text).toContain('two');
    const edit = { file_path: `${ROOT}/notes/may.txt`, old_string: 'two', new_string: 'deux' };
    expect((await call('Edit', edit)).code).toBeNull();
    expect((await call('Write', { file_path: `${ROOT}/new/a.txt`, content: 'deux\n' })).code).toBeNull();
    expect(readFileSync(join(folder, 'notes/may.txt'), 'utf8')).toBe('one\ndeux\n');
    const found = await call('Grep', { pattern: 'deux', output_mode: 'content' });
    expect(found.text.split('\n').slice(1).toSorted()).toEqual([
      '> work/new/a.txt:1:deux',
      '> work/notes/may.txt:2:deux',
    ]);
    expect((await call('Grep', { pattern: 'x$', path: `${ROOT}/notes/may.txt` })).text).toContain('may.txt');
    expect((await call('Glob', { pattern: '**/*.txt' })).text.split('\n').slice(1).toSorted()).toEqual([
      ...['> work/new/a.txt', '> work/notes/june.txt', '> work/notes/may.txt'],
    ]);
    await call('undo', { to: 1 });
    expect(readFileSync(join(folder, 'notes/may.txt'), 'utf8')).toBe('one\ntwo\n');
    expect(existsSync(join(folder, 'new/a.txt'))).toBe(false);
  });

  test('links lead nowhere else, whatever a tool does with them, and those below are followed', async () => {
    const [folder, elsewhere] = [makeTree(), makeTree()];
    writeFileSync(join(elsewhere, 'file'), 'secret\n');
    writeFileSync(join(folder, 'plain'), 'open\n');
    symlinkSync(elsewhere, join(folder, 'out'));
    symlinkSync('plain', join(folder, 'in'));
    const call = await open(folder);
    for (const path of ['out/file', `../../../../..${elsewhere}/file`]) {
      expect((await call('Read', { file_path: `${ROOT}/${path}` })).code).toBe('outside');
      expect((await call('Write', { file_path: `${ROOT}/${path}`, content: 'x' })).code).toBe('outside');
    }
    expect((await call('Read', { file_path: `${ROOT}/in` })).text).toContain('open');
    expect((await call('Grep', { pattern: 'secret' })).text).toContain('Nothing in /sessions/work/mnt');
    expect((await call('Grep', { pattern: 'secret', path: `${ROOT}/out` })).code).toBe('outside');
    expect(readFileSync(join(elsewhere, 'file'), 'utf8')).toBe('secret\n');
  });

  test('a folder to be read is not written, nor one that holds the mounted ones', async () => {
    const folder = makeTree();
    writeFileSync(join(folder, 'a'), 'a\n');
    const call = await open(folder, ':ro');
    await call('Read', { file_path: `${ROOT}/a` });
    const write = async (path: string) => (await call('Write', { file_path: path, content: 'x' })).code;
    expect([await write(`${ROOT}/a`), await write(`${ROOT}/b/c`)]).toEqual(['read_only', 'read_only']);
    expect(await write('/sessions/work/mnt/b')).toBe('outside');
    expect(await write('/sessions/work/mnt/b/c')).toBe('outside');
    const edit = { file_path: `${ROOT}/a`, old_string: 'a', new_string: 'b' };
    expect((await call('Edit', edit)).code).toBe('read_only');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  test('secrets are there by name only, by each of their names; what runs by itself is asked about', async () => {
    const folder = makeTree();
    mkdirSync(join(folder, '.git/hooks'), { recursive: true });
    mkdirSync(join(folder, '.aws'));
    for (const name of ['.env', '.aws/credentials']) writeFileSync(join(folder, name), 'secret\n');
    writeFileSync(join(folder, '.env.example'), 'no secret\n');
    linkSync(join(folder, '.env'), join(folder, 'twin'));
    symlinkSync('.env', join(folder, 'link'));
    const call = await open(folder);
    for (const name of ['.env', 'twin', 'link', '.aws/credentials'])
      expect([name, (await call('Read', { file_path: `${ROOT}/${name}` })).code]).toEqual([
        name,
        'no_access',
      ]);
    expect((await call('Read', { file_path: `${ROOT}/.env.example` })).code).toBeNull();
    const found = await call('Grep', { pattern: 'secret', output_mode: 'content' });
    expect(found.text.split('\n').slice(1)).toEqual(['> work/.env.example:1:no secret']);
    const hook = { file_path: `${ROOT}/.git/hooks/pre-push`, content: 'evil\n' };
    expect((await call('Write', hook)).code).toBe('denied_by_person');
    const asked = await openSession([`work=${folder}`], { sandbox: 'files-only', person: () => 'once' });
    expect((await asked('Write', hook)).code).toBeNull();
    expect(readFileSync(join(folder, '.git/hooks/pre-push'), 'utf8')).toBe('evil\n');
  });

  test('pipes are refused at once, and what only a sandbox may read is said to be so', async () => {
    const folder = makeTree();
    for (const name of ['a', 'b', 'c', 'd', 'e']) spawnSync('mkfifo', [join(folder, name)]);
    writeFileSync(join(folder, 'p.pdf'), '%PDF-1.4\n');
    writeFileSync(join(folder, 'p.png'), Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
    const call = await open(folder);
    expect((await call('Read', { file_path: `${ROOT}/a` })).code).toBe('not_a_file');
    expect((await call('Grep', { pattern: 'x' })).code).toBeNull();
    for (const name of ['p.pdf', 'p.png'])
      expect((await call('Read', { file_path: `${ROOT}/${name}` })).code).toBe('needs_sandbox');
  });

  test('status says so', async () => {
    const { text } = await (await open(makeTree()))('status');
    expect(text).toContain('Sandbox: there is none, as --sandbox files-only asks for');
    expect(text).not.toContain('Limits');
  });
});

test.each([
  ['a link that leads out', (at: string, elsewhere: string) => symlinkSync(elsewhere, at)],
  ['a pipe', (at: string) => execFileSync('mkfifo', [at])],
])('a search finds nothing outside, and ends, while a folder is exchanged for %s', async (_, make) => {
  const [folder, elsewhere] = [makeTree(), makeTree()];
  mkdirSync(join(folder, 'place'));
  writeFileSync(join(folder, 'place/file'), 'word inner\n');
  writeFileSync(join(elsewhere, 'file'), 'word secret\n');
  make(join(folder, 'other'), elsewhere);
  const exchange = `$| = 1; my ($call, $a, $b) = @ARGV; print "begun\\n";
    syscall($call + 0, -100, $a, -100, $b, 2) while 1;`;
  const number = process.arch === 'arm64' ? '276' : '316';
  const attacker = spawn('perl', ['-e', exchange, number, join(folder, 'place'), join(folder, 'other')]);
  onTestFinished(() => void attacker.kill('SIGKILL'));
  await once(attacker.stdout, 'data');
  const call = await open(folder);
  let found = 0;
  for (let round = 0; round < 40; round += 1) {
    const where = round % 2 === 0 ? {} : { path: `${ROOT}/place` };
    const { text } = await call('Grep', { pattern: 'word', output_mode: 'content', ...where });
    expect(text).not.toContain('secret');
    found += text.includes('word inner') ? 1 : 0;
  }
  expect(found).toBeGreaterThan(0);
});

/** Where the rest of the system is as it is, and bubblewrap is something else, or not there. */
function behind(bwrap: string): readonly string[] {
  const script =
    'mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work && ' +
    'mount -t overlay overlay -o lowerdir=/usr/bin,upperdir=/mnt/upper,workdir=/mnt/work /usr/bin && ' +
    `${bwrap} && exec "$@"`;
  return ['unshare', '--user', '--map-root-user', '--mount', '/bin/sh', '-c', script, 'sh'];
}
const NO_BWRAP = behind('rm /usr/bin/bwrap');
const FAILING = behind(
  `printf '#!/bin/sh\\n[ "$1" = --version ] && echo bubblewrap 0.8.0 && exit\\necho bwrap: setting up uid map: Permission denied >&2; exit 1\\n' > /usr/bin/bwrap`,
);

describe('a machine on which there is no sandbox', () => {
  test.each([
    ['where bubblewrap is missing', NO_BWRAP, /Not installed: bwrap.*apt-get install bubblewrap/s],
    ['where it fails', FAILING, /uid map: Permission denied/],
  ])('does nothing until the person says how, %s', async (_, how, cause) => {
    const server = await startServer(null, { behind: how });
    writeFileSync(join(server.folder, 'a'), 'content\n');
    for (const [tool, args] of [
      ['Read', { file_path: `${server.root}/a` }],
      ['Bash', { command: 'cat /etc/hostname' }],
    ] as const) {
      const { isError, text } = await server.call(tool, args);
      expect(isError).toBe(true);
      expect(text).toMatch(cause);
      expect(text).toContain('--sandbox files-only');
    }
    expect((await server.call('status', {})).text).toMatch(cause);
  });

  test('has files and no commands when they say so', async () => {
    const server = await startServer(null, { behind: NO_BWRAP, options: ['--sandbox', 'files-only'] });
    writeFileSync(join(server.folder, 'a'), 'content\n');
    expect((await server.call('Read', { file_path: `${server.root}/a` })).text).toContain('content');
    expect((await server.tools()).filter((name) => /Bash/.test(name))).toEqual([]);
    const { isError, text } = await server.call('Bash', { command: 'true' });
    expect(isError).toBe(true);
    expect(text).toContain('--sandbox files-only');
  });
});

test('the process that touches files ends with the server, however that ends', async () => {
  const place = mkdtempSync(join(tmpdir(), 'deskhand-only-'));
  onTestFinished(() => rmSync(place, { recursive: true, force: true }));
  const server = await startServer(null, { options: ['--sandbox', 'files-only'] });
  writeFileSync(join(server.folder, 'a'), 'content\n');
  await server.call('Read', { file_path: `${server.root}/a` });
  const workers = () =>
    readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  const [worker = ''] = workers();
  expect(existsSync(`/proc/${worker}`)).toBe(true);
  process.kill(server.pid, 'SIGKILL');
  await vi.waitFor(() => expect(existsSync(`/proc/${worker}`)).toBe(false), 10_000);
});
