import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Closable } from './belongings.ts';
import { eventually } from './eventually.ts';
import { startProcess, type Environment } from './owned-process.ts';

export interface XServer extends Closable {
  readonly pid: number;
  /** The number after the colon. */
  readonly number: number;
  readonly cookie: Buffer;
  readonly authority: string;
}

export interface XServerOptions {
  readonly folder: string;
  readonly env: Environment;
  readonly width: number;
  readonly height: number;
  readonly tcp: boolean;
  /** Where a viewer connects to be the person at the desktop, if there is to be one. */
  readonly seat: string | null;
  /** Extensions of the protocol that it lacks. */
  readonly lacks: readonly string[];
  /** Its display, rather than the first one that is free. */
  readonly number: number | undefined;
}

const COOKIE_NAME = 'MIT-MAGIC-COOKIE-1';

function field(value: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([length, value]);
}

/** An Xauthority entry for any address and any display: the number is not known before the server runs. */
function authorityEntry(cookie: Buffer): Buffer {
  const anyAddress = Buffer.from([0xff, 0xff]);
  const empty = Buffer.alloc(0);
  return Buffer.concat([anyAddress, ...[empty, empty, Buffer.from(COOKIE_NAME), cookie].map(field)]);
}

async function makeSocketFolder(): Promise<void> {
  // The server makes it only for root; an ordinary user may make it as well.
  await mkdir('/tmp/.X11-unix', { mode: 0o1777 }).catch(() => undefined);
}

/** Keys and pointer of a viewer come from devices of their own, as those of a person do; Xvfb has none. */
const seatedAt = (seat: string, { width, height }: XServerOptions): readonly string[] => [
  ...['-rfbport', '-1', '-rfbunixpath', seat, '-SecurityTypes', 'None'],
  ...['-geometry', `${width}x${height}`, '-depth', '24'],
];

/** Starts Xvfb, or for a person Xvnc, on a free display number unless told; only holders of its cookie may connect. */
export async function startXServer(options: XServerOptions): Promise<XServer> {
  const { folder, env, width, height, tcp, seat, lacks, number: wanted } = options;
  const cookie = randomBytes(16);
  const authority = join(folder, 'Xauthority');
  await writeFile(authority, authorityEntry(cookie), { mode: 0o600 });
  await makeSocketFolder();
  const server = startProcess({
    command: seat === null ? 'Xvfb' : 'Xtigervnc',
    args: [
      ...(wanted === undefined ? [] : [`:${wanted}`]),
      ...['-displayfd', '1', '-auth', authority, '-noreset', '-dpi', '96'],
      ...(seat === null ? ['-screen', '0', `${width}x${height}x24`] : seatedAt(seat, options)),
      ...[tcp ? '-listen' : '-nolisten', 'tcp'],
      ...lacks.flatMap((name) => ['-extension', name]),
    ],
    env,
    cwd: folder,
  });
  const number = await eventually('the X server', () => {
    if (!server.isRunning()) throw new Error(`the X server ended: ${server.stderr()}`);
    return /^(\d+)\n/.exec(server.stdout())?.[1];
  });
  return { pid: server.pid, number: Number(number), cookie, authority, close: () => server.close() };
}

export function credentialsOf(cookie: Buffer): { name: string; data: string } {
  return { name: COOKIE_NAME, data: cookie.toString('latin1') };
}
