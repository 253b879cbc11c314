import { defineTool, quoted, ToolError, untrustedAnswer, type Tool } from '@deskhand/server-runtime';
import type { Protocol } from 'devtools-protocol';
import { z } from 'zod';
import type { Tab } from '../../browser/tab.ts';
import { CommandFailed } from '../../cdp/connection.ts';
import type { BrowserSession } from '../../session.ts';
import { fitting } from '../answer-size.ts';
import { hidden } from '../masking.ts';

export const cookies = (session: BrowserSession): Tool =>
  defineTool({
    name: 'cookies',
    title: 'Cookies',
    description:
      'Lists, sets or deletes cookies of the page and its frames, or of url; values only if values is true.',
    input: z.object({
      action: z.enum(['list', 'set', 'delete']).default('list'),
      name: z.string().min(1).optional(),
      value: z.string().optional(),
      url: z.url().optional().describe('Default: the page'),
      domain: z.string().optional(),
      path: z.string().optional(),
      expires: z.number().optional().describe('Seconds since 1970'),
      httpOnly: z.boolean().optional(),
      secure: z.boolean().optional(),
      sameSite: z.enum(['Strict', 'Lax', 'None']).optional(),
      values: z.boolean().default(false),
      tab: z.string().optional(),
    }),
    annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: true },
    run: ({ action, values, tab: id, ...given }, { signal }) =>
      session.inTab(
        id,
        async (tab, within) => {
          if (action === 'set') return set(tab, given, within);
          if (action === 'delete') return remove(tab, given, within);
          return list(tab, { ...given, values }, within);
        },
        { signal },
      ),
  });

interface Given {
  readonly name?: string | undefined;
  readonly value?: string | undefined;
  readonly url?: string | undefined;
  readonly domain?: string | undefined;
  readonly path?: string | undefined;
}

interface ToSet extends Given {
  readonly expires?: number | undefined;
  readonly httpOnly?: boolean | undefined;
  readonly secure?: boolean | undefined;
  readonly sameSite?: 'Strict' | 'Lax' | 'None' | undefined;
}

/** Those that the page and its frames are sent with, in the order of their domains, paths and names. */
export async function cookiesOf(
  { page, frames }: Pick<Tab, 'page'> & { readonly frames: readonly { readonly url: string }[] },
  signal: AbortSignal,
): Promise<readonly Protocol.Network.Cookie[]> {
  const urls = frames.map(({ url }) => url).filter((url) => /^https?:/.test(url));
  if (urls.length === 0) return [];
  const { cookies } = await page.send('Network.getCookies', { urls }, { signal });
  // the browser gives those that came in one answer in no certain order
  return cookies.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
}

const placeOf = ({ domain, path, name }: Protocol.Network.Cookie): string => [domain, path, name].join('\n');

async function list(
  tab: Tab,
  { name, url, domain, values }: Given & { readonly values: boolean },
  signal: AbortSignal,
): Promise<{ text: string }> {
  const frames = url === undefined ? tab.frames() : [{ url }];
  const all = await cookiesOf({ page: tab.page, frames }, signal);
  const wanted = all
    .filter((cookie) => name === undefined || cookie.name === name)
    .filter((cookie) => domain === undefined || cookie.domain.endsWith(domain));
  const { lines, left } = fitting(wanted.map((cookie) => lineOf(cookie, values)));
  const more = left === 0 ? [] : [`(${left} more: ask with name or domain)`];
  return { text: untrustedAnswer(`${wanted.length} cookies`, [...lines, ...more], { from: 'the page' }) };
}

function lineOf(cookie: Protocol.Network.Cookie, withValue: boolean): string {
  const { name, value, domain, path, expires, httpOnly, secure, session, sameSite } = cookie;
  const until = session ? 'until the browser ends' : `until ${new Date(expires * 1000).toISOString()}`;
  const marks = [until, httpOnly ? 'httpOnly' : '', secure ? 'secure' : '', sameSite ?? ''].filter(
    (mark) => mark !== '',
  );
  const shown = withValue ? quoted(value, 4_000) : hidden(value);
  return `${quoted(name, 200)} = ${shown} for ${quoted(domain + path, 200)} (${marks.join(', ')})`;
}

async function set(tab: Tab, given: ToSet, signal: AbortSignal): Promise<{ text: string }> {
  const { name, value, url, domain, path, expires, sameSite, httpOnly = false, secure } = given;
  if (name === undefined || value === undefined) throw misfit('set needs name and value');
  const place = url ?? (domain === undefined ? tab.main.url : undefined);
  const cookie = {
    ...{ name, value, httpOnly },
    ...(place !== undefined && { url: place }),
    ...(domain !== undefined && { domain }),
    ...(path !== undefined && { path }),
    ...(expires !== undefined && { expires }),
    ...(sameSite !== undefined && { sameSite }),
    ...(secure !== undefined && { secure }),
  };
  try {
    await tab.page.send('Network.setCookies', { cookies: [cookie] }, { signal });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw misfit(`The browser does not take this cookie: ${error.message}`);
  }
  const urls = [place ?? `https://${domain ?? ''}${path ?? '/'}`];
  const { cookies: kept } = await tab.page.send('Network.getCookies', { urls }, { signal });
  const isKept = kept.some((one) => one.name === name && one.value === value);
  if (!isKept) throw misfit('The browser did not keep this cookie for this address');
  return { text: `Set ${quoted(name, 200)}.` };
}

async function remove(
  tab: Tab,
  { name, url, domain, path }: Given,
  signal: AbortSignal,
): Promise<{ text: string }> {
  const frames = url === undefined ? tab.frames() : [{ url }];
  const all = await cookiesOf({ page: tab.page, frames }, signal);
  const leaving = all
    .filter((cookie) => name === undefined || cookie.name === name)
    .filter((cookie) => domain === undefined || cookie.domain === domain)
    .filter((cookie) => path === undefined || cookie.path === path);
  const ends = leaving.map((cookie) =>
    tab.page.send(
      'Network.deleteCookies',
      { name: cookie.name, domain: cookie.domain, path: cookie.path },
      { signal },
    ),
  );
  await Promise.all(ends);
  return { text: `Deleted ${leaving.length} cookies.` };
}

const misfit = (message: string): ToolError =>
  new ToolError('invalid_arguments', message, {
    hint: 'Such as {"action": "set", "name": "a", "value": "b"}.',
  });
