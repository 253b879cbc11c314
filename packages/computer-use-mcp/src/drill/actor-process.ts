import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { spawnOwned } from '@deskhand/server-runtime';
import { DIALOG_MARK } from '@deskhand/grants';
import type { Part } from './cast.ts';
import type { Received } from './stage.ts';
import { answer, entrance, type Appearance, type Order } from './actor-protocol.ts';

/** An actor's process. */
export interface ActorProcess {
  readonly pid: number;
  /** The number that the window system gave it; 0 where a client is not told. */
  readonly window: number;
  tell(what: Order['do']): Promise<Received>;
  close(): Promise<void>;
}

export interface ActorOptions {
  readonly part: Part;
  /** The copy of node that runs it, under the name of what it plays. */
  readonly executable: string;
  /** The script of a window's process. */
  readonly script: string;
  readonly look: Appearance;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** @throws Error when the process ends before its window is there, with what it wrote */
export async function startActor({
  part,
  executable,
  script,
  look,
  env,
}: ActorOptions): Promise<ActorProcess> {
  const child = await spawnOwned(executable, [script, JSON.stringify(look)], {
    env: { ...env, ...(part.isOwnDialog && { [DIALOG_MARK]: '1' }) },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const wrote = child.stderr === undefined ? Promise.resolve('') : text(child.stderr);
  const next = async (): Promise<unknown> => {
    const line = await lines.next();
    if (line.done === true) throw new Error(`the window of ${part.name} ended: ${(await wrote).trim()}`);
    return JSON.parse(line.value);
  };
  const { window } = entrance.parse(await next());
  let last = 0;
  return {
    pid: child.pid,
    window,
    tell: async (what) => {
      child.stdin.write(`${JSON.stringify({ id: ++last, do: what })}\n`);
      return answer.parse(await next());
    },
    close: () => child.close(),
  };
}
