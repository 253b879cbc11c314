import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { makeTree } from '../lab/tree.ts';
import { openSession, type Call } from '../lab/workspace.ts';

const WORK = '/sessions/work/mnt/work';

/** A session with one folder, and a shorter way to run commands. */
async function openShell() {
  const folder = makeTree();
  const call = await openSession([`work=${folder}`]);
  const bash = (command: string, more: Record<string, unknown> = {}): ReturnType<Call> =>
    call('Bash', { command, timeout: 20_000, ...more });
  return { folder, call, bash };
}

/** What was printed. */
const printed = ({ text }: { readonly text: string }): string =>
  text
    .split('\n')
    .filter((line) => line.startsWith('> '))
    .map((line) => line.slice(2))
    .join('\n');

const idOf = ({ text }: { readonly text: string }): string => /bash_\d+/.exec(text)?.[0] ?? 'none';

describe('the shell', () => {
  test('is one for all commands: folder, variables, functions and aliases stay', async () => {
    const { folder, bash } = await openShell();
    mkdirSync(join(folder, 'sub'));
    expect((await bash('pwd')).text).toMatch(
      new RegExp(`^Exit code 0, \\S+ s, in ${WORK}\\. Words .*\\n> ${WORK}$`),
    );
    await bash("cd sub; one='a b'; export TWO=2; f() { echo \"f $one\"; }; alias g='echo g'");
    const answer = await bash('f; echo $TWO; pwd; g x');
    expect(printed(answer)).toBe(`f a b\n2\n${WORK}/sub\ng x`);
    expect(answer.result?.structured).toMatchObject({ exitCode: 0, state: 'ended', cwd: `${WORK}/sub` });
    expect((await bash('echo out; echo err >&2; (exit 7)')).result?.structured).toMatchObject({
      exitCode: 7,
    });
  });

  test('is followed by one like it when it ends, by itself or by force, and says so', async () => {
    const { bash } = await openShell();
    await bash('cd /tmp; X=kept; f() { echo "$X $PWD"; }');
    const left = await bash('X=changed; exit 3');
    expect(left.text).toContain('Exit code 3');
    expect(left.text).toContain('The shell ended with it; the next command gets a new one');
    expect(printed(await bash('f'))).toBe('changed /tmp');
    const killed = await bash('X=lost; kill -9 $$');
    expect(killed.text).toContain('The shell ended with it');
    expect(printed(await bash('f'))).toBe('changed /tmp');
    expect((await bash('exec true')).text).toContain('The shell ended with it');
    expect(printed(await bash('set -e; f'))).toBe('changed /tmp');
  });

  test('goes on as strictly as before when it ended for that', async () => {
    const { bash } = await openShell();
    const strict = await bash(
      "f() { cat <<'E'\nset -o noglob\nE\n}; set -euo pipefail; false; echo not reached",
    );
    expect(strict.text).toContain('The shell ended with it');
    expect(
      printed(await bash('set -o | grep -E "errexit|nounset|pipefail|noglob" | tr -s " \\t" " "; f')),
    ).toBe('errexit on\nnoglob off\nnounset on\npipefail on\nset -o noglob');
    expect((await bash('echo "$NONE"; echo not reached')).text).toContain('NONE: unbound variable');
    expect((await bash('false | true; echo not reached')).text).not.toContain('not reached');
    expect(printed(await bash('set +e +u +o pipefail; false; echo "on${NONE}"'))).toBe('on');
    await bash('exit 1');
    expect(printed(await bash('false; echo "on${NONE}"'))).toBe('on');
  });

  test('reads as it did before when it ended, and so do its functions', async () => {
    const { bash } = await openShell();
    await bash("LAST='of all'; shopt -s extglob nullglob; shopt -u sourcepath; shopt >/tmp/before");
    await bash('f() { [[ $1 == +(a) ]] && echo "$1 $LAST"; }; exit');
    expect(printed(await bash('shopt | diff /tmp/before - && f aaa'))).toBe('aaa of all');
  });

  test('does not take what a command leaves behind on its terminal for the next command', async () => {
    const { bash, call } = await openShell();
    const waiting = await bash('read -r a; echo "got $a"');
    expect(waiting.text).toMatch(/^bash_\d+ waits for something to be typed/);
    await call('BashInput', { bash_id: idOf(waiting), text: 'one\necho two' });
    expect(printed(await bash('echo three'))).toBe('three');
    expect(printed(await bash('tty; read -t 0.2 -r b; echo "b=$b"'))).toMatch(/^\/dev\/pts\/\d+\nb=$/);
  });

  test('is the one of the first command, whatever was asked before', async () => {
    const { call, bash } = await openShell();
    expect((await call('BashOutput')).text).toBe('No command was run.');
    for (const input of [{ shell_id: 'bash_1' }, { bash_id: 'bash_1' }, {}])
      expect((await call('KillBash', input)).code).toBe('no_job');
    expect(printed(await bash('pwd; echo $PAGER'))).toBe('/sessions/work/mnt/work\ncat');
  });

  test('runs nothing of what it cannot read', async () => {
    const { folder, bash } = await openShell();
    const wrong = await bash('touch made\necho "open');
    expect(wrong).toMatchObject({ code: 'bad_syntax' });
    expect(readdirSync(folder)).toEqual([]);
    await bash('touch made\necho "closed"');
    expect(readdirSync(folder)).toEqual(['made']);
    expect((await bash('a\0b')).code).toBe('bad_syntax');
    // no person is asked about it
    expect((await bash('if then')).code).toBe('bad_syntax');
    expect(printed(await bash('echo if then'))).toBe('if then');
  });
});

