import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLab, type Lab } from '../lab/browser.ts';
import { openSite, type Site } from '../lab/site.ts';

let lab: Lab;
let site: Site;
beforeAll(async () => {
  const script =
    (text: string) => (response: { setHeader(name: string, value: string): { end(text: string): void } }) =>
      response.setHeader('content-type', 'text/javascript').end(text);
  site = await openSite({
    '/': `<title>Workers</title><script>globalThis.said = [];
      const worker = new Worker('/worker.js');
      worker.onmessage = ({ data }) => said.push(data);</script>`,
    '/worker.js': script(`postMessage('outer');
      fetch('/').then((response) => postMessage(response.status));
      const inner = new Worker('/inner.js');
      inner.onmessage = ({ data }) => postMessage(data);`),
    '/inner.js': script(
      `postMessage('inner'); fetch('http://no.such.invalid/').catch(() => postMessage('failed'));`,
    ),
  });
  lab = await openLab();
});
afterAll(async () => {
  await lab.close();
  await site.close();
});

test('workers of a page run, and those that workers start', async () => {
  const client = lab.client();
  await client.call('navigate', { url: site.origin });
  const said = async (): Promise<string> =>
    (await client.call('evaluate', { script: 'said.map(String).sort()' })).text;
  await expect.poll(said).toContain('["200","failed","inner","outer"]');
});
