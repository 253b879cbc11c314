import { Reader } from '../documents/reader.ts';
import { FileError } from '../files/file-error.ts';
import { Files, type EditAnswer, type WriteAnswer } from '../files/files.ts';
import { HeldChange } from '../files/held-change.ts';
import { HeldFolders } from '../files/held-folders.ts';
import { HeldSearch } from '../files/held-search.ts';
import { Search } from '../files/search.ts';
import { shellCalls } from '../shell/serve.ts';
import {
  onRequest,
  UNEXPECTED,
  type CallName,
  type Requests,
  type WorkerRequest,
} from '../worker/requests.ts';

/**
 * Serves calls about files from inside the sandbox: `node worker.js ROOT RIPGREP PICTURE OUTPUTS`. Without PICTURE there is no
 * sandbox: it holds the folders that it is told, and has no shell.
 */
const [root = '/', ripgrep = 'rg', picture, outputs = '/tmp'] = process.argv.slice(2);
const held = picture === undefined ? new HeldFolders(root) : null;
const files = new Files(held ?? root);
const reader = new Reader(files, picture ?? null);
const search = held === null ? new Search(root, ripgrep) : new HeldSearch(held, ripgrep);

/** What may be given up, by the id of its request. */
const going = new Map<number, AbortController>();
const begun = { write: new HeldChange<WriteAnswer>(), edit: new HeldChange<EditAnswer>() };

type Serves<K extends CallName> = (request: Requests[K], bytes: Buffer, signal: AbortSignal) => unknown;

const serve: { readonly [K in CallName]: Serves<K> } = {
  read: (request) => reader.read(request),
  real: (request) => files.real(request),
  beginWrite: (request, content) => begun.write.hold(files.write({ ...request, content })),
  write: (request) => begun.write.finish(request),
  beginEdit: (request) => begun.edit.hold(files.edit(request)),
  edit: (request) => begun.edit.finish(request),
  tryEdit: (request) => files.tryEdit(request),
  discard: async () => {
    await Promise.all([begun.write.discard(), begun.edit.discard()]);
    return {};
  },
  giveUp: ({ id }) => {
    going.get(id)?.abort();
    return {};
  },
  glob: (request, _bytes, signal) => search.glob(request, signal),
  grep: (request, _bytes, signal) => search.grep(request, signal),
  ...shellCalls(process.env, outputs),
  hold: (request) => {
    held?.hold(request);
    return {};
  },
  uncover: ({ name, cover }) => {
    held?.uncover(name, cover);
    return {};
  },
};

onRequest(process.stdin, (request, bytes) => void answer(request, bytes));

async function answer<K extends CallName>(
  { id, call, request }: WorkerRequest<K>,
  bytes: Buffer,
): Promise<void> {
  const giving = new AbortController();
  going.set(id, giving);
  try {
    if (held !== null && call.startsWith('bash')) throw noCommands();
    tell({ id, answer: await serve[call](request, bytes, giving.signal) });
  } catch (error) {
    if (giving.signal.aborted) tell({ id, answer: null });
    else tell({ id, failure: failureOf(error) });
  } finally {
    going.delete(id);
  }
}

/** With what nobody expected goes where it happened, for the log; commands that run do not end for it. */
function failureOf(error: unknown): object {
  if (error instanceof FileError) return { code: error.code, message: error.message, hint: error.hint };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: UNEXPECTED, message, hint: '' };
}

const noCommands = (): FileError =>
  new FileError('needs_sandbox', 'nothing is run without a sandbox', { hint: 'Work with files alone.' });

const tell = (words: unknown): boolean => process.stdout.write(`${JSON.stringify(words)}\n`);
