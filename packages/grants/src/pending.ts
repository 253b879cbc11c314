import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { digestOf, requestForm, requestFormSchema, type RequestForm } from './ask/request-form.ts';
import type { AskRequest } from './ask/request.ts';
import { GrantsError } from './grants-error.ts';
import { makePrivateFolder, readOwnFile } from './private-path.ts';

const KEPT_MS = 24 * 3_600_000;
const MOST = 100;
const MOST_OF_SESSION = 20;
/** How far the clock may have been set back since a question was asked. */
const CLOCK_SLACK_MS = 3_600_000;

const pendingSchema = z.strictObject({
  version: z.literal(1),
  /** The first 12 digits of `digest`. */
  id: z.string(),
  /** Of session and request: see `digestOf`. */
  digest: z.string(),
  session: z.string().min(1),
  createdAt: z.iso.datetime(),
  expires: z.iso.datetime(),
  request: requestFormSchema,
});

/** A question that nobody answered, kept in `pending/<id>.json` of the state folder for 24 hours. */
export type PendingRequest = Readonly<z.infer<typeof pendingSchema>>;

/** Keeps the question, in place of the same one of the same session. @throws GrantsError */
export function filePending(home: string, session: string, request: AskRequest): PendingRequest {
  const folder = folderIn(home);
  const pending = pendingFor(session, requestForm(request));
  const others = listPending(home).requests.filter(({ id }) => id !== pending.id);
  const own = others.filter((other) => other.session === session);
  if (others.length >= MOST || own.length >= MOST_OF_SESSION)
    throw new GrantsError('pending_unsafe', 'too many questions wait for an answer already', {
      hint: 'A person can see them with: deskhand-grants pending',
    });
  const path = join(folder, `${pending.id}.json`);
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  writeWhole(temporary, `${JSON.stringify(pending, null, 2)}\n`);
  renameSync(temporary, path);
  return pending;
}

function pendingFor(session: string, request: RequestForm): PendingRequest {
  const digest = digestOf({ session, request });
  const now = Date.now();
  return {
    version: 1,
    id: digest.slice(0, 12),
    digest,
    session,
    createdAt: new Date(now).toISOString(),
    expires: new Date(now + KEPT_MS).toISOString(),
    request,
  };
}

/** Every question that waits, oldest first, and what is wrong with the files that are not one. Removes expired ones. */
export function listPending(home: string): {
  readonly requests: readonly PendingRequest[];
  readonly faults: readonly GrantsError[];
} {
  const requests: PendingRequest[] = [];
  const faults: GrantsError[] = [];
  for (const name of readdirSync(folderIn(home))) {
    const id = /^([0-9a-f]{12})\.json$/.exec(name)?.[1];
    if (id === undefined) continue;
    try {
      requests.push(readPending(home, id));
    } catch (error) {
      if (!(error instanceof GrantsError)) throw error;
      if (error.code !== 'pending_gone') faults.push(error);
    }
  }
  return { requests: requests.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1)), faults };
}

/**
 * The question as it was asked.
 * @throws GrantsError `pending_gone`, or `pending_unsafe` when someone may have changed it
 */
export function readPending(home: string, id: string): PendingRequest {
  const path = join(folderIn(home), `${id}.json`);
  if (!/^[0-9a-f]{12}$/.test(id) || lstatSync(path, { throwIfNoEntry: false }) === undefined) throw gone(id);
  const pending = parsePending(path, readOwnFile(path, 'pending_unsafe').bytes.toString('utf8'));
  const { digest, session, request } = pending;
  if (pending.id !== id || digest.slice(0, 12) !== id || digestOf({ session, request }) !== digest)
    throw unsafe(path, 'was changed after it was asked');
  const asked = Date.parse(pending.createdAt);
  if (asked > Date.now() + CLOCK_SLACK_MS || Date.parse(pending.expires) > asked + KEPT_MS)
    throw unsafe(path, 'waits for longer than any question does');
  if (Date.parse(pending.expires) <= Date.now()) {
    removePending(home, id);
    throw gone(id);
  }
  return pending;
}

const removePending = (home: string, id: string): void =>
  rmSync(join(folderIn(home), `${id}.json`), { force: true });

/** Takes the question away for the one who answers it. @throws GrantsError `pending_gone` when somebody else did */
export function takePending(home: string, id: string): void {
  try {
    unlinkSync(join(folderIn(home), `${id}.json`));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw gone(id);
    throw error;
  }
}

function parsePending(path: string, text: string): PendingRequest {
  try {
    return pendingSchema.parse(JSON.parse(text));
  } catch {
    throw unsafe(path, 'is not a question as this version keeps it');
  }
}

function folderIn(home: string): string {
  makePrivateFolder(home);
  const folder = join(home, 'pending');
  makePrivateFolder(folder);
  return folder;
}

function writeWhole(path: string, text: string): void {
  const fd = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

const gone = (id: string): GrantsError =>
  new GrantsError('pending_gone', `no question ${JSON.stringify(id)} waits for an answer`, {
    hint: 'It was answered, or it expired. See those that wait: deskhand-grants pending',
  });

const unsafe = (path: string, what: string): GrantsError =>
  new GrantsError('pending_unsafe', `${path} ${what}`, {
    hint: `Remove it, and have the agent ask again: rm '${path}'`,
  });
