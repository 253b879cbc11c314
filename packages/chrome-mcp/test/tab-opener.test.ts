import { expect, test } from 'vitest';
import { Browser } from '../src/browser/browser.ts';
import { PageScript } from '../src/browser/page-script.ts';
import { CommandFailed, type Connection } from '../src/cdp/connection.ts';
import { FlatSessions } from '../src/cdp/flat-sessions.ts';
import { TabOpener } from '../src/tab-opener.ts';

/** A browser that does what it is asked, but for one command, which fails once. */
function browserThatFails(failing: string): { readonly connection: Connection; readonly sent: string[] } {
  const sent: string[] = [];
  const sessions = new FlatSessions((command) => {
    sent.push(command);
    const isFirst = sent.filter((one) => one === failing).length === 1;
    return command === failing && isFirst
      ? Promise.reject(new CommandFailed(command, { code: -32000, message: 'Not now' }))
      : Promise.resolve({ browserContextId: 'context', targetId: 'target', product: 'Chrome/1' });
  });
  const connection = {
    browser: sessions.session(''),
    session: (id: string) => sessions.session(id),
    closed: new AbortController().signal,
    close: () => undefined,
  };
  return { connection, sent };
}

async function openerOn(connection: Connection): Promise<TabOpener> {
  const signal = AbortSignal.timeout(5_000);
  const browser = await Browser.over(connection, { isOurs: true, signal });
  const close = (): Promise<void> => Promise.resolve();
  return new TabOpener({
    ...{ script: new PageScript(import.meta.dirname), deadline: 5_000, isolated: true, downloads: '/none' },
    opened: () => Promise.resolve({ browser, note: null, isOurs: true, close }),
    own: (targetId) => ({ id: 't1', targetId, tab: null, opening: null, isBorrowed: false }),
    attached: () => undefined,
  });
}

test.each(['Target.createBrowserContext', 'Browser.setDownloadBehavior'])(
  'a context for which %s failed is made anew by the next call',
  async (failing) => {
    const { connection, sent } = browserThatFails(failing);
    const opener = await openerOn(connection);
    const create = () => opener.create(AbortSignal.timeout(5_000));
    await expect(create()).rejects.toThrow('Not now');
    expect(await opener.context()).toBe(null);
    const wasMade = failing !== 'Target.createBrowserContext';
    expect(sent.includes('Target.disposeBrowserContext')).toBe(wasMade);
    expect((await create()).targetId).toBe('target');
    expect(await opener.context()).toBe('context');
  },
);
