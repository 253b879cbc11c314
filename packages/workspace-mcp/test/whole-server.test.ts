import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startServer } from './lab/server-process.ts';

const NOBODY = 65_534;
const IS_ROOT = process.geteuid?.() === 0;
const FOLDERS = 500;
const FILES = 100;
/** Names of each of them: some disks take longer to make so many files than the server needs for all that it is asked. */
const NAMES = 10;
/** Of the test with so many files, where nothing but the calls' own time-outs bounds them. */
const PATIENCE_MS = 180_000;

test(
  'what hangs other servers is answered: pipes, a device, a sparse file, 50,000 files, a name with a line feed',
  async () => {
    const { folder, root, call } = await startServer(null);
    const pipes = ['a', 'b', 'c', 'd', 'e'].map((name) => join(folder, name));
    execFileSync('mkfifo', pipes);
    if (IS_ROOT) execFileSync('mknod', [join(folder, 'zero'), 'c', '1', '5']);
    writeFileSync(join(folder, 'sparse'), '');
    truncateSync(join(folder, 'sparse'), 10 * 1024 ** 3);
    writeFileSync(join(folder, 'one\ntwo'), 'needle\n');
    for (let index = 0; index < FOLDERS; index += 1) {
      mkdirSync(join(folder, `${index}`));
      const fileAt = (file: number): string => join(folder, `${index}/${file}.txt`);
      for (let file = 0; file < FILES; file += 1) {
        if (file % NAMES === 0) writeFileSync(fileAt(file), 'hay\n');
        else linkSync(fileAt(file - (file % NAMES)), fileAt(file));
      }
    }

    const at = (name: string): string => `${root}/${name}`;
    const strange = ['a', 'b', 'c', 'd', 'e', ...(IS_ROOT ? ['zero'] : [])];
    const answers = await Promise.all(strange.map((name) => call('Read', { file_path: at(name) })));
    for (const { text } of answers) expect(text).toMatch(/ is a pipe, device or socket|zero may not be used/);
    expect((await call('Grep', { pattern: 'x', path: at('a') })).text).toContain(
      'is a pipe, device or socket',
    );
    expect((await call('Write', { file_path: at('a'), content: 'x' })).text).toContain(
      'is a pipe, device or socket',
    );
    expect((await call('Read', { file_path: at('sparse') })).text).toContain('has 10737418240 bytes');
    expect((await call('Edit', { file_path: at('sparse'), old_string: 'x', new_string: 'y' })).isError).toBe(
      true,
    );
    expect((await call('Grep', { pattern: 'needle', '-n': true })).text).toMatch(
      /\n> work\/one<U\+000A>two$/,
    );
    expect((await call('Glob', { pattern: '**/*.txt' })).text).toContain('100 files');
    expect((await call('Read', { file_path: at('one\ntwo') })).text).toContain('needle');
    expect((await call('checkpoint', { label: 'all of it' })).text).toContain(
      'Not kept: a (it is a pipe, device or socket)',
    );
    expect((await call('Bash', { command: 'rm -r 3 "one\ntwo"; ls | wc -l' })).isError).toBe(false);
    expect((await call('undo', {})).text).toContain('back again');
    expect(readFileSync(join(folder, 'one\ntwo'), 'utf8')).toBe('needle\n');
    expect(readFileSync(join(folder, '3/7.txt'), 'utf8')).toBe('hay\n');
    expect((await call('Bash', { command: 'find . -name "*.txt" | wc -l' })).text).toContain(
      `\n> ${FOLDERS * FILES}`,
    );
  },
  PATIENCE_MS,
);

/** Numbers of processes that have a word in their command line. */
const processesWith = (word: string): readonly string[] =>
  readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(word);
    } catch {
      // it ended meanwhile
      return false;
    }
  });

const STARTED: readonly (readonly [string, number | null])[] = IS_ROOT
  ? [
      ['root', null],
      ['a user', NOBODY],
    ]
  : [['a user', null]];

describe.each(STARTED)('commands of a server that %s started', (_, uid) => {
  test('see nothing of this machine, reach only themselves, and are gone with the session', async () => {
    const { call, end, folder } = await startServer(uid);
    const bash = async (command: string): Promise<string> =>
      (await call('Bash', { command, timeout: 60_000 })).text;

    for (const address of ['192.0.2.1/443', '169.254.169.254/80', '10.0.0.1/22', '1.1.1.1/53']) {
      expect(await bash(`(: <&3) 3<>/dev/tcp/${address}`)).toContain('Network is unreachable');
    }
    const serve = `python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 8000)); print("up", flush=True); s.accept()[0].send(b"hello")'`;
    await bash(`coproc ${serve}; read -r up <&"\${COPROC[0]}"`);
    expect(await bash('cat < /dev/tcp/127.0.0.1/8000')).toContain('> hello');
    expect(
      await bash('ip link add x type dummy; ip route add default dev lo; unshare -Urn true; echo end'),
    ).not.toMatch(/\n> end[^]*> up/);
    expect(await bash('(: <&3) 3<>/dev/tcp/1.1.1.1/53')).toContain('Network is unreachable');

    const looks = await bash(
      'cat /etc/shadow; ls /root /home /tmp; env; cat /proc/1/environ | tr "\\0" "\\n"; ls /proc',
    );
    expect(looks).toContain('/etc/shadow: No such file');
    expect(looks).not.toContain('SECRET_OF_THE_HOST');
    expect(looks).not.toContain(folder);

    const word = `nobody-${process.pid}-${uid ?? 'self'}`;
    const lasting = `exec -a ${word} sleep 1000`;
    await bash(
      `setsid bash -c '${lasting}' & ( ( setsid nohup bash -c '${lasting}' >/dev/null 2>&1 & ) & ); sleep 0`,
    );
    await expect.poll(() => processesWith(word).length).toBeGreaterThanOrEqual(2);
    await end();
    await expect.poll(() => processesWith(word)).toEqual([]);
  });
});
