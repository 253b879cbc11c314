import { readFileSync, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLab, type Client, type Lab } from '../lab/browser.ts';
import { openSite, type Site } from '../lab/site.ts';

let lab: Lab;
let site: Site;
let me: Client;

/** It shifts what was painted, works long when it is loaded and when it is clicked, and waits for its style. */
const SLOW = `<!doctype html><title>Slow</title><link rel="stylesheet" href="/style.css">
  <div id="late"></div><h1>Words that are the largest of all</h1><button>Work</button><script src="/work.js"></script>`;
const WORK = `function busy(ms) { const end = performance.now() + ms; while (performance.now() < end); }
  new PerformanceObserver(() => setTimeout(() => {
    document.querySelector('#late').style.height = '300px'; busy(150); document.title = 'Done' }, 50))
    .observe({ type: 'largest-contentful-paint', buffered: true });
  document.querySelector('button').onclick = () => busy(300);`;

beforeAll(async () => {
  const typed = (type: string, text: string) => (response: ServerResponse) =>
    response.writeHead(200, { 'content-type': type }).end(text);
  site = await openSite({
    '/': SLOW,
    '/style.css': typed('text/css', 'h1 { font-size: 60px }'),
    '/work.js': typed('text/javascript', WORK),
    '/quiet': '<!doctype html><title>Quiet</title><p>Words</p>',
  });
  lab = await openLab();
  me = lab.client();
  await me.call('enable', { groups: ['performance'] });
});

afterAll(async () => {
  await lab.close();
  await site.close();
});

const isDone = () =>
  expect.poll(async () => (await me.call('evaluate', { script: 'document.title' })).text).toMatch(/Done/);

test('a trace of a page that is loaded tells what held it up, and is a file that DevTools reads', async () => {
  await me.call('navigate', { url: site.origin });
  expect((await me.call('performance_trace', { action: 'start', reload: true })).text).toBe(
    'A trace of t1 is on, and the page was loaded anew.',
  );
  await isDone();
  const ref = /e\d+/.exec((await me.call('find', { role: 'button' })).text)?.[0] ?? '';
  await me.call('click', { ref });
  // it is known when what came of the click is painted
  await expect.poll(async () => (await me.call('performance_vitals')).text).toMatch(/INP \d{3,} ms/);
  const { text, code } = await me.call('performance_trace', { action: 'stop' });
  expect(code).toBe(null);
  expect(text).toMatch(/LCP \d+ ms \(\w[\w ]*\) by "<h1>" \(e\d+\)/);
  expect(text).toMatch(
    /CLS 0\.[1-9]\d+ \((?:needs work|poor|good)\), \d shifts; the largest, 0\.\d+, moved "<[\w-]+>" \(e\d+\)/,
  );
  expect(text).toMatch(/INP \d{3,} ms \((?:needs work|poor)\), \w+ by "<button>" \(e\d+\)/);
  expect(text).toMatch(/\d{3} ms at \d+ ms: .*\/work\.js:/);
  expect(text).toMatch(/Requests that held up the first paint:\n.*style\.css/s);
  const path = /in (\S+\.json)/.exec(text)?.[1] ?? '';
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveProperty('traceEvents');
});

test('a trace that is on is not begun twice, and one that is not on is not stopped', async () => {
  await me.call('navigate', { url: `${site.origin}/quiet` });
  expect(await me.call('performance_trace', { action: 'stop' })).toMatchObject({ code: 'no_trace' });
  await me.call('performance_trace', { action: 'start' });
  expect(await me.call('performance_trace', { action: 'start' })).toMatchObject({ code: 'trace_running' });
  const { text } = await me.call('performance_trace', { action: 'stop' });
  expect(text).toMatch(/No request held up the first paint/);
});

test('a page that is quiet has good vitals, and what nobody did is not known', async () => {
  await me.call('navigate', { url: `${site.origin}/quiet` });
  await expect.poll(async () => (await me.call('performance_vitals')).text).toMatch(/LCP \d+ ms/);
  const { text } = await me.call('performance_vitals');
  expect(text).toMatch(/CLS 0\.000 \(good\), 0 shifts\nINP not known: nobody used the page/);
});
