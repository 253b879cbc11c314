import { execFile } from 'node:child_process';
import { access, constants, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { diagnose, MIN_BUBBLEWRAP, PROGRAMS, type Facts, type Lack } from './diagnosis.ts';
import { SandboxError } from './sandbox-error.ts';
import { Sandbox } from './sandbox.ts';

const run = promisify(execFile);

export type SandboxCheck =
  | {
      readonly ok: true;
      /** What makes it: `bubblewrap 0.8.0` or `sandbox-exec`. */
      readonly program: string;
      readonly weaknesses: readonly string[];
    }
  | ({ readonly ok: false } & Lack);

/** Starts a sandbox and runs `true` in it; when that fails, says what is lacking and what mends it. */
export async function checkSandbox(signal: AbortSignal): Promise<SandboxCheck> {
  const facts = await factsOfThisMachine();
  if (facts.missing.length === 0) {
    try {
      const weaknesses = await tryOut(signal);
      const { platform, bubblewrap } = facts;
      const program = platform === 'darwin' ? 'sandbox-exec' : `bubblewrap ${bubblewrap ?? MIN_BUBBLEWRAP}`;
      return { ok: true, program, weaknesses };
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      return { ok: false, ...diagnose({ ...facts, words: error.message }) };
    }
  }
  return { ok: false, ...diagnose(facts) };
}

async function tryOut(signal: AbortSignal): Promise<readonly string[]> {
  const sandbox = await Sandbox.open({ session: 'check', command: ['/bin/cat'] }, signal);
  try {
    const ports = process.platform === 'linux' ? await whyNoPorts(sandbox, signal) : [];
    sandbox.stdin.end();
    const { exitCode } = await sandbox.ended;
    if (exitCode === 0) return [...sandbox.weaknesses, ...ports];
    const hint = 'Look at it with: bwrap --ro-bind / / true';
    throw new SandboxError('sandbox_not_started', `cat ended with ${exitCode} inside`, { hint });
  } finally {
    await sandbox.close();
  }
}

/** Any port will do: nobody inside asks for it. */
const PORT = 1024;

async function whyNoPorts(sandbox: Sandbox, signal: AbortSignal): Promise<readonly string[]> {
  try {
    await sandbox.reach(PORT, signal);
    return [];
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    return [`no ports and domains can be brought in: ${error.message}`];
  }
}

async function factsOfThisMachine(): Promise<Facts> {
  const programs = process.platform === 'darwin' ? ['sandbox-exec'] : PROGRAMS;
  const missing = await Promise.all(programs.map(async (name) => ((await isThere(name)) ? [] : [name])));
  return {
    platform: process.platform,
    missing: missing.flat(),
    bubblewrap: await bubblewrapVersion(),
    isRoot: process.geteuid?.() === 0,
    isInContainer: await exists('/.dockerenv'),
    isFiltered: /^Seccomp:\s*[12]$/m.test((await content('/proc/self/status')) ?? ''),
    unprivilegedNamespaces: await content('/proc/sys/kernel/unprivileged_userns_clone'),
    maxNamespaces: await content('/proc/sys/user/max_user_namespaces'),
    apparmorRestricts: await content('/proc/sys/kernel/apparmor_restrict_unprivileged_userns'),
    profile:
      (await content('/proc/self/attr/apparmor/current')) ?? (await content('/proc/self/attr/current')),
    words: '',
  };
}

const PLACES = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];

async function isThere(name: string): Promise<boolean> {
  const found = await Promise.all(PLACES.map((place) => exists(join(place, name))));
  return found.includes(true);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path, constants.F_OK);
    return true;
  } catch {
    return false;
  }
}

/** `null` where this kernel has no such file. */
async function content(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trimEnd();
  } catch {
    return null;
  }
}

async function bubblewrapVersion(): Promise<string | null> {
  try {
    const { stdout } = await run('bwrap', ['--version'], { timeout: 5_000 });
    return /\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? null;
  } catch {
    // that it is not there is among what is missing
    return null;
  }
}
