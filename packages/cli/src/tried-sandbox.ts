import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Refusal, type Context } from './context.ts';
import { binOf, ownEnv } from './servers.ts';
import { shown } from './waiting.ts';

interface SandboxState {
  readonly isThere: boolean;
  /** What makes it and what of it does not hold, or what is lacking, with what mends it. */
  readonly words: string;
}

const TRIED = 'start a sandbox and run a program in it: ';

/** Has the workspace try whether it has a sandbox here. */
export async function triedSandbox(context: Context, signal?: AbortSignal): Promise<SandboxState> {
  const args = [binOf('workspace-mcp', context), 'daemon', 'doctor', '--sandbox', 'required'];
  const env = { PATH: context.env['PATH'], HOME: context.env['HOME'], ...ownEnv(context) };
  const doctor = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const giveUp = (): void => void doctor.kill();
  signal?.addEventListener('abort', giveUp);
  const tried = Promise.all([text(doctor.stdout), once(doctor, 'close')]);
  const [said] = await shown(context, 'Trying the sandbox', tried);
  signal?.removeEventListener('abort', giveUp);
  signal?.throwIfAborted();
  const lines = said.split('\n');
  const good = lines.find((line) => line.startsWith('ok ') && line.includes(TRIED));
  if (doctor.exitCode === 0 && good !== undefined)
    return { isThere: true, words: good.slice(good.indexOf(TRIED) + TRIED.length) };
  return { isThere: false, words: lines.filter((line) => line !== '' && !line.startsWith('ok ')).join('\n') };
}

interface Requirement {
  readonly why: string;
  readonly signal?: AbortSignal;
}

/** @throws Refusal that says `why` unless the workspace has a sandbox here */
export async function requireSandbox(context: Context, { why, signal }: Requirement): Promise<void> {
  const { isThere, words } = await triedSandbox(context, signal);
  if (!isThere) throw new Refusal(why, words);
}
