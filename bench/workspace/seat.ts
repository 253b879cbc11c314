import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer, type ServerProcess } from './server-process.ts';
import { commander, filesystem, ours, type Tongue } from './tongues.ts';
import type { Tree } from './tree.ts';

export const VERSIONS = {
  '@modelcontextprotocol/server-filesystem': '2026.8.31',
  '@wonderwhy-er/desktop-commander': '0.2.52',
};

/** A server that a benchmark plays on, with what it calls the folders. */
export interface Seat {
  readonly tongue: Tongue;
  readonly server: ServerProcess;
  readonly many: string;
  readonly work: string;
  close(): Promise<void>;
}

interface Team {
  readonly tongue: Tongue;
  /** Arguments of Node; `home` is a folder of its own. */
  args(place: { readonly modules: string; readonly home: string; readonly tree: Tree }): Promise<string[]>;
  readonly env?: Readonly<Record<string, string>>;
  /** What it calls a folder, by its name in the tree. */
  folder(tree: Tree, name: 'many' | 'work'): string;
}

const SESSION = 'bench';

export const OURS_TEAM: Team = {
  tongue: ours,
  args: ({ tree }) => {
    const cli = fileURLToPath(new URL('../../../packages/workspace-mcp/dist/cli.js', import.meta.url));
    const mounts = [`many=${tree.many}`, `work=${tree.work}`].flatMap((mount) => ['--mount', mount]);
    return Promise.resolve([cli, '--session', SESSION, ...mounts]);
  },
  // quicker than any agent
  env: { DESKHAND_RATE_LIMIT: '0' },
  folder: (_, name) => `/sessions/${SESSION}/mnt/${name}`,
};

const filesystemTeam: Team = {
  tongue: filesystem,
  args: ({ modules, tree }) =>
    Promise.resolve([join(modules, filesystem.name, 'dist/index.js'), tree.many, tree.work]),
  folder: (tree, name) => tree[name],
};

/** Without its reports to its makers; there is nothing else to it than a network. */
const commanderTeam: Team = {
  tongue: commander,
  args: async ({ modules, home, tree }) => {
    const folder = join(home, '.claude-server-commander');
    await mkdir(folder);
    const config = { telemetryEnabled: false, allowedDirectories: [tree.many, tree.work] };
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    return [join(modules, commander.name, 'dist/index.js'), '--no-onboarding'];
  },
  env: { DC_FLAG_URL: 'http://127.0.0.1:9/' },
  folder: (tree, name) => tree[name],
};

export const PEER_TEAMS: readonly Team[] = [filesystemTeam, commanderTeam];

/** Starts a server with a folder of its own, which goes with it. */
export async function sit(team: Team, tree: Tree, modules = ''): Promise<Seat> {
  const home = await mkdtemp(join(tmpdir(), 'deskhand-bench-seat-'));
  const clear = (): Promise<void> => rm(home, { recursive: true, force: true, maxRetries: 5 });
  try {
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      DESKHAND_HOME: join(home, 'state'),
      ...team.env,
    };
    const server = await startServer({ args: await team.args({ modules, home, tree }), env, cwd: home });
    return {
      ...{ tongue: team.tongue, server },
      ...{ many: team.folder(tree, 'many'), work: team.folder(tree, 'work') },
      close: async () => {
        await server.close();
        await clear();
      },
    };
  } catch (error) {
    await clear();
    throw error;
  }
}
