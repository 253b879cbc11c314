import { z } from 'zod';
import { startProcess } from '../lab/owned-process.ts';

/** A server that is told to write, and is killed while it does. */
export interface Victim {
  /** From the start of the process to the answer of `initialize`, in milliseconds. */
  readonly startMs: number;
  /** What was answered as written so far. */
  readonly written: readonly string[];
  /** Asks for one more application to be allowed, and does not wait. */
  allow(app: string): void;
  kill(): Promise<void>;
}

export interface VictimStart {
  readonly file: string;
  readonly home: string;
  readonly cwd: string;
}

const Answer = z.object({ id: z.int(), result: z.looseObject({ isError: z.literal(false).optional() }) });

export async function startVictim({ file, home, cwd }: VictimStart): Promise<Victim> {
  const started = performance.now();
  const env = { PATH: process.env['PATH'] ?? '', DESKHAND_HOME: home, DESKHAND_LOG_LEVEL: 'error' };
  const child = startProcess({ command: process.execPath, args: [file], env, cwd });
  const apps = new Map<number, string>();
  const written: string[] = [];
  const opened = new Promise<void>((resolve, reject) => {
    child.onLine((line) => {
      const { id } = Answer.parse(JSON.parse(line));
      const app = apps.get(id);
      if (app === undefined) resolve();
      else written.push(app);
    });
    void child.exited.then(() => reject(new Error(`the server ended: ${child.stderr()}`)));
  });
  const send = (message: object): void => {
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  };
  const clientInfo = { name: 'fuzz-kill', version: '0.0.0' };
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
  send({ id: 0, method: 'initialize', params });
  await opened;
  const startMs = performance.now() - started;
  send({ method: 'notifications/initialized' });
  return {
    startMs,
    written,
    allow: (app) => {
      const id = apps.size + 1;
      apps.set(id, app);
      send({ id, method: 'tools/call', params: { name: 'allow', arguments: { app } } });
    },
    kill: async () => {
      process.kill(child.pid, 'SIGKILL');
      await child.exited;
    },
  };
}
