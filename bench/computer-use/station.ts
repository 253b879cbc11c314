import type { Desktop } from '@deskhand/tests/lab/desktop';
import { startProcess } from '@deskhand/tests/lab/owned-process';
import { Reply, type Command } from './station/protocol.ts';

/** A process on the desktop that does things with a library and takes their time itself. */
export interface Station {
  /** Gives the milliseconds of each time. */
  measure(command: Command, times: number): Promise<readonly number[]>;
}

interface Waiting {
  readonly resolve: (ms: readonly number[]) => void;
  readonly reject: (error: Error) => void;
}

export function startStation(desktop: Desktop, file: URL, args: readonly string[] = []): Station {
  const child = desktop.own(
    startProcess({
      command: process.execPath,
      args: [file.pathname, ...args],
      env: desktop.env,
      cwd: desktop.folder,
    }),
  );
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  child.onLine((line) => {
    const { id, ms, error } = Reply.parse(JSON.parse(line));
    if (ms === undefined) waiting.get(id)?.reject(new Error(error ?? 'no times came back'));
    else waiting.get(id)?.resolve(ms);
    waiting.delete(id);
  });
  const ended = child.exited.then(() => {
    const error = new Error(`the process ended: ${child.stderr().trim().split('\n').at(-1) ?? ''}`);
    for (const { reject } of waiting.values()) reject(error);
    return error;
  });
  return {
    measure: async (command, times) => {
      if (!child.isRunning()) throw await ended;
      const id = (lastId += 1);
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        child.stdin.write(`${JSON.stringify({ id, command, times })}\n`);
      });
    },
  };
}
