import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { openGrantStore } from '../src/index.ts';
import { draft, mousepad, nodeArguments, temporaryFolder } from './fixture.ts';

/** Judges each line of its input, a `Wanted`, by the grants as they are then. */
const server = nodeArguments(`
  import { createInterface } from 'node:readline';
  const store = await grants.openGrantStore({ home: args[0] });
  console.log('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    const rules = store.list({ subject: 's1', kinds: grants.RESOURCE_KINDS });
    console.log(grants.decide(rules, JSON.parse(line)).decision);
  }
  store.close();
`);

interface RunningServer {
  judge(wanted: unknown): Promise<string>;
}

async function startServer(home: string): Promise<RunningServer> {
  const child = spawn(process.execPath, [...server, home], { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.stdin.end();
    await closed;
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  await lines.next();
  return {
    judge: async (wanted) => {
      child.stdin.write(`${JSON.stringify(wanted)}\n`);
      return String((await lines.next()).value);
    },
  };
}

test(
  'what one process revokes, the next call in every other server refuses',
  { timeout: 300_000 },
  async () => {
    const home = temporaryFolder();
    const store = await openGrantStore({ home });
    onTestFinished(() => store.close());
    const folder = { kind: 'folder', path: '/srv', access: 'rw' } as const;
    const [app, shared] = [
      await store.add(draft()),
      await store.add(draft({ resource: folder, subject: 's1', scope: 'session' }), { shared: true }),
    ];
    const servers = [await startServer(home), await startServer(home)];
    const judgeAll = (wanted: unknown) => Promise.all(servers.map((running) => running.judge(wanted)));
    expect(await judgeAll(mousepad)).toEqual(['allow', 'allow']);
    expect(await judgeAll(folder)).toEqual(['allow', 'allow']);
    for (const { id } of [app, shared]) {
      const revoke = `const store = await grants.openGrantStore({ home: args[0] }); await store.revoke('${id}'); store.close();`;
      expect(spawnSync(process.execPath, [...nodeArguments(revoke), home]).status).toBe(0);
      expect(await judgeAll(id === app.id ? mousepad : folder)).toEqual(['unset', 'unset']);
    }
    await store.add(draft({ decision: 'deny' }));
    expect(await judgeAll(mousepad)).toEqual(['deny', 'deny']);
  },
);
