import { defineTool, ToolError, type CallContext, type Tool } from '@deskhand/server-runtime';
import type { Protocol } from 'devtools-protocol';
import { z } from 'zod';
import type { Frame } from '../../browser/frame.ts';
import type { Tab } from '../../browser/tab.ts';
import type { BrowserSession } from '../../session.ts';
import { Area } from './area.ts';
import { inBlankPage } from './blank-page.ts';
import { cookiesOf } from './cookies.ts';
import { readState, type StorageState } from './state-file.ts';

const MOST_BYTES = 20_000_000;

export const storageState = (session: BrowserSession): Tool =>
  defineTool({
    name: 'storage_state',
    title: 'Storage state',
    description:
      'Saves cookies of the page and its frames and its local storage to a file, or restores them (format of Playwright).',
    input: z.object({
      action: z.enum(['save', 'restore']),
      path: z.string().min(1).optional().describe('Default for save: a new file of the session'),
      tab: z.string().optional(),
    }),
    annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: true },
    run: ({ action, path, tab }, call) =>
      action === 'save' ? save(session, { path, tab }, call) : restore(session, { path, tab }, call),
  });

interface Asked {
  readonly path: string | undefined;
  readonly tab: string | undefined;
}

async function save(
  session: BrowserSession,
  { path, tab: id }: Asked,
  call: CallContext,
): Promise<{ text: string }> {
  const file = path === undefined ? null : await session.fileAccess.create(path, call);
  try {
    const state = await session.inTab(id, stateOf, call);
    const text = `${JSON.stringify(state, undefined, 2)}\n`;
    if (file !== null) await file.handle.writeFile(session.secrets.scrub(text));
    const written = file?.path ?? (await session.files.write('storage-state', 'json', text));
    return { text: `${countsOf(state)} are in ${written}` };
  } finally {
    await file?.handle.close();
  }
}

async function restore(
  session: BrowserSession,
  { path, tab: id }: Asked,
  call: CallContext,
): Promise<{ text: string }> {
  if (path === undefined)
    throw new ToolError('invalid_arguments', 'restore needs path', { hint: 'A file that save wrote.' });
  const { handle } = await session.fileAccess.read(path, call);
  try {
    const { size } = await handle.stat();
    if (size > MOST_BYTES)
      throw new ToolError('invalid_state', `The file has ${size} bytes, which is too much`, {
        hint: 'Save a new one.',
      });
    const state = readState(await handle.readFile('utf8'));
    await session.inTab(id, (tab, within) => bringBack(tab, state, within), call);
    return { text: `${countsOf(state)} were restored. Reload the page to have it see them.` };
  } finally {
    await handle.close();
  }
}

const countsOf = ({ cookies, origins }: StorageState): string =>
  `${cookies.length} cookies and the local storage of ${origins.length} origins`;

async function stateOf(tab: Tab, signal: AbortSignal): Promise<StorageState> {
  const cookies = await cookiesOf({ page: tab.page, frames: tab.frames() }, signal);
  return { cookies: cookies.map(toState), origins: await storedBy(tab.main, signal) };
}

/** What frames of other sites keep is kept apart by the browser, for this page alone. */
async function storedBy(page: Frame, signal: AbortSignal): Promise<StorageState['origins']> {
  if (!/^https?:/.test(page.url)) return [];
  const entries = await (await Area.of(page, 'local', signal)).entries(signal);
  if (entries.length === 0) return [];
  const { origin } = new URL(page.url);
  return [{ origin, localStorage: entries.map(([name, value]) => ({ name, value })) }];
}

const toState = ({
  name,
  value,
  domain,
  path,
  expires,
  httpOnly,
  secure,
  sameSite,
}: Protocol.Network.Cookie): StorageState['cookies'][number] => ({
  ...{ name, value, domain, path, expires, httpOnly, secure },
  ...(sameSite !== undefined && { sameSite }),
});

async function bringBack(tab: Tab, { cookies, origins }: StorageState, signal: AbortSignal): Promise<void> {
  const given = cookies.map(({ expires, sameSite, ...cookie }) => ({
    ...cookie,
    ...(expires > 0 && { expires }),
    ...(sameSite !== undefined && { sameSite }),
  }));
  if (given.length > 0) await tab.page.send('Network.setCookies', { cookies: given }, { signal });
  for (const { origin, localStorage } of origins) {
    await inBlankPage(tab, { origin, signal }, async (page) => {
      // as the browser writes the key of a page that is in no other's frame
      const storageId = { storageKey: `${new URL(origin).origin}/`, isLocalStorage: true };
      for (const { name: key, value } of localStorage) {
        await page.send('DOMStorage.setDOMStorageItem', { storageId, key, value }, { signal });
      }
    });
  }
}
