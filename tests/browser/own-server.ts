import { fileURLToPath } from 'node:url';
import { Belongings } from '../lab/belongings.ts';
import { makeTemporaryFolder } from '../lab/temporary-folder.ts';
import { deskhandTongue } from './deskhand-tongue.ts';
import type { Driver } from './driver.ts';
import { startDriver } from './mcp-driver.ts';

/** Flags for a machine without a graphics card and without a network. */
export const BROWSER_FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--window-size=1280,800',
];

/** The built server of this project, with a browser and state of its own. */
export async function startOwnServer(
  origins: readonly string[],
  flags: readonly string[] = [],
): Promise<Driver> {
  const belongings = new Belongings();
  return belongings.orClose(async () => {
    const { path } = belongings.own(await makeTemporaryFolder());
    const driver = belongings.own(
      await startDriver(deskhandTongue, {
        args: [
          fileURLToPath(new URL('dist/cli.js', import.meta.resolve('@deskhand/chrome-mcp/package.json'))),
          ...['--headless', '--isolated', '--log-level=error', '--rate-limit=0'],
          ...origins.map((origin) => `--allow-origin=${origin}`),
          ...[...BROWSER_FLAGS, ...flags].map((flag) => `--chrome-arg=${flag}`),
        ],
        env: { PATH: process.env['PATH'] ?? '', HOME: path, DESKHAND_HOME: path },
        cwd: path,
      }),
    );
    return { ...driver, close: () => belongings.close() };
  });
}
