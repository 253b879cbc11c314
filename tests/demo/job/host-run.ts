import { z } from 'zod';

import type { Desktop } from '../../lab/desktop.ts';
import { startProcess, type Environment, type OwnedProcess } from '../../lab/owned-process.ts';
import { inRepository } from '../../lab/workspace.ts';

const part = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('picture'), mimeType: z.string(), data: z.string() }),
]);

const turnPart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('thinking') }),
  z.object({
    ...{ type: z.literal('call'), id: z.string(), name: z.string() },
    input: z.record(z.string(), z.unknown()),
  }),
]);

const event = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), session: z.string() }),
  z.object({ kind: z.literal('answered'), content: z.array(turnPart) }),
  z.object({ kind: z.literal('call-started'), id: z.string() }),
  z.object({
    ...{ kind: z.literal('call-ended'), id: z.string(), content: z.array(part) },
    ...{ decision: z.string(), code: z.string().nullable(), tier: z.string().nullable(), ms: z.number() },
  }),
  z.object({
    kind: z.literal('asked-person'),
    question: z.object({ form: z.object({ message: z.string() }).nullable() }),
  }),
  z.object({ kind: z.literal('parked'), why: z.string(), message: z.string() }),
]);

const line = z.object({ kind: z.literal('event'), event });

/** What the demo looks at of a session's events. */
export type HostEvent = z.infer<typeof event>;
export type TurnCall = Extract<z.infer<typeof turnPart>, { type: 'call' }>;
export type EndedCall = Extract<HostEvent, { kind: 'call-ended' }>;

export const HOST_BIN = inRepository('packages', 'cli', 'dist', 'cli.js');

/** `deskhand` in a process of its own. */
export interface HostRun {
  /** The host alone, as a crash would end it. */
  kill(): void;
  /** Its exit code; null when it was killed. */
  readonly ended: Promise<number | null>;
  readonly problem: () => string;
}

interface HostCommand {
  readonly args: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
  readonly hear: (event: HostEvent) => void;
}

/** Runs one command of `deskhand`; what it says in JSON is heard event by event. */
export function startHost(desktop: Desktop, { args, env, cwd, hear }: HostCommand): HostRun {
  const host: OwnedProcess = desktop.own(
    startProcess({
      command: process.execPath,
      args: [HOST_BIN, ...args],
      env: { ...desktop.env, ...env },
      cwd,
      graceMs: 10_000,
    }),
  );
  host.stdin.end();
  host.onLine((text) => {
    const heard = line.safeParse(JSON.parse(text));
    if (heard.success) hear(heard.data.event);
  });
  return {
    kill: () => process.kill(host.pid, 'SIGKILL'),
    ended: host.exited.then(({ code }) => code),
    problem: () => host.stderr(),
  };
}
