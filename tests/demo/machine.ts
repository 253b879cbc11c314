import { readFile } from 'node:fs/promises';
import { arch, cpus, release, totalmem } from 'node:os';

import type { Desktop } from '../lab/desktop.ts';
import { run } from '../lab/owned-process.ts';

export type Fact = readonly [name: string, value: string];

const PACKAGES = ['xvfb', 'openbox', 'mousepad', 'galculator', 'xterm', 'chromium'] as const;

async function systemName(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^PRETTY_NAME="?([^"\n]*)/m.exec(text)?.[1] ?? process.platform;
}

/** Versions of what took part; none on a system without dpkg. */
async function packageVersions({ env, folder }: Desktop): Promise<readonly Fact[]> {
  const args = ['-W', '-f', '${Package} ${Version}\\n', ...PACKAGES];
  const list = await run({ command: 'dpkg-query', args, env, cwd: folder }).catch(() => '');
  return list
    .split('\n')
    .map((line) => line.split(' '))
    .flatMap(([name = '', version = '']): Fact[] => (version === '' ? [] : [[name, version]]));
}

/** Where the demo ran. */
export async function machineFacts(desktop: Desktop): Promise<readonly Fact[]> {
  const [processor] = cpus();
  const { pixel_width: width = 0, pixel_height: height = 0 } = desktop.x.display.screen[0] ?? {};
  const display = desktop.wm === 'other' ? `${desktop.display}, the person’s own` : 'Xvfb of the demo';
  return [
    ['system', `${await systemName()}, Linux ${release()}, ${arch()}`],
    ['processor', `${cpus().length} × ${processor?.model.trim() ?? 'unknown'}`],
    ['memory', `${(totalmem() / 2 ** 30).toFixed(1)} GiB`],
    ['Node.js', process.version],
    ['display', `${display}, ${width} × ${height}`],
    ...(await packageVersions(desktop)),
  ];
}
