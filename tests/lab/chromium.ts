import { join } from 'node:path';

import { openApplication, type Application } from './application.ts';
import type { Desktop } from './desktop.ts';
import { eventually } from './eventually.ts';
import { serveEventPage, type EventPage } from './event-page.ts';

/** The browser with a window of its own, in a profile that nothing else uses. */
export interface Chromium extends Application {
  /** The page that reports what it gets; not loaded when another address was asked for. */
  readonly page: EventPage;
}

const FLAGS = [
  '--no-first-run',
  '--no-default-browser-check',
  '--no-service-autorun',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--disable-breakpad',
  '--disable-dev-shm-usage',
  '--disable-features=Translate,MediaRouter,OptimizationHints',
  '--password-store=basic',
  '--test-type', // No bar about the flags.
];

function sandboxFlags(): readonly string[] {
  // The browser's own sandbox refuses to run as root.
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

export interface ChromiumOptions {
  readonly url?: string;
  readonly width?: number;
  readonly height?: number;
  readonly flags?: readonly string[];
}

/** Opens the browser, on the page that reports its events unless `url` says otherwise, and waits until it shows. */
export async function openChromium(desktop: Desktop, options: ChromiumOptions = {}): Promise<Chromium> {
  const { url, width = 640, height = 480, flags = [] } = options;
  const page = desktop.own(await serveEventPage());
  const app = await openApplication(desktop, {
    command: 'chromium',
    args: [
      `--user-data-dir=${join(desktop.folder, `chromium-${performance.now()}`)}`,
      `--window-size=${width},${height}`,
      ...FLAGS,
      ...sandboxFlags(),
      ...flags,
      url ?? page.url,
    ],
  });
  if (url === undefined) await page.waitFor('ready');
  return {
    ...app,
    page,
    place: async (rect) => {
      await app.place(rect);
      // The page draws later than the window moves, and a click in between goes nowhere.
      if (url === undefined) {
        await eventually('the page to follow its window', () => {
          const now = page.events().at(-1)?.window;
          return now?.x === rect.x && now.y === rect.y && now.width === rect.width;
        });
      }
    },
    close: async () => {
      await app.close();
      await page.close();
    },
  };
}
