import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Processes } from '../../src/desktop/linux/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'deskhand-process-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const argvOf = (processes: Processes, pid: number): readonly string[] | undefined => {
  const identity = processes.identityOf(pid);
  return typeof identity === 'string' ? undefined : identity.argv;
};

test('a program that another script replaces in the same process is the other one', async () => {
  const [first, second] = [join(folder, 'first.sh'), join(folder, 'second.sh')];
  writeFileSync(first, `echo first; read go; exec sh ${second}`);
  writeFileSync(second, 'echo second; read end');
  const child = spawn('sh', [first], { stdio: ['pipe', 'pipe', 'inherit'] });
  const processes = new Processes();
  try {
    await once(child.stdout, 'data');
    const { pid = 0 } = child;
    expect([argvOf(processes, pid), argvOf(processes, pid)]).toEqual([
      ['sh', first],
      ['sh', first],
    ]);
    child.stdin.write('\n');
    await once(child.stdout, 'data');
    expect(argvOf(processes, pid)).toEqual(['sh', second]);
  } finally {
    child.kill();
  }
});
