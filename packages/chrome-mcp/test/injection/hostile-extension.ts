import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LINE, WORDS } from './words.ts';

/** An extension whose name, version and words attack whoever reads of them. */
export async function writeHostileExtension(folder: string): Promise<void> {
  await mkdir(folder);
  const background = { service_worker: 'worker.js' };
  const manifest = { manifest_version: 3, name: LINE, version: '1.0', description: WORDS, background };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  const words = JSON.stringify(WORDS);
  await writeFile(
    join(folder, 'worker.js'),
    `console.log(${words}); setTimeout(() => { throw new Error(${words}); });
    // what uses the interface does not fall asleep
    setInterval(() => chrome.runtime.getPlatformInfo(), 5000);`,
  );
}
