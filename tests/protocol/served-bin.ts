import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Belongings, type Closable } from '../lab/belongings.ts';
import { startProcess, type OwnedProcess } from '../lab/owned-process.ts';
import { makeTemporaryFolder } from '../lab/temporary-folder.ts';
import { openAuthorizedDoor } from './authorized-door.ts';
import { repository } from './suite.ts';

/** Bins of servers. */
export const bins = {
  'conformance-fixture': join(repository, 'packages/conformance-fixture/dist/cli.js'),
  'computer-use-mcp': join(repository, 'packages/computer-use-mcp/dist/cli.js'),
  'workspace-mcp': join(repository, 'packages/workspace-mcp/dist/cli.js'),
} as const;

/** A server, as its bin serves it over HTTP. */
export interface ServedBin extends Closable {
  /** Answers without a token. */
  readonly url: string;
  /** The bin's own address, which wants one. */
  readonly ownUrl: string;
  readonly token: string;
  /** State and everything else that a test writes. */
  readonly folder: string;
}

export async function serveBin(name: keyof typeof bins): Promise<ServedBin> {
  const belongings = new Belongings();
  return belongings.orClose(async () => {
    const { path: folder } = belongings.own(await makeTemporaryFolder());
    const door = belongings.own(await openAuthorizedDoor());
    const hosts = [`127.0.0.1:${door.port}`, `localhost:${door.port}`];
    const server = belongings.own(
      startProcess({
        command: process.execPath,
        args: [bins[name], 'serve', '--http', ...hosts.flatMap((host) => ['--allowed-host', host])],
        env: { DESKHAND_HOME: join(folder, 'home'), PATH: process.env.PATH ?? '' },
        cwd: folder,
        graceMs: 5_000,
      }),
    );
    const [ownUrl, tokenFile] = await announced(server);
    const token = (await readFile(tokenFile, 'utf8')).trim();
    door.leadTo(ownUrl, token);
    const url = `http://127.0.0.1:${door.port}/mcp`;
    return { url, ownUrl, token, folder, close: () => belongings.close() };
  });
}

/** The address, and the file of the token. */
async function announced(server: OwnedProcess): Promise<[string, string]> {
  const lines: string[] = [];
  const told = new Promise<[string, string]>((resolve) => {
    server.onLine((line) => {
      const [url, file] = [...lines, line].map((text) => text.replace('The token is in ', ''));
      lines.push(line);
      if (url !== undefined && file !== undefined) resolve([url, file]);
    });
  });
  const ended = server.exited.then(() => {
    throw new Error(`the server ended: ${server.stderr()}`);
  });
  return Promise.race([told, ended]);
}
