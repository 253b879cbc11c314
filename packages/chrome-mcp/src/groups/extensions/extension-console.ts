import { defineTool, quoted, ToolError, untrustedAnswer, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { CdpSession } from '../../cdp/connection.ts';
import type { BrowserSession } from '../../session.ts';
import { fitting } from '../answer-size.ts';
import { calledMessage, thrownMessage, type Message } from '../console/message.ts';
import { loadedExtensions, workerOf } from './loaded.ts';

export const extensionConsole = (session: BrowserSession): Tool =>
  defineTool({
    name: 'extension_console',
    title: 'Console of an extension',
    description:
      'What the service worker of an extension said since it runs, newest first, and errors that it did not catch.',
    input: z.object({ id: z.string().describe('Of extensions') }),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
    run: async ({ id }, { signal }) => {
      const { connection } = await session.browser(signal);
      const { browser } = connection;
      const extension = (await loadedExtensions(browser, signal)).find((one) => one.id === id);
      if (extension === undefined) throw unknown(id);
      const worker = await workerOf(browser, extension, signal);
      if (worker === null) throw asleep(id);
      const to = { targetId: worker.targetId, flatten: true };
      const { sessionId } = await browser.send('Target.attachToTarget', to, { signal });
      try {
        const said = await saidIn(connection.session(sessionId), signal);
        const { lines, left } = fitting(said.toReversed().map(lineOf));
        const more = left === 0 ? [] : [`(and ${left} before)`];
        const head = `${id}: ${said.length} messages`;
        return { text: untrustedAnswer(head, [...lines, ...more], { from: 'the extension' }) };
      } finally {
        browser.send('Target.detachFromTarget', { sessionId }).catch(() => undefined); // it fell asleep
      }
    },
  });

/** Whoever listens anew is told all of it before the answer. */
async function saidIn(worker: CdpSession, signal: AbortSignal): Promise<readonly Message[]> {
  const said: Message[] = [];
  const heard = (message: Message | null): void => {
    if (message !== null) said.push(message);
  };
  worker.on('Runtime.consoleAPICalled', (event) => heard(calledMessage(event)));
  worker.on('Runtime.exceptionThrown', (event) => heard(thrownMessage(event)));
  await worker.send('Runtime.enable', undefined, { signal });
  return said;
}

const lineOf = ({ level, text, place }: Message): string =>
  `${level} ${quoted(text, 300)}${place === null ? '' : ` at ${quoted(`${place.url.slice(0, 200)}:${place.line + 1}`)}`}`;

const unknown = (id: string): ToolError =>
  new ToolError('no_such_extension', `No extension has the id ${quoted(id, 80)}`, {
    hint: 'extensions lists them.',
  });

const asleep = (id: string): ToolError =>
  new ToolError('worker_asleep', `The service worker of ${id} does not run`, {
    hint: 'It wakes when something happens that it waits for, such as a page it works on; then ask again.',
  });
