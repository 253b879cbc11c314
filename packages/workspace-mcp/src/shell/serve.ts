import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { bytesOf, nameOf } from '../files/byte-names.ts';
import type { Requests } from '../worker/requests.ts';
import { countOf, unkeptOf } from './dry-run.ts';
import type { JobView } from './job.ts';
import { Jobs } from './jobs.ts';
import { OutputRoom } from './output-room.ts';
import type { Environment } from './pty-shell.ts';
import type { ShellState } from './shell-report.ts';
import { scriptAt } from './script-file.ts';

/** What calls about the shell are answered, inside the sandbox. */
export function shellCalls(env: Environment, outputs: string) {
  let jobs: Jobs | null = null;
  const jobsOf = (state: ShellState): Jobs => new Jobs({ state, env, room: new OutputRoom(outputs) });
  // the first command says what the shell is, not a question that comes before it
  const known = (): Jobs => jobs ?? jobsOf({ cwd: '/', script: Buffer.alloc(0) });
  const answer = (job: JobView, from: number | null | undefined) => ({
    job,
    part: from === null ? null : known().read(job.id, from),
    state: { cwd: known().state.cwd, script: nameOf(known().state.script) },
  });

  return {
    bash: async ({ id, command, background, wait, cwd, script }: Requests['bash']) => {
      const isFresh = jobs === null;
      jobs ??= jobsOf({ cwd, script: bytesOf(script) });
      const isCopy = await jobs.start(id, command, background);
      const job = await jobs.wait(id, wait);
      return { ...answer(job, job.state === 'running' ? null : undefined), isCopy, isFresh };
    },
    bashWait: async ({ id, wait, read, from }: Requests['bashWait']) => {
      const job = await known().wait(id, wait);
      return answer(job, read || job.state !== 'running' ? from : null);
    },
    bashType: async ({ id, text: typed }: Requests['bashType']) => {
      const reader = known().reader(id);
      if (typed !== undefined) known().type(id, typed);
      return Promise.resolve({ reader });
    },
    bashKill: async ({ id, signal }: Requests['bashKill']) => {
      await known().kill(id, signal);
      return answer(known().view(id), undefined);
    },
    bashJobs: () => ({ jobs: known().all }),
    bashBytes: ({ id, from, length }: Requests['bashBytes']) => ({
      base64: known().bytes(id, from, length).toString('base64'),
    }),
    bashGoes: ({ goes }: Requests['bashGoes']) => countOf(goes),
    bashUnkept: unkeptOf,
    bashScript: ({ path }: Requests['bashScript']) => scriptAt(path),
    bashSyntax: async ({ script }: Requests['bashSyntax']) => ({ problem: await syntaxProblem(script) }),
  };
}

/** What bash itself says about a script that it is only to read. */
async function syntaxProblem(script: string): Promise<string | null> {
  const bash = spawn('/bin/bash', ['--noprofile', '--norc', '-n', '-O', 'extglob'], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  bash.stdin.on('error', () => undefined);
  bash.stdin.end(script);
  const [words, code] = await Promise.all([
    text(bash.stderr),
    new Promise<number | null>((resolve, reject) => bash.once('close', resolve).once('error', reject)),
  ]);
  return code === 0 ? null : words.trim().slice(0, 500);
}
