import { randomBytes } from 'node:crypto';
import { lstatSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { lockFile } from '@deskhand/grants';
import { z } from 'zod';
import { connectToDaemon } from '../daemon/connection.ts';
import { isSameRelease } from '../daemon/hello.ts';
import type { DaemonPlace } from '../daemon/place.ts';
import { makeOwnFolder, refuseLongPath } from '../daemon/socket-file.ts';
import { createLog } from '../log.ts';
import type { DoctorCheck } from '../server-definition.ts';
import { shellWord } from '../shell-word.ts';
import { exitCodes } from './cli-error.ts';
import { defineCommand, type CommandContext } from './command.ts';
import { placeOf } from './daemon-place.ts';
import { openHome, type OpenHouse } from './house.ts';
import { tokensOf } from './http-door.ts';

/** Time for one thing that is tried. */
const CHECK_MS = 15_000;

/** What came of trying one thing out. */
interface Finding {
  readonly check: string;
  readonly ok: boolean;
  /** What was found, or what went wrong. */
  readonly found: string;
  /** What mends it. */
  readonly fix?: string;
}

export const daemonDoctor = defineCommand({
  name: 'daemon doctor',
  options: z.object({ json: z.boolean().default(false).meta({ description: 'Print JSON' }) }),
  takesServerOptions: true,
  example: 'daemon doctor',
  async run({ json }, context) {
    const { host } = context;
    const findings: Finding[] = [];
    const tryAll = async (checks: readonly DoctorCheck[]): Promise<void> => {
      for (const check of checks) {
        const finding = await tried(check);
        const isSaid = findings.some(({ found, fix }) => found === finding.found && fix === finding.fix);
        findings.push(finding);
        if (!json) host.stdout.write(`${lineOf(finding, isSaid)}\n`);
      }
    };
    await tryAll(ownChecks(context));
    await withSurface(context, tryAll);
    const isWell = findings.every(({ ok }) => ok);
    if (json) host.stdout.write(`${JSON.stringify({ ok: isWell, checks: findings })}\n`);
    return isWell ? exitCodes.ok : exitCodes.usage;
  },
});

/** People look for it at the front as well: it tries out the server, daemon or not. */
export const doctor = defineCommand({ ...daemonDoctor, name: 'doctor', example: 'doctor' });

/** One fault can fail several checks; its fix is said once. */
function lineOf({ check, ok, found, fix }: Finding, isSaid: boolean): string {
  if (ok) return `ok     ${check}: ${found}`;
  if (isSaid) return `failed ${check}: for the same reason`;
  return `failed ${check}: ${found}${fix === undefined ? '' : `\n       ${fix}`}`;
}

async function tried(check: DoctorCheck): Promise<Finding> {
  try {
    return { check: check.name, ok: true, found: await check.run(AbortSignal.timeout(CHECK_MS)) };
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    const fix = error instanceof Error && 'hint' in error ? String(error.hint) : undefined;
    return { check: check.name, ok: false, found, ...(fix !== undefined && { fix }) };
  }
}

/** Opens the surface, whose opening is itself a check, and tries out what it names. */
async function withSurface(
  { program, given, host, standard }: CommandContext,
  tryAll: (checks: readonly DoctorCheck[]) => Promise<void>,
): Promise<void> {
  const log = createLog({ level: 'silent', write: () => undefined });
  let surface: { readonly checks: OpenHouse['checks']; close(): void | Promise<void> } | undefined;
  const open: DoctorCheck = {
    name: 'open the server with its options',
    async run() {
      const opened = await program.open(given, { home: openHome(standard, host), log, env: host.env });
      surface = { checks: opened.checks ?? [], close: () => opened.close() };
      return 'they fit';
    },
  };
  await tryAll([open]);
  if (surface === undefined) return;
  try {
    await tryAll(surface.checks);
  } finally {
    await surface.close();
  }
}

function ownChecks(context: CommandContext): readonly DoctorCheck[] {
  const { standard, host, program } = context;
  const home = (): string => openHome(standard, host);
  return [
    { name: 'use the state folder', run: () => Promise.resolve(stateFolder(home())) },
    { name: 'write, read and lock state', run: (signal) => writeAndLock(home(), signal) },
    { name: 'open a local socket', run: () => openSocket(placeOf(context)) },
    { name: 'open a port of this computer', run: openPort },
    { name: 'check the token of the HTTP door', run: () => checkToken(context) },
    { name: 'talk to the daemon', run: () => talk(placeOf(context), program.config) },
  ];
}

function stateFolder(home: string): string {
  const { mode } = statSync(home);
  const open = ['grants.json', 'policy.yaml'].filter((file) => {
    const stat = lstatSync(join(home, file), { throwIfNoEntry: false });
    return stat !== undefined && process.platform !== 'win32' && (stat.mode & 0o022) !== 0;
  });
  if (open.length > 0)
    throw failed(
      `others may write to ${open.join(', ')}`,
      `Run: chmod go-w ${open.map((file) => shellWord(join(home, file))).join(' ')}`,
    );
  return `${home}, mode ${(mode & 0o777).toString(8)}`;
}

async function writeAndLock(home: string, signal: AbortSignal): Promise<string> {
  const path = join(home, `doctor-${randomBytes(6).toString('hex')}`);
  const text = randomBytes(16).toString('hex');
  const release = await lockFile(path, { signal });
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600, flush: true });
    if (readFileSync(path, 'utf8') !== text)
      throw failed('what was written cannot be read back', 'Check the disk.');
    return 'done';
  } finally {
    rmSync(path, { force: true });
    release();
  }
}

async function openSocket({ folder, socket }: DaemonPlace): Promise<string> {
  makeOwnFolder(folder);
  refuseLongPath(socket);
  const path = process.platform === 'win32' ? `${socket}-doctor` : join(folder, `${process.pid}.sock`);
  await listenOnce(path);
  return folder;
}

const openPort = async (): Promise<string> => {
  await listenOnce({ host: '127.0.0.1', port: 0 });
  return '127.0.0.1';
};

async function listenOnce(where: string | { readonly host: string; readonly port: number }): Promise<void> {
  const server = createServer();
  if (typeof where === 'string') server.listen(where);
  else server.listen(where.port, where.host);
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

/** Looks at the token when there is one; a door that was never opened has none. */
async function checkToken(context: CommandContext): Promise<string> {
  const { folder, name } = placeOf(context);
  const { store, ownerFile } = tokensOf(context.program, folder);
  if (lstatSync(ownerFile, { throwIfNoEntry: false }) === undefined) return 'none yet; serve --http makes it';
  const token = await store.owner();
  if (store.verify(token)?.label !== 'owner')
    throw failed(`${ownerFile} does not work`, `Remove it and run: ${name} serve --http`);
  return `${ownerFile}, and ${store.list().length} more`;
}

async function talk(
  place: DaemonPlace,
  { name, version }: { readonly name: string; readonly version: string },
): Promise<string> {
  const connection = await connectToDaemon({ place, version, wants: { what: 'status' } });
  if (connection === undefined) return 'it does not run';
  const { socket, status } = connection;
  socket.destroy();
  if (!isSameRelease(version, status.version))
    throw failed(`it is of version ${status.version}, and this is ${version}`, `Run: ${name} daemon restart`);
  return `process ${status.pid}, version ${status.version}`;
}

const failed = (message: string, hint: string): Error => Object.assign(new Error(message), { hint });
