import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

import { z } from 'zod';

import type { Closable } from './belongings.ts';
import { eventually } from './eventually.ts';

const PageEvent = z.object({
  /** Counts the events of one page from 0, in the order in which the page got them. */
  index: z.number(),
  type: z.enum([
    'ready',
    'placed',
    'keydown',
    'keyup',
    'mousedown',
    'mouseup',
    'click',
    'mousemove',
    'wheel',
    'input',
    'paste',
  ]),
  /** In pixels from the top left of the page's visible part. */
  x: z.number(),
  y: z.number(),
  button: z.number(),
  key: z.string(),
  /** What the page's text field holds. */
  value: z.string(),
  /** Where the page's visible part is on the screen. */
  left: z.number(),
  top: z.number(),
  /** Where the whole window is, as the page sees it. */
  window: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
});

export type PageEvent = z.infer<typeof PageEvent>;

/** A page on the loopback device that reports each input event it gets. */
export interface EventPage extends Closable {
  readonly url: string;
  /** In the order of the page, without gaps. */
  events(): readonly PageEvent[];
  waitFor(type: PageEvent['type'], isIt?: (event: PageEvent) => boolean): Promise<PageEvent>;
}

const PAGE = `<!doctype html><meta charset="utf-8"><title>Events</title>
<link rel="icon" href="data:,">
<style>body { font: 16px sans-serif; margin: 40px } #field { width: 300px; height: 30px }</style>
<p>Each event goes to the server.</p><input id="field" autofocus autocomplete="off">
<script>
let index = 0, sent = Promise.resolve();
const field = document.getElementById('field');
function report(event) {
  const { type, clientX: x = 0, clientY: y = 0, button = 0, key = '' } = event;
  const side = (outerWidth - innerWidth) / 2;
  const place = {
    left: screenX + side,
    top: screenY + outerHeight - innerHeight - side,
    window: { x: screenX, y: screenY, width: outerWidth, height: outerHeight },
  };
  const body = JSON.stringify({ index: index++, type, x, y, button, key, value: field.value, ...place });
  sent = sent.then(() => fetch('/event', { method: 'POST', body }));
}
for (const type of ['keydown', 'keyup', 'mousedown', 'mouseup', 'click', 'mousemove', 'wheel', 'input', 'paste'])
  addEventListener(type, report, { capture: true, passive: true });
const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
const placeNow = () => [screenX, screenY, innerWidth, innerHeight, outerWidth, outerHeight].join();
async function watchPlace() {
  for (let place = placeNow(); ; await drawn()) {
    if (place === placeNow()) continue;
    place = placeNow();
    await drawn();
    report({ type: 'placed' });
  }
}
addEventListener('load', () => drawn().then(() => report({ type: 'ready' })).then(watchPlace));
</script>`;

async function readEvent(request: IncomingMessage): Promise<PageEvent> {
  return PageEvent.parse(JSON.parse(await text(request)));
}

export async function serveEventPage(): Promise<EventPage> {
  const events: PageEvent[] = [];
  const server = createServer((request, response) => {
    if (request.method !== 'POST') {
      response.setHeader('content-type', 'text/html').end(PAGE);
      return;
    }
    readEvent(request)
      .then((event) => events.push(event))
      .finally(() => response.end())
      .catch(() => request.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port ?? 0}/`,
    events: () => events,
    waitFor: (type, isIt = () => true) =>
      eventually(`the page's ${type}`, () => events.find((event) => event.type === type && isIt(event))),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
