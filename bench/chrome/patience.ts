import type { Driver } from '@deskhand/tests/browser/driver';
import type { Site } from '@deskhand/tests/browser/site';

const HANG = '<title>Hangs</title><script>onmessage = () => { for (;;); }</script>';
const DEADLINE_MS = 60_000;

/** How long a script in a second tab takes while one in the first runs without end; `null` without an answer. */
export async function patienceOf(start: () => Promise<Driver>, site: Site): Promise<number | null> {
  const driver = await start();
  const options = { deadlineMs: DEADLINE_MS };
  try {
    const base = site.put('patience', { '': HANG, other: '<title>Other</title>' });
    await driver.act({ do: 'navigate', url: base }, options);
    await driver.act({ do: 'newTab', url: `${base.replace('127.0.0.1', 'localhost')}other` }, options);
    const looping = driver.act({ do: 'evaluate', script: '(() => { for (;;); })()', tab: 1 }, options);
    looping.catch(() => undefined); // nobody waits for it
    const answered = driver.act({ do: 'evaluate', script: 'document.title', tab: 2 }, options);
    const said = await answered.catch(() => null); // it waited behind the other one until its time was up
    return said === null || said.isError ? null : said.ms;
  } finally {
    await driver.close();
  }
}
