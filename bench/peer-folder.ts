import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { reasonOf, type Missing } from './measurement.ts';

const run = promisify(execFile);

/** Exact versions by package name. */
export type Versions = Readonly<Record<string, string>>;

export interface Installation {
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

const Manifest = z.object({ version: z.string() });

async function isInstalled(folder: string, versions: Versions): Promise<boolean> {
  for (const [name, version] of Object.entries(versions)) {
    const text = await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8').catch(() => null);
    if (text === null || Manifest.parse(JSON.parse(text)).version !== version) return false;
  }
  return true;
}

/** A folder of that name may have been put there by somebody else, whose code would run as us. */
async function requireOwn(folder: string): Promise<void> {
  const { uid } = await stat(folder);
  if (uid !== process.getuid?.()) throw new Error(`${folder} belongs to another user`);
}

async function install(folder: string, versions: Versions, { signal, say }: Installation): Promise<void> {
  const wanted = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  say(`installing ${wanted.join(', ')} into ${folder}`);
  // made aside and moved, so that what was interrupted is never taken for complete
  const aside = await mkdtemp(`${folder}-`);
  try {
    await writeFile(join(aside, 'package.json'), '{ "private": true }\n');
    const flags = ['--save-exact', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    await run('npm', ['install', ...flags, ...wanted], { cwd: aside, signal });
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** What npm says of a failure, without the code before it and the name of its log behind it. */
function complaintOf(error: unknown): string {
  const text = reasonOf(error);
  return /^npm error (?!code )(.+)$/m.exec(text)?.[1] ?? text.split('\n')[0] ?? '';
}

/** The folder in whose `node_modules` the packages are, or why there is none. */
export async function peerFolder(versions: Versions, installation: Installation): Promise<string | Missing> {
  const hash = createHash('sha256').update(JSON.stringify(versions)).digest('hex').slice(0, 12);
  const folder = join(tmpdir(), `deskhand-bench-${hash}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await requireOwn(folder);
    if (!(await isInstalled(folder, versions))) await install(folder, versions, installation);
    return folder;
  } catch (error) {
    installation.signal.throwIfAborted();
    return { missing: `could not be installed: ${complaintOf(error)}` };
  }
}
