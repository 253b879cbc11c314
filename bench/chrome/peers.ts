import { BROWSER_FLAGS } from '@deskhand/tests/browser/own-server';
import type { Driver } from '@deskhand/tests/browser/driver';
import { startDriver, type Tongue } from '@deskhand/tests/browser/mcp-driver';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { devtoolsTongue, playwrightTongue } from './tongues.ts';

export const VERSIONS = { 'chrome-devtools-mcp': '1.11.0', '@playwright/mcp': '0.0.83' };

const EXECUTABLE = '/usr/bin/chromium';

interface Peer {
  readonly tongue: Tongue;
  /** Arguments of Node, for a server with state in this folder. */
  readonly args: (modules: string, folder: string) => Promise<readonly string[]>;
}

function sandboxFlags(): readonly string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

const devtools: Peer = {
  tongue: devtoolsTongue,
  args: (modules) =>
    Promise.resolve([
      join(modules, 'chrome-devtools-mcp/build/src/bin/chrome-devtools-mcp.js'),
      ...['--headless', '--isolated', '--executablePath', EXECUTABLE],
      ...['--no-usage-statistics', '--no-performance-crux'],
      ...[...BROWSER_FLAGS, ...sandboxFlags()].map((flag) => `--chromeArg=${flag}`),
    ]),
};

const playwright: Peer = {
  tongue: playwrightTongue,
  args: async (modules, folder) => {
    const config = join(folder, 'config.json');
    const args = [...BROWSER_FLAGS, ...sandboxFlags()];
    const launchOptions = { headless: true, executablePath: EXECUTABLE, args, chromiumSandbox: false };
    await writeFile(
      config,
      JSON.stringify({ browser: { browserName: 'chromium', isolated: true, launchOptions } }),
    );
    return [join(modules, '@playwright/mcp/cli.js'), '--config', config];
  },
};

export const PEERS: readonly Peer[] = [devtools, playwright];

/** Starts a peer with a browser and a folder of its own, both of which go with it. */
export async function startPeer(peer: Peer, modules: string): Promise<Driver> {
  const folder = await mkdtemp(join(tmpdir(), 'deskhand-peer-'));
  const clear = (): Promise<void> =>
    rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  try {
    const driver = await startDriver(peer.tongue, {
      args: await peer.args(modules, folder),
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, TMPDIR: folder },
      cwd: folder,
    });
    return {
      ...driver,
      close: async () => {
        await driver.close();
        await clear();
      },
    };
  } catch (error) {
    await clear();
    throw error;
  }
}
