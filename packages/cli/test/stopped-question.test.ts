import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { calls, DONE, HostProcess } from './lab/host-process.ts';

const ONLY = ['--servers', 'workspace'];
const CTRL_C = '\u0003';

const WAYS = {
  'Ctrl-C': ({ child }: ReturnType<HostProcess['start']>) => child.stdin.write(CTRL_C),
  'the end of its terminal': ({ child }: ReturnType<HostProcess['start']>) => child.kill('SIGKILL'),
};

test.each(Object.entries(WAYS))(
  'a question that %s leaves unanswered is asked again, and nothing is taken for done',
  async (_name, leave) => {
    const host = new HostProcess();
    const folder = host.folder('work');
    await host.script(
      calls('workspace__Bash', { command: 'mkdir build' }),
      calls('workspace__Bash', { command: 'rm -rf build' }),
      DONE,
    );
    const asked = host.atTerminal('run', 'Tidy', '--mount', `work=${folder}`, ...ONLY);
    await expect.poll(() => asked.seen.out, { timeout: 60_000 }).toContain('(deny, once, session, always) >');
    leave(asked);
    await asked.ended;
    await host.run('stop', 'last');
    await expect
      .poll(async () => (await host.run('resume', 'last', ...ONLY)).code, { timeout: 60_000 })
      .toBe(3);
    expect(existsSync(join(folder, 'build'))).toBe(true);
    expect((await host.run('resume', 'last', '--answer', 'once', ...ONLY)).code).toBe(0);
    expect(existsSync(join(folder, 'build'))).toBe(false);
    const told = JSON.stringify(host.api.requests.at(-1)?.messages);
    expect(told).not.toContain('may or may not have happened');
    expect(host.api.refusals).toEqual([]);
  },
);