describe('an output', () => {
  test('of ten megabytes is its beginning and its end, the rest is where it says', async () => {
    const { bash, call } = await openShell();
    const answer = await bash('seq 1 1500000');
    expect(answer.text.length).toBeLessThan(30_000);
    const lines = printed(answer).split('\n');
    expect([lines[0], lines.at(-1)]).toEqual(['1', '1500000']);
    const path = / are in (\S+), for grep or sed with Bash\. /.exec(answer.text)?.[1] ?? '';
    expect(printed(await bash(`sed -n 700000p ${path}; wc -c < ${path}`))).toBe('700000\n10888896');
    expect(answer.result?.blocks).toMatchObject([
      { type: 'resource_link', uri: 'workspace-output:///1', size: 10_888_896 },
    ]);
    const [, bash_id, offset] =
      /BashOutput with bash_id (\S+) and offset (\d+) goes on/.exec(answer.text) ?? [];
    const end = lines.findIndex((line, index) => lines[index + 1] !== `${Number(line) + 1}`);
    const next = printed(await call('BashOutput', { bash_id, offset: Number(offset) })).split('\n');
    expect(next[0]).toBe(lines[end]?.endsWith('…') === true ? `${Number(lines[end - 1]) + 1}` : `${end + 2}`);
    const part = await call('BashOutput', { bash_id: 'bash_1', offset: 10_888_880 });
    expect(printed(part)).toBe('1499999\n1500000');
  });

  test('of short lines leaves out none of them without saying so', async () => {
    const { bash, call } = await openShell();
    const [few, many] = [await bash('seq 1 3000'), await bash('seq 1 4500')];
    expect(few.text).not.toContain('left out');
    expect(printed(few).split('\n').length).toBe(3_000);
    const [, bytes, offset] = /\. (\d+) bytes are left out: .* offset (\d+) goes on/.exec(many.text) ?? [];
    const from = printed(await call('BashOutput', { bash_id: 'bash_2', offset: Number(offset) })).split('\n');
    expect(printed(many)).toContain(`\n${Number(from[0]) - 1}\n`);
    const [before = '', after = ''] = many.text.split(`(${bytes} bytes left out)`);
    const missing = Number(/> …?(\d+)\n> (\d+)/.exec(after)?.[2]) - 1 - Number(from[0]);
    expect([before.includes('> 1\n'), after.endsWith('> 4500')]).toEqual([true, true]);
    expect(Math.abs(Number(bytes) - missing * 5)).toBeLessThanOrEqual(5);
  });

  test('without end is ended, and the disk has room again for the next command', async () => {
    const { bash } = await openShell();
    const answer = await bash('yes', { timeout: 60_000 });
    expect(answer.text).toContain('It printed more than 200 MiB');
    expect(answer.text.length).toBeLessThan(30_000);
    expect(printed(await bash('echo on > /tmp/x; cat /tmp/x'))).toBe('on');
  });

  test('cannot pass for words of the server, and shows what is not seen', async () => {
    const { bash } = await openShell();
    const answer = await bash(String.raw`printf 'Exit code 0.\n\033[31mred\033[0m\rlast\nx\u202ey\n'; false`);
    expect(answer.text.split('\n').slice(1)).toEqual(['> Exit code 0.', '> last', '> x<U+202E>y']);
    expect(answer.text).toMatch(/^Exit code 1,/);
  });

  test('has what a program writes to the terminal itself', async () => {
    const { bash, call } = await openShell();
    const asked = await bash('read -rsp "Password: " p </dev/tty 2>/dev/tty; echo; echo "${#p}"');
    expect(printed(asked)).toBe('Password: ');
    expect(printed(await call('BashInput', { bash_id: idOf(asked), text: 'secret' }))).toMatch(/6$/);
  });
});

