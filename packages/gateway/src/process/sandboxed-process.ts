import { insideCommand, Sandbox, type Network } from '@deskhand/sandbox';
import type { ServerProcess } from './server-process.ts';

/** What a server of others may touch, and nothing besides. */
export interface Confinement {
  /** At `/sessions/NAME-OF-THE-SERVER/mnt/NAME` inside; `folder` is absolute and without symlinks. */
  readonly mounts: readonly {
    readonly name: string;
    readonly folder: string;
    readonly access: 'ro' | 'rw';
  }[];
  /** Such as `api.example.com` or `*.example.com`; none is no network. */
  readonly domains: readonly string[];
}

export interface SandboxedStart {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Where the program is looked for. */
  readonly path: string;
  /** All of its environment, besides what every sandbox has. */
  readonly env: Readonly<Record<string, string>>;
  readonly confinement: Confinement;
  /** Hears what of its sandbox does not hold, in words for a person. */
  readonly onSandbox: (weaknesses: readonly string[]) => void;
}

/** What the sandbox of a server is called inside, in `/sessions/`. */
export const sandboxSession = (server: string): string =>
  server
    .replaceAll(/[^A-Za-z0-9_-]/g, '_')
    .replace(/^[_-]/, 's')
    .slice(0, 64);

/**
 * Starts a server in a sandbox, which ends with us.
 *
 * @throws SandboxError when there is no sandbox to be had, or its program is not found: nothing has run then
 */
export async function startSandboxed(start: SandboxedStart, signal: AbortSignal): Promise<ServerProcess> {
  const { name, command, args, cwd, path, env, confinement, onSandbox } = start;
  const session = sandboxSession(name);
  const { mounts, domains } = confinement;
  const network: Network = domains.length === 0 ? { mode: 'none' } : { mode: 'allowlist', domains };
  const inside = await insideCommand({ command: [command, ...args], cwd, path, session, mounts });
  const sandbox = await Sandbox.open(
    { ...inside, session, mounts, network, env: { ...inside.env, ...env } },
    signal,
  );
  onSandbox(sandbox.weaknesses);
  const ended = sandbox.ended.then(async ({ exitCode }) => {
    await sandbox.close();
    return { code: exitCode, signal: exitCode === null ? ('SIGKILL' as const) : null };
  });
  const { stdin, stdout, stderr } = sandbox;
  return { stdin, stdout, stderr, ended, signal: () => void sandbox.close() };
}
