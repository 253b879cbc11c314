import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLab, type Client, type Lab } from '../lab/browser.ts';
import { openSite, type Site } from '../lab/site.ts';

let lab: Lab;
let site: Site;
let me: Client;

const BAD = `<!doctype html><html lang="en"><title>Bad</title><main><h1>Shop</h1>
  <form><input id="name"></form><button id="go"></button><img src="data:," id="logo">
  <p style="color:#bbb;background:#fff">Hardly seen</p></main>
  <script>Array.prototype.map = () => { throw new Error('tampered') }; window.axe = { run: () => 'page' }</script>`;
const GOOD = `<!doctype html><html lang="en"><title>Good</title><main><h1>Shop</h1>
  <label>Name <input></label><button>Go</button></main>`;

beforeAll(async () => {
  const pages: Record<string, string> = { '/bad': BAD, '/good': GOOD };
  site = await openSite(pages);
  pages['/framed'] = `<!doctype html><html lang="en"><title>Framed</title><main><h1>Out</h1>
    <iframe title="Shop" src="${site.otherOrigin}/bad"></iframe></main>`;
  lab = await openLab();
  me = lab.client();
  await me.call('enable', { groups: ['accessibility'] });
});

afterAll(async () => {
  await lab.close();
  await site.close();
});

const audit = async (path: string, input: Record<string, unknown> = {}) => {
  await me.call('navigate', { url: site.origin + path });
  return me.call('accessibility_audit', input);
};

test('what breaks a rule is told worst first, with refs that can be used; the page has no say in it', async () => {
  const { text } = await audit('/bad');
  const lines = text.split('\n').map((line) => line.replaceAll(/e\d+/g, 'eN'));
  expect(lines[0]).toMatch(/^t1: 4 elements break 4 rules; \d+ rules need a person's look/);
  const rules = lines.flatMap(
    (line) => /(critical|serious|moderate|minor) ([\w-]+)/.exec(line)?.slice(1, 3) ?? [],
  );
  expect(rules).toEqual([
    ...['critical', 'button-name', 'critical', 'image-alt', 'critical', 'label'],
    ...['serious', 'color-contrast'],
  ]);
  const button = /(e\d+) "<button id=\\"go\\">/.exec(text)?.[1];
  expect(await me.call('evaluate', { ref: button ?? '', script: '(e) => e.id' })).toMatchObject({
    code: null,
  });
});

test('a page that keeps them breaks none', async () => {
  expect((await audit('/good')).text).toMatch(/^t1: 0 elements break 0 rules/);
});

test('frames of other sites are audited too, and their refs have their frame', async () => {
  const { text } = await audit('/framed');
  expect(text).toMatch(/critical label \(WCAG 4\.1\.2\) in frame 1/);
  expect(text).toMatch(/f1e\d+ "<input id=\\"name\\">/);
});

test('one part, one standard and the worst alone', async () => {
  await me.call('navigate', { url: `${site.origin}/bad` });
  const form = /e\d+/.exec((await me.call('find', { role: 'textbox' })).text)?.[0] ?? '';
  const inPart = await me.call('accessibility_audit', { within: form });
  expect(inPart.result?.structured).toEqual({ elements: 1, rules: ['label'] });
  const critical = await me.call('accessibility_audit', { impact: 'critical', standard: 'wcag-a' });
  expect(critical.result?.structured).toEqual({ elements: 3, rules: ['button-name', 'image-alt', 'label'] });
  expect(await me.call('accessibility_audit', { within: 'e99999' })).toMatchObject({ code: 'stale_ref' });
});