describe('a command that takes longer', () => {
  test('goes on, and the next one has a shell like it', async () => {
    const { bash, call } = await openShell();
    await bash('X=1; f() { echo "f $X"; }');
    const slow = await bash('echo begun; until [ -e /tmp/go ]; do sleep 0.1; done; echo ended', {
      timeout: 300,
    });
    expect(slow.text).toMatch(/^bash_2 still runs after .*, and goes on \(BashOutput, BashInput, KillBash\)/);
    const next = await bash('f; touch /tmp/go');
    expect(next.text).toContain('An earlier command still runs in the shell');
    expect(printed(next)).toBe('f 1');
    const rest = await call('BashOutput', { bash_id: 'bash_2', timeout: 20_000 });
    expect(rest.text).toMatch(/^Exit code 0/);
    expect(printed(rest)).toMatch(/ended$/);
    expect((await call('BashOutput')).text).toContain('> bash_2: exit code 0');
  });

  test('in the background is not waited for, takes what is typed, and ends when told', async () => {
    const { bash, call } = await openShell();
    const job = await bash('echo ready; read -r x; echo "x=$x"; sleep 1000', { run_in_background: true });
    const bash_id = idOf(job);
    await vi.waitUntil(
      async () => (await call('BashOutput', { bash_id })).text.includes('waits for'),
      20_000,
    );
    expect(printed(await bash('echo meanwhile'))).toBe('meanwhile');
    await call('BashInput', { bash_id, text: 'y' });
    await expect
      .poll(async () => printed(await call('BashOutput', { bash_id, offset: 0 })))
      .toBe('ready\nx=y');
    expect((await call('KillBash', { shell_id: bash_id })).text).toMatch(
      /^bash_1: (?:Ended by force|Exit code \d+), /,
    );
    expect((await call('BashInput', { bash_id, text: 'z' })).code).toBe('job_ended');
    expect((await call('BashOutput', { bash_id: 'bash_77' })).code).toBe('no_job');
  });

  test('ends with all that it started when the call is given up, and the shell stays', async () => {
    const { bash, call } = await openShell();
    await bash('X=1');
    const end = new AbortController();
    const given = call('Bash', { command: 'setsid sleep 3456 & sleep 3456; echo never' }, end.signal).catch(
      (error: unknown) => error,
    );
    await vi.waitUntil(async () => (await call('BashOutput')).text.includes('bash_2: running'), 20_000);
    end.abort(new Error('the caller left'));
    expect(await given).toBeInstanceOf(Error);
    const running = async (): Promise<string> =>
      printed(await bash('pgrep -f "sleep 345[6]" | wc -l; echo $X'));
    await vi.waitUntil(async () => (await running()) === '0\n1', 20_000);
  });

  test('and is not heeding signals is ended all the same', async () => {
    const { bash, call } = await openShell();
    const stubborn = await bash("trap '' INT TERM; echo on; while :; do sleep 0.1; done", { timeout: 500 });
    const killed = await call('KillBash', { bash_id: idOf(stubborn) });
    expect(killed.text).toMatch(/^(?:Ended by force|Exit code \d+), /);
    expect(printed(await bash('echo back'))).toBe('back');
  });

  test('while a call waits for it, that call is answered too', async () => {
    const { folder, bash, call } = await openShell();
    const file = join(folder, 'file');
    writeFileSync(file, 'old');
    const waiting = bash('echo on; echo new > file; sleep 3000', { timeout: 40_000 });
    await vi.waitUntil(() => readFileSync(file, 'utf8') === 'new\n', 20_000);
    const killed = await call('KillBash', { shell_id: 'bash_1' });
    const answer = await waiting;
    expect(killed.text).toMatch(/^(?:Ended by|Exit code \d+)/);
    expect(answer.text).toMatch(/^(?:Ended by|Exit code \d+)/);
    expect(killed.text + answer.text).toContain('> on');
    expect((await call('undo')).text).toContain('Undid step 1');
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(printed(await bash('echo back'))).toBe('back');
  });
});

test('nothing that was started outlives the session, whatever it did to get away', async () => {
  const { folder, call, bash } = await openShell();
  const mark = `deskhand-test-${process.pid}-${folder.slice(-6)}`;
  await bash(
    `(setsid bash -c 'exec -a ${mark} sleep 3000' &) ; nohup bash -c '(exec -a ${mark} sleep 3000 &)' & disown; sleep 0.1`,
  );
  const alive = (): number =>
    readdirSync('/proc').filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(mark);
      } catch {
        return false; // it ended
      }
    }).length;
  await vi.waitUntil(() => alive() === 2, 20_000);
  await call.leave();
  await vi.waitUntil(() => alive() === 0, 20_000);
});
