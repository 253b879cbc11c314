import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { Checkpoints } from '../../src/checkpoints/checkpoints.ts';
import { makeTree } from '../lab/tree.ts';
import { signal } from './lab.ts';

/** `KILL_ROUNDS=200` for the long run. */
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 4);
const CLI = join(import.meta.dirname, '../../dist/cli.js');
const LEDGER = join(import.meta.dirname, '../../../run-ledger/dist/cli.js');
const LENGTH = 300_000;
const ROOT = '/sessions/killed/mnt/work';

/** A server that is told to write and to undo without end, and is killed after so many answers. */
async function killAfter(answers: number, { folder, home }: { folder: string; home: string }): Promise<void> {
  const server = spawn(process.execPath, [CLI, '--session', 'killed', '--mount', `work=${folder}`], {
    env: { PATH: process.env['PATH'], DESKHAND_HOME: home, DESKHAND_LOG_LEVEL: 'error' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  server.stdin.on('error', () => undefined);
  const send = (message: object): void => {
    server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  };
  const clientInfo = { name: 'killer', version: '0' };
  send({
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
  });
  send({ method: 'notifications/initialized' });
  const calls = Array.from({ length: 12 }, (_, turn) => {
    const file_path = `${ROOT}/${turn % 2 === 0 ? 'a' : 'b'}`;
    const content = 'xyz'.charAt((turn + answers) % 3).repeat(LENGTH);
    return [
      { name: 'Read', arguments: { file_path, limit: 1 } },
      { name: 'Write', arguments: { file_path, content } },
      { name: 'undo', arguments: turn % 3 === 0 ? { overwrite: true } : { dry_run: true } },
    ];
  }).flat();
  calls.forEach((params, index) => send({ id: index + 1, method: 'tools/call', params }));
  let seen = 0;
  for await (const line of createInterface({ input: server.stdout })) {
    if (line.includes('"id"')) seen += 1;
    if (seen > answers) break;
  }
  server.kill('SIGKILL');
  await once(server, 'close');
}

test(
  'a server that is killed while it writes and undoes leaves whole files, steps that can be undone, and its record',
  async () => {
    const [folder, state] = [makeTree(), makeTree()];
    const home = join(state, 'state');
    mkdirSync(home, { mode: 0o700 });
    for (const name of ['a', 'b']) writeFileSync(join(folder, name), 'x'.repeat(LENGTH));
    // steps make room for newer ones in a long run, so the oldest that is left is gone back to
    const kept = new Map<number, readonly string[]>();
    const contents = (): readonly string[] =>
      ['a', 'b'].map((name) => readFileSync(join(folder, name), 'utf8'));
    const open = () =>
      new Checkpoints({ home, session: 'killed', mounts: () => [{ name: 'work', folder, access: 'rw' }] });
    for (let round = 0; round < ROUNDS; round += 1) {
      const step = await open().before({ label: 'a round', paths: 'all' }, signal);
      kept.set(step?.number ?? 0, contents());
      await killAfter(2 + ((round * 7) % 24), { folder, home });
      for (const content of contents()) {
        expect(content.length).toBe(LENGTH);
        expect('xyz').toContain(content.charAt(0));
        expect(content === content.charAt(0).repeat(LENGTH)).toBe(true);
      }
      expect(open().list().length).toBeGreaterThan(0);
    }
    const steps = open().list();
    expect(steps.length).toBeGreaterThan(1);
    const oldest = steps.find(({ number }) => kept.has(number))?.number ?? 0;
    const { failed } = await open().undo({ to: oldest, overwrite: true }, AbortSignal.timeout(60_000));
    expect(failed).toEqual([]);
    expect(contents().map((content) => content.charAt(0))).toEqual(
      kept.get(oldest)?.map((content) => content.charAt(0)),
    );
    expect(contents()).toEqual(kept.get(oldest));
    expect(readdirSync(folder).filter((name) => !/^(?:a|b|\.[ab]\..*\.deskhand-new)$/.test(name))).toEqual(
      [],
    );
    const env = { PATH: process.env['PATH'], DESKHAND_HOME: home };
    await promisify(execFile)(process.execPath, [LEDGER, 'verify'], { env });
  },
  60_000 + ROUNDS * 20_000,
);
