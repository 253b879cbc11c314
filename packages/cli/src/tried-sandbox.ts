import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Refusal, type Context } from './context.ts';
import { binOf, ownEnv } from './servers.ts';

interface SandboxState {
  readonly isThere: boolean;
  /** What makes it and what of it does not hold, or what is lacking, with what mends it. */
  readonly words: string;
}

const TRIED = 'start a sandbox and run a program in it: ';

/** Has the workspace try whether it has a sandbox here. */
export async function triedSandbox(context: Context): Promise<SandboxState> {
  const args = [binOf('workspace-mcp', context), 'daemon', 'doctor', '--sandbox', 'required'];
  const env = { PATH: context.env['PATH'], HOME: context.env['HOME'], ...ownEnv(context) };
  const doctor = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const [said] = await Promise.all([text(doctor.stdout), once(doctor, 'close')]);
  const lines = said.split('\n');
  const good = lines.find((line) => line.startsWith('ok ') && line.includes(TRIED));
  if (doctor.exitCode === 0 && good !== undefined)
    return { isThere: true, words: good.slice(good.indexOf(TRIED) + TRIED.length) };
  return { isThere: false, words: lines.filter((line) => line !== '' && !line.startsWith('ok ')).join('\n') };
}

/** @throws Refusal that says `why` unless the workspace has a sandbox here */
export async function requireSandbox(context: Context, why: string): Promise<void> {
  const { isThere, words } = await triedSandbox(context);
  if (!isThere) throw new Refusal(why, words);
}
