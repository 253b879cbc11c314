import type { Tab } from '../../browser/tab.ts';
import { unlessAborted } from '../../browser/turns.ts';
import type { CdpSession } from '../../cdp/connection.ts';

/** Does something in an empty page of an origin, in the context of a tab; its server is not asked. */
export async function inBlankPage(
  { connection, targetId }: Tab,
  { origin, signal }: { readonly origin: string; readonly signal: AbortSignal },
  work: (page: CdpSession) => Promise<void>,
): Promise<void> {
  const { browser } = connection;
  const { targetInfo } = await browser.send('Target.getTargetInfo', { targetId });
  const { browserContextId } = targetInfo;
  const context = browserContextId === undefined ? {} : { browserContextId };
  const blank = await browser.send('Target.createTarget', {
    url: 'about:blank',
    background: true,
    ...context,
  });
  try {
    const attached = await browser.send('Target.attachToTarget', { targetId: blank.targetId, flatten: true });
    const page = connection.session(attached.sessionId);
    page.on('Fetch.requestPaused', ({ requestId }) => {
      const responseHeaders = [{ name: 'content-type', value: 'text/html' }];
      page
        .send('Fetch.fulfillRequest', { requestId, responseCode: 200, responseHeaders, body: '' })
        .catch(() => undefined);
    });
    await page.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
    await page.send('Page.enable');
    const arrived = new Promise<void>((resolve) => {
      page.on('Page.frameNavigated', ({ frame }) => {
        if (frame.url.startsWith(origin)) resolve();
      });
    });
    await page.send('Page.navigate', { url: origin }, { signal });
    await unlessAborted(arrived, signal);
    await work(page);
  } finally {
    await browser.send('Target.closeTarget', { targetId: blank.targetId });
  }
}
