import { z } from 'zod';
import { Pictures } from '../documents/picture.ts';
import { Reader } from '../documents/reader.ts';
import { FileError } from '../files/file-error.ts';
import { Files, type EditAnswer, type WriteAnswer } from '../files/files.ts';
import { HeldChange } from '../files/held-change.ts';
import { HeldFolders } from '../files/held-folders.ts';
import { HeldSearch } from '../files/held-search.ts';
import { Search } from '../files/search.ts';
import { shellCalls } from '../shell/serve.ts';
import { calls, type CallName } from '../worker/calls.ts';
import { onRequest, type WorkerRequest } from '../worker/requests.ts';

/**
 * Serves calls about files from inside the sandbox: `node worker.js ROOT RIPGREP PICTURE OUTPUTS`. Without PICTURE there is no
 * sandbox: it holds the folders that it is told, and has no shell.
 */
const [root = '/', ripgrep = 'rg', picture, outputs = '/tmp'] = process.argv.slice(2);
const held = picture === undefined ? new HeldFolders(root) : null;
const files = new Files(held ?? root);
const reader = new Reader(files, picture === undefined ? null : new Pictures(picture));
const search = held === null ? new Search(root, ripgrep) : new HeldSearch(held, ripgrep);

const begun = { write: new HeldChange<WriteAnswer>(), edit: new HeldChange<EditAnswer>() };

const serve: Readonly<Record<CallName, (request: unknown, bytes: Buffer) => unknown>> = {
  read: (request) => reader.read(calls.read.request.parse(request)),
  real: (request) => files.real(calls.real.request.parse(request)),
  beginWrite: (request, content) =>
    begun.write.hold(files.write({ ...calls.beginWrite.request.parse(request), content })),
  write: (request) => begun.write.finish(calls.write.request.parse(request)),
  beginEdit: (request) => begun.edit.hold(files.edit(calls.beginEdit.request.parse(request))),
  edit: (request) => begun.edit.finish(calls.edit.request.parse(request)),
  tryEdit: (request) => files.tryEdit(calls.tryEdit.request.parse(request)),
  discard: async () => {
    await Promise.all([begun.write.discard(), begun.edit.discard()]);
    return {};
  },
  glob: (request) => search.glob(calls.glob.request.parse(request)),
  grep: (request) => search.grep(calls.grep.request.parse(request)),
  ...shellCalls(process.env, outputs),
  hold: (request) => {
    held?.hold(calls.hold.request.parse(request));
    return {};
  },
  uncover: (request) => {
    const { name, cover } = calls.uncover.request.parse(request);
    held?.uncover(name, cover);
    return {};
  },
};
const isCall = z.custom<CallName>((name) => typeof name === 'string' && Object.hasOwn(calls, name));

onRequest(process.stdin, (request, bytes) => void answer(request, bytes));

async function answer({ id, call, request }: WorkerRequest, bytes: Buffer): Promise<void> {
  try {
    if (held !== null && call.startsWith('bash')) throw noCommands();
    tell({ id, answer: await serve[isCall.parse(call)](request, bytes) });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const { code, message, hint } = error;
    tell({ id, failure: { code, message, hint } });
  }
}

const noCommands = (): FileError =>
  new FileError('needs_sandbox', 'nothing is run without a sandbox', { hint: 'Work with files alone.' });

const tell = (words: unknown): boolean => process.stdout.write(`${JSON.stringify(words)}\n`);
