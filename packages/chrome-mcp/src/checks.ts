import type { DoctorCheck } from '@deskhand/server-runtime';
import { browserAddress, joins, openBrowser, type JoinOptions } from './browser/join.ts';
import { findBrowser } from './browser/launch.ts';
import type { PageScript } from './browser/page-script.ts';
import { SharedBrowser } from './browser/shared-browser.ts';
import { travel } from './browser/navigation.ts';
import { BrowserSession } from './session.ts';

/** How long one trial may take, in milliseconds. */
const TRIAL_MS = 20_000;

/** What `doctor` tries out; a browser that is started for it has a temporary profile and no window. */
export const browserChecks = (options: JoinOptions, script: PageScript): readonly DoctorCheck[] => [
  {
    name: joins(options) ? 'know which browser to join' : 'find a browser',
    run: () => (joins(options) ? browserAddress(options) : findBrowser(options)),
  },
  {
    name: joins(options) ? 'join it and open a page' : 'start it and open a page',
    run: (signal) => openPage(options, script, signal),
  },
];

async function openPage(options: JoinOptions, script: PageScript, signal: AbortSignal): Promise<string> {
  const shared = new SharedBrowser((within) =>
    openBrowser({ ...options, headless: true, isolated: true }, within),
  );
  const isolated = !joins(options);
  const session = new BrowserSession({
    shared,
    script,
    deadline: TRIAL_MS,
    isolated,
    downloads: options.home,
    files: options.home,
    home: options.home,
  });
  try {
    const url = 'data:text/html,<title>It works</title>';
    const work = { signal };
    const { title } = await session.inTab(
      undefined,
      (tab, within) => travel(tab, { kind: 'url', url }, within),
      work,
    );
    const { product } = await session.browser(signal);
    if (title !== 'It works') throw new Error(`${product} did not show the page`);
    return product;
  } finally {
    await session.close();
    await shared.close();
  }
}
