import { defineTool, inTime, quoted, ToolError, type CallContext, type Tool } from '@deskhand/server-runtime';
import type { Protocol } from 'devtools-protocol';
import { z } from 'zod';
import { DialogOpen } from '../../browser/failure.ts';
import type { Tab } from '../../browser/tab.ts';
import { unlessAborted } from '../../browser/turns.ts';
import type { CdpSession } from '../../cdp/connection.ts';
import type { BrowserSession } from '../../session.ts';
import { elementOf } from '../../tools/element.ts';
import { stage } from './staging.ts';

/** How long a page may take to ask for files after a click. */
const CHOOSER_MS = 5_000;

export const uploadFile = (session: BrowserSession): Tool =>
  defineTool({
    name: 'upload_file',
    title: 'Upload files',
    description: 'Gives files of allowed folders to a file field, or to the button that asks for them.',
    input: z.object({
      ref: z.string(),
      paths: z.array(z.string().min(1)).min(1).max(50),
      tab: z.string().optional(),
    }),
    annotations: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
    run: async ({ ref, paths, tab: id }, call) => {
      const files = await stage(session, paths, call);
      const isField = await session.inTab(id, (tab, signal) => fill(tab, { ref, files }, signal), call);
      if (!isField) await answerChooser(await session.tab(id, call.signal), { ref, files }, call);
      const names = files.map((path) => quoted(path.slice(path.lastIndexOf('/') + 1), 100)).join(', ');
      return { text: `Gave ${ref} ${files.length === 1 ? 'the file' : `${files.length} files:`} ${names}.` };
    },
  });

interface Upload {
  readonly ref: string;
  readonly files: readonly string[];
}

/** How many files the element takes; 0 for one that is no file field. */
const TAKES =
  'function() { return this instanceof HTMLInputElement && this.type === "file" ? (this.multiple ? 2 : 1) : 0; }';

/** `false` when the element is no file field. */
async function fill(tab: Tab, { ref, files }: Upload, signal: AbortSignal): Promise<boolean> {
  const { frame, objectId } = await elementOf(tab, { ref, world: 'isolated' }, signal);
  const asked = { functionDeclaration: TAKES, objectId, returnByValue: true };
  const { result } = await frame.session.send('Runtime.callFunctionOn', asked, { signal });
  if (result.value === 0) return false;
  if (result.value === 1 && files.length > 1) throw onlyOne();
  await frame.session.send('DOM.setFileInputFiles', { files: [...files], objectId }, { signal });
  return true;
}

/** Clicks, and gives the files to the field for which the page then wants a dialog, which is not shown. */
async function answerChooser(tab: Tab, { ref, files }: Upload, call: CallContext): Promise<void> {
  const sessions: CdpSession[] = [];
  const stops: (() => void)[] = [];
  const opened = new Promise<readonly [CdpSession, Protocol.Page.FileChooserOpenedEvent]>((resolve) => {
    stops.push(
      tab.sessions.follow((session) => {
        sessions.push(session);
        return session.on('Page.fileChooserOpened', (event) => resolve([session, event]));
      }),
    );
  });
  try {
    await intercept(sessions, true);
    await call.step('click', { ref, tab: tab.id });
    if (tab.dialog !== null) throw new DialogOpen(tab.dialog);
    const [session, { backendNodeId, mode }] = await inTime(CHOOSER_MS, call.signal, (patience) =>
      unlessAborted(opened, patience),
    ).catch(() => notAsked(ref));
    if (backendNodeId === undefined) return notAsked(ref);
    if (mode === 'selectSingle' && files.length > 1) throw onlyOne();
    await session.send(
      'DOM.setFileInputFiles',
      { files: [...files], backendNodeId },
      { signal: call.signal },
    );
  } finally {
    for (const stop of stops) stop();
    await intercept(sessions, false);
  }
}

const intercept = (sessions: readonly CdpSession[], enabled: boolean): Promise<unknown> =>
  // a frame may be gone
  Promise.allSettled(
    sessions.map((session) => session.send('Page.setInterceptFileChooserDialog', { enabled })),
  );

function notAsked(ref: string): never {
  throw new ToolError('no_file_chooser', `${ref} was clicked, and the page asked for no file`, {
    hint: 'Take a snapshot: the page may ask in another place, or take files that are dropped.',
  });
}

const onlyOne = (): ToolError =>
  new ToolError('invalid_arguments', 'The page takes one file here', { hint: 'Give one path.' });
