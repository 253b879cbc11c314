import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Refusal, type Context } from './context.ts';
import { binOf, ownEnv } from './servers.ts';

/** @throws Refusal that says `why` unless the workspace has a sandbox here */
export async function requireSandbox(context: Context, why: string): Promise<void> {
  const args = [binOf('workspace-mcp', context), 'daemon', 'doctor', '--sandbox', 'required'];
  const env = { PATH: context.env['PATH'], HOME: context.env['HOME'], ...ownEnv(context) };
  const doctor = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const [said] = await Promise.all([text(doctor.stdout), once(doctor, 'close')]);
  if (doctor.exitCode === 0) return;
  const wrong = said.split('\n').filter((line) => line !== '' && !line.startsWith('ok '));
  throw new Refusal(why, wrong.join('\n'));
}
