import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import type { Closable } from '../lab/belongings.ts';
import { eventually } from '../lab/eventually.ts';
import { BROWSER_FLAGS } from './own-server.ts';

/** An element as Chromium tells assistive technology of it. */
export interface Told {
  readonly role: string;
  readonly name: string;
}

/** A browser that servers join, and that is asked itself what its pages are to assistive technology. */
export interface AskedBrowser extends Closable {
  /** Such as `http://127.0.0.1:45678`, for servers. */
  readonly url: string;
  /** All elements of the page with this address, those of its frames aside. */
  told(address: string): Promise<readonly Told[]>;
}

const message = z.object({
  id: z.number().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});
const targets = z.object({
  targetInfos: z.array(z.object({ targetId: z.string(), type: z.string(), url: z.string() })),
});
const attached = z.object({ sessionId: z.string() });
const tree = z.object({
  nodes: z.array(
    z.object({
      ignored: z.boolean(),
      role: z.object({ value: z.string() }).optional(),
      name: z.object({ value: z.string() }).optional(),
    }),
  ),
});

type Ask = (method: string, params?: object, sessionId?: string) => Promise<unknown>;

/** Messages on the pipes of a browser, each with a NUL at its end. */
function asking(input: Writable, output: Readable): Ask {
  const waiting = new Map<number, (said: z.output<typeof message>) => void>();
  let [last, rest] = [0, ''];
  output.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const said = message.parse(JSON.parse(part));
      waiting.get(said.id ?? 0)?.(said);
    }
  });
  return async (method, params = {}, sessionId) => {
    const id = ++last;
    const answer = new Promise<z.output<typeof message>>((resolve) => waiting.set(id, resolve));
    input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { result, error } = await answer;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  };
}

async function toldOf(ask: Ask, address: string): Promise<readonly Told[]> {
  const { targetInfos } = targets.parse(await ask('Target.getTargets'));
  const page = targetInfos.find(({ type, url }) => type === 'page' && url === address);
  if (page === undefined) throw new Error(`no page has the address ${address}`);
  const to = { targetId: page.targetId, flatten: true };
  const { sessionId } = attached.parse(await ask('Target.attachToTarget', to));
  try {
    const { nodes } = tree.parse(await ask('Accessibility.getFullAXTree', {}, sessionId));
    return nodes
      .filter(({ ignored }) => !ignored)
      .map(({ role, name }) => ({ role: role?.value ?? '', name: name?.value ?? '' }));
  } finally {
    await ask('Target.detachFromTarget', { sessionId });
  }
}

/** `folder`: for its profile, of which nothing else makes use. */
export async function startAskedBrowser(folder: string): Promise<AskedBrowser> {
  const isRoot = process.getuid?.() === 0;
  const flags = [...BROWSER_FLAGS, ...(isRoot ? ['--no-sandbox'] : []), '--headless'];
  const doors = ['--remote-debugging-pipe', '--remote-debugging-port=0', `--user-data-dir=${folder}`];
  const child = spawn('/usr/bin/chromium', [...flags, ...doors, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [, , , input, output] = child.stdio;
  if (!(input instanceof Object && 'write' in input && output instanceof Object && 'setEncoding' in output))
    throw new Error('the browser has no pipes');
  const ask = asking(input, output);
  const close = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  const port = await eventually('the browser to say its port', async () => {
    const text = await readFile(join(folder, 'DevToolsActivePort'), 'utf8').catch(() => ''); // not there yet
    return /^\d+/.exec(text)?.[0];
  });
  return { url: `http://127.0.0.1:${port}`, told: (address) => toldOf(ask, address), close };
}
