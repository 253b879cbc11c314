import {
  ownUser,
  Sandbox,
  SandboxError,
  type Limits,
  type Mount,
  type Network,
  type Shown,
} from '@deskhand/sandbox';
import { ToolError } from '@deskhand/server-runtime';
import { FilesOnly, type Workplace } from './files-only.ts';
import { PICTURE_PROGRAM } from './picture-parts.ts';
import { shellEnv } from './shell/cpu-limit.ts';
import { WorkerClient } from './worker/client.ts';
import { WORKER_PROGRAM } from './worker-parts.ts';

/** What the person set for the sandbox. */
export interface Confinement {
  readonly network: Network;
  readonly limits: Limits;
}

/** A port that the person gave while it runs. */
export interface OpenPort {
  readonly port: number;
  readonly direction: 'reach' | 'share';
  /** Whether it still is given: asked for each connection. */
  readonly isGiven: () => boolean;
}

/** What the place of a session is made of. */
export interface WorkplaceParts {
  /** Name of the session, as it is in paths. */
  readonly name: string;
  /** The bundled worker, with what it loads. */
  readonly worker: readonly Shown[];
  readonly ripgrep: string;
  /** Without one, files are all there is. */
  readonly sandbox?: 'required' | 'files-only';
  /** What makes pictures smaller. */
  readonly pictures: readonly Shown[];
}

export interface WorkplaceOptions extends WorkplaceParts {
  /** Where its folders are. */
  readonly root: string;
  /** Whose owner it has the rights of. */
  readonly mounts: readonly Mount[];
  readonly confinement: Confinement;
  /** Those that the person gave to the one before it. */
  readonly ports: readonly OpenPort[];
}

/** A place where the files of a session are served, and the worker that does so. */
export interface OpenWorkplace {
  readonly sandbox: Workplace;
  readonly client: WorkerClient;
}

const AT = { node: '/run/deskhand/node', ripgrep: '/run/deskhand/rg', outputs: '/run/deskhand/outputs' };

/** @throws SandboxError */
export async function openWorkplace(options: WorkplaceOptions, signal: AbortSignal): Promise<OpenWorkplace> {
  const { worker, ripgrep, root, mounts } = options;
  const user = await ownUser(mounts.map(({ folder }) => folder));
  if (options.sandbox === 'files-only') {
    const program = worker.find(({ at }) => at === WORKER_PROGRAM)?.source ?? WORKER_PROGRAM;
    const place = new FilesOnly({ root, worker: program, ripgrep, user });
    return { sandbox: place, client: place.client };
  }
  const { network, limits } = options.confinement;
  const sandbox = await Sandbox.open(
    {
      ...{ session: options.name, user, network, limits: { ...limits, cpuSeconds: null } },
      env: shellEnv(limits),
      command: [AT.node, WORKER_PROGRAM, root, AT.ripgrep, PICTURE_PROGRAM, AT.outputs],
      // what a command fills elsewhere is no loss to the shell
      scratch: [AT.outputs],
      shown: [
        { source: process.execPath, at: AT.node },
        ...worker,
        { source: ripgrep, at: AT.ripgrep },
        ...options.pictures,
      ],
    },
    signal,
  );
  try {
    for (const port of options.ports) await openIn(sandbox, port, signal);
  } catch (error) {
    await sandbox.close();
    throw error;
  }
  return { sandbox, client: new WorkerClient(sandbox) };
}

/** @throws ToolError */
export async function mountIn(sandbox: Workplace, mount: Mount): Promise<void> {
  try {
    await sandbox.mount(mount);
  } catch (error) {
    if (error instanceof SandboxError) throw new ToolError(error.code, error.message, error);
    throw error;
  }
}

/** @throws ToolError */
export async function openIn(
  sandbox: Workplace,
  { port, direction, isGiven }: OpenPort,
  signal: AbortSignal,
): Promise<void> {
  try {
    await sandbox[direction](port, signal, isGiven);
  } catch (error) {
    if (error instanceof SandboxError) throw new ToolError(error.code, error.message, error);
    throw error;
  }
}
