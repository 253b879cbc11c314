import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { SandboxEnd } from '../confined.ts';
import { limitOfExit, type LimitHit } from '../limits/limit-hit.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits/limits.ts';
import { notMountable } from '../mount-source.ts';
import { Mounted } from '../mounted.ts';
import { DEFAULT_NETWORK, hasProxy, proxyEnv } from '../network/network.ts';
import { machine } from '../network/outside.ts';
import { SYSTEM_PATH } from '../profile.ts';
import { SandboxError, type SandboxErrorCode } from '../sandbox-error.ts';
import type { Mount, Sandbox, SandboxOptions } from '../sandbox.ts';
import { LoopbackProxy } from './loopback-proxy.ts';
import { SeatbeltProcess } from './seatbelt-process.ts';
import { seatbeltProfile } from './seatbelt-profile.ts';

const SANDBOX_EXEC = '/usr/bin/sandbox-exec';

interface Parts {
  readonly mounted: Mounted;
  readonly limits: Limits;
  readonly weaknesses: readonly string[];
  /** What goes when its processes have ended. */
  readonly leave: () => Promise<void>;
}

/**
 * A sandbox of macOS: a profile that the kernel holds the command to, and all that it starts. Everything is at its own
 * path, and what was given at the start is all there is.
 */
export class SeatbeltSandbox implements Sandbox {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly ended: Promise<SandboxEnd>;
  readonly weaknesses: readonly string[];
  readonly #process: SeatbeltProcess;
  readonly #mounted: Mounted;
  readonly #left: Promise<void>;
  #hits: readonly LimitHit[] = [];

  private constructor(confined: SeatbeltProcess, { mounted, limits, weaknesses, leave }: Parts) {
    this.stdin = confined.stdin;
    this.stdout = confined.stdout;
    this.stderr = confined.stderr;
    this.weaknesses = weaknesses;
    this.#process = confined;
    this.#mounted = mounted;
    this.ended = confined.ended.then((end) => {
      const hit = limitOfExit(end.exitCode, limits);
      this.#hits = hit === null ? [] : [hit];
      return end;
    });
    this.#left = this.ended.then(leave);
  }

  /** @throws SandboxError when any part of the confinement is not to be had: nothing has run then */
  static async open(
    options: SandboxOptions,
    signal: AbortSignal,
    program = SANDBOX_EXEC,
  ): Promise<SeatbeltSandbox> {
    const { network = DEFAULT_NETWORK, outside = machine } = options;
    const mounted = await mountedIn(options);
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const place = await mkdtemp(join(await realpath(tmpdir()), 'deskhand-sandbox-'));
    let proxy: LoopbackProxy | null = null;
    const leave = async (): Promise<void> => {
      proxy?.close();
      await rm(place, { recursive: true, force: true });
    };
    try {
      proxy = await LoopbackProxy.open(network, outside);
      const start = await startIn(place, options, proxy?.port ?? null);
      const confined = new SeatbeltProcess({ ...start, limits, program });
      await confined.ready(signal);
      return new SeatbeltSandbox(confined, { mounted, limits, weaknesses: weaknessesOf(options), leave });
    } catch (error) {
      await leave();
      throw error;
    }
  }

  get mounts(): readonly Mount[] {
    return this.#mounted.all;
  }

  mount({ name }: Mount): Promise<void> {
    return Promise.reject(fixed('mount_failed', `could not mount ${name}`));
  }

  unmount(name: string): Promise<void> {
    return Promise.reject(fixed('mount_failed', `could not unmount ${name}`));
  }

  uncover(name: string): Promise<void> {
    return Promise.reject(fixed('mount_failed', `could not uncover a part of ${name}`));
  }

  reach(port: number): Promise<void> {
    return Promise.reject(fixed('port_refused', `port ${port} is not opened`));
  }

  share(port: number): Promise<void> {
    return this.reach(port);
  }

  limitsHit(): Promise<readonly LimitHit[]> {
    const hits = this.#hits;
    this.#hits = [];
    return Promise.resolve(hits);
  }

  async close(): Promise<void> {
    await this.#process.close();
    await this.#left;
  }
}

const fixed = (code: SandboxErrorCode, words: string): SandboxError =>
  new SandboxError(code, `${words}: on macOS a sandbox stays as it was started`, {
    hint: 'Start it anew with it',
  });

/** @throws SandboxError for what macOS cannot do, and for what is not the plain path of a folder */
async function mountedIn({ mounts = [], shown = [], scratch = [] }: SandboxOptions): Promise<Mounted> {
  const elsewhere = [...shown.filter(({ source, at }) => source !== at).map(({ at }) => at), ...scratch];
  if (elsewhere.length > 0) {
    const words = `on macOS nothing is at another path than its own, as ${elsewhere.join(', ')} would be`;
    const hint = 'This needs Linux, or a virtual machine with it';
    throw new SandboxError('sandbox_unavailable', words, { hint });
  }
  const mounted = new Mounted();
  for (const mount of mounts) {
    mounted.claim(mount);
    if ((await realpath(mount.folder).catch(() => null)) !== mount.folder)
      throw await notMountable(mount.folder);
  }
  return mounted;
}

type Start = Omit<ConstructorParameters<typeof SeatbeltProcess>[0], 'limits' | 'program'>;

async function startIn(place: string, options: SandboxOptions, proxyPort: number | null): Promise<Start> {
  const { command, mounts = [], shown = [], env, network = DEFAULT_NETWORK } = options;
  const [home, temporary] = [join(place, 'home'), join(place, 'tmp')];
  for (const folder of [home, temporary]) await mkdir(folder, { mode: 0o700 });
  const paths = { mounts, shown: shown.map(({ source }) => source), scratch: [home, temporary] };
  const proxied = proxyPort === null ? {} : proxyEnv(network, proxyPort);
  return {
    profile: seatbeltProfile({ ...paths, network, proxyPort }),
    ...{ command, cwd: home },
    env: { ...{ PATH: SYSTEM_PATH, HOME: home, TMPDIR: temporary, LANG: 'C.UTF-8' }, ...proxied, ...env },
  };
}

function weaknessesOf({ network = DEFAULT_NETWORK }: SandboxOptions): readonly string[] {
  return [
    'the sandbox of macOS was tried over a stand-in only, never on macOS',
    'folders are at their own paths, and what is mounted at the start is all there is',
    'memory, the number of processes, and the space of its home folder are not limited',
    'its loopback is that of this machine: its own programs reach each other at shared ports only',
    'programs that leave its group, and those that this process leaves behind when it is killed, go on, held as before',
    ...(hasProxy(network) ? ['other programs of this machine can use its proxy while it runs'] : []),
    ...(process.geteuid?.() === 0 ? ['it has the rights of root on the mounted folders'] : []),
  ];
}
