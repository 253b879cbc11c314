import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLab, type Client, type Lab } from '../lab/browser.ts';
import { openSite, type Site } from '../lab/site.ts';

let lab: Lab;
let site: Site;
let me: Client;

const LEAKING = `<!doctype html><title>Leaking</title><script>
  class Leak { constructor() { this.data = new Array(1000).fill(Math.random()); } }
  const cache = { kept: [] };
  window.store = { cache };
  window.leak = (count) => { for (let n = 0; n < count; n++) cache.kept.push(new Leak()); };
  leak(10);
</script>`;

beforeAll(async () => {
  site = await openSite({ '/': LEAKING });
  lab = await openLab();
  me = lab.client();
  await me.call('enable', { groups: ['memory'] });
  await me.call('navigate', { url: site.origin });
});

afterAll(async () => {
  await lab.close();
  await site.close();
});

test('what grew between two pictures is told by its class, with what holds it', async () => {
  const first = await me.call('heap_snapshot');
  expect(first.text).toMatch(/^h1 of t1: \d+ (?:kB|MB) in \d+ objects, in \S+\.heapsnapshot/);
  expect(first.text).toContain('Largest classes:');
  await me.call('evaluate', { script: 'leak(500)' });
  const second = await me.call('heap_snapshot', { compare: 'h1' });
  expect(second.text).toMatch(/Grown since h1:\n.*\+\d+ (?:kB|MB), \+\d+ of .*\(array\)/);
  expect(second.text).toMatch(/\+\d+ (?:kB|bytes), \+500 of .*Leak/);
  const { text } = await me.call('heap_retainers', { snapshot: 'h2', class: 'Leak' });
  expect(text).toMatch(/8\d{3} bytes are kept by one .*Leak.*:\n.*\.store\.cache\.kept.*\[\d+\]/);
  const largest = await me.call('heap_retainers', { snapshot: 'h2' });
  expect(largest.text).toMatch(/4\d{3} kB are kept by one .*Array.*:\n.*\.kept/);
});

test('the file is what DevTools reads', async () => {
  const { result } = await me.call('heap_snapshot');
  const path = String(result?.structured?.['path']);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ snapshot: { meta: {} } });
});

test('pictures and classes that are not there are errors', async () => {
  expect(await me.call('heap_snapshot', { compare: 'h99' })).toMatchObject({ code: 'no_snapshot' });
  expect(await me.call('heap_retainers', { snapshot: 'h1', class: 'Nothing' })).toMatchObject({
    code: 'no_such_class',
  });
});
