import { spawn } from 'node:child_process';
import { chmod, chown } from 'node:fs/promises';
import { BROKER_SCRIPT, FD } from './broker-script.ts';
import { Confined } from './confined.ts';
import type { ControlGroup } from './limits/control-group.ts';
import { limited, type Limits } from './limits/limits.ts';
import { proxyEnv, type Network } from './network/network.ts';
import { bwrapArguments, SYNTHETIC, type Shown } from './profile.ts';
import { SandboxError } from './sandbox-error.ts';
import { seccompProgram, type Architecture } from './seccomp.ts';
import { groupsOption, type User } from './user.ts';

export interface StartOptions {
  readonly session: string;
  readonly command: readonly string[];
  readonly shown?: readonly Shown[];
  readonly scratch?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly limits: Limits;
  readonly network: Network;
  readonly group: ControlGroup | null;
  readonly user: User;
  /** The folder that has the two others. */
  readonly place: string;
  readonly shared: string;
  readonly staging: string;
}

const ARCHITECTURES: Readonly<Partial<Record<string, Architecture>>> = { x64: 'x64', arm64: 'arm64' };

/** The first process inside: it says that all is set up, and waits for the folders. */
const GATE = `echo >&${FD.gate}; read -r _ <&${FD.gate} || exit; exec ${FD.gate}<&-; exec "$@"`;

/** @throws SandboxError `sandbox_not_started`, with the words of the program that failed */
export async function startConfined(options: StartOptions, signal: AbortSignal): Promise<Confined> {
  const architecture = ARCHITECTURES[process.arch];
  if (process.platform !== 'linux' || architecture === undefined) {
    throw new SandboxError(
      'sandbox_unavailable',
      `there is no sandbox for ${process.platform} ${process.arch}`,
      {
        hint: 'Linux on x86-64 or arm64 is needed',
      },
    );
  }
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) await handOver(options);
  const broker = spawn('unshare', await brokerArguments(options, isRoot), {
    stdio: Array.from({ length: FD.end }, () => 'pipe'),
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    cwd: '/',
    // a Ctrl-C at this process's terminal is not for it
    detached: true,
  });
  const confined = new Confined(broker, weaknessesOf(options));
  confined.feed(FD.arguments, `${profileOf(options).join('\0')}\0`);
  confined.feed(FD.seccomp, seccompProgram(architecture));
  Object.values(SYNTHETIC).forEach((content, index) => confined.feed(FD.firstFile + index, content));
  await confined.ready(signal);
  return confined;
}

/** The sandbox's user has to reach what is shared with it. */
async function handOver({ place, shared, user }: StartOptions): Promise<void> {
  // the folder itself stays this user's, who removes it
  await chmod(place, 0o711);
  await chown(shared, user.uid, user.gid);
}

const profileOf = ({
  session,
  shared,
  shown = [],
  scratch = [],
  env,
  limits,
  network,
}: StartOptions): readonly string[] =>
  bwrapArguments({
    ...{ session, shared, shown, env: { ...proxyEnv(network), ...env } },
    ...{ scratch, scratchBytes: limits.scratchBytes },
    files: Object.keys(SYNTHETIC).map((at, index) => ({ fd: FD.firstFile + index, at })),
  });

async function brokerArguments(
  { shared, staging, user, limits, group, command }: StartOptions,
  isRoot: boolean,
): Promise<string[]> {
  const namespaces = isRoot ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
  const groups = (group?.folders ?? []).join(':');
  const asUser = ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, await groupsOption(), '--'];
  return [
    ...[...namespaces, '--', 'bash', '--norc', '-c', BROKER_SCRIPT, 'broker', shared, staging, groups],
    ...(isRoot ? asUser : []),
    ...['bwrap', '--args', `${FD.arguments}`, '--json-status-fd', `${FD.status}`],
    ...['--seccomp', `${FD.seccomp}`, '--'],
    ...['/bin/sh', '-c', GATE, 'sh', ...limited(limits), ...command],
  ];
}

function weaknessesOf({ user, group }: StartOptions): readonly string[] {
  const each =
    'memory is limited for each process, not for all together: this process may make no control group';
  const unlimited = 'the number of its processes is not limited';
  const root = 'it has the rights of root on the mounted folders: start it as the owner of the folders';
  const isRoot = user.uid === 0;
  return [
    ...(isRoot ? [root] : []),
    ...(group === null ? [each] : []),
    ...(isRoot && group === null ? [unlimited] : []),
  ];
}
