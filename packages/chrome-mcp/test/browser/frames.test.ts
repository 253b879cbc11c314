import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLab, type Client, type Lab } from '../lab/browser.ts';
import { openSite, type Pages, type Site } from '../lab/site.ts';

let lab: Lab;
let site: Site;
let me: Client;

const framed = (title: string, src: string): string =>
  `<title>${title}</title><p>${title}</p><iframe id="f" src="${src}"></iframe>`;

beforeAll(async () => {
  const pages: Record<string, Pages[string]> = {};
  site = await openSite(pages);
  Object.assign(pages, {
    '/': framed('one', `${site.otherOrigin}/two`),
    '/two': framed('two', `${site.origin}/three`),
    '/three': '<title>three</title><p>three</p>',
    '/same': framed('same', '/three'),
  });
  lab = await openLab();
  me = lab.client();
});

afterAll(async () => {
  await lab.close();
  await site.close();
});

const titles = (count: number) =>
  Promise.all(
    Array.from({ length: count }, async (_, frame) =>
      (await me.call('evaluate', { frame, script: 'document.title' })).text.split('> ').at(-1),
    ),
  );

test('frames of other sites, three deep, are in other processes and answer as the page does', async () => {
  await me.call('navigate', { url: site.origin });
  const tab = await me.session.tab();
  await expect
    .poll(() => tab.frames().map(({ ordinal, url }) => [ordinal, new URL(url, site.origin).pathname]))
    .toEqual([
      [0, '/'],
      [1, '/two'],
      [2, '/three'],
    ]);
  expect(await titles(3)).toEqual(['"one"', '"two"', '"three"']);
  expect(new Set(tab.frames().map(({ session }) => session.id)).size).toBe(3);
});

test('every frame has a world of its own, and knows the element that holds it', async () => {
  const tab = await me.session.tab();
  const signal = AbortSignal.timeout(5_000);
  const owners = await Promise.all(tab.frames().map((frame) => frame.ownerRef(signal)));
  expect(owners).toEqual([null, 1, 1]);
  const next = await Promise.all(tab.frames().map((frame) => frame.call('nextRef', undefined, { signal })));
  expect(next).toEqual([2, 2, 1]);
});

test('a frame that goes to another process and back keeps its number and counts its refs on', async () => {
  me = lab.client();
  await me.call('navigate', { url: `${site.origin}/same` });
  const tab = await me.session.tab();
  const inner = () => tab.frames()[1];
  const ordinal = inner()?.ordinal;
  const visit = async (src: string) => {
    await me.call('evaluate', { script: `document.querySelector("iframe").src = ${JSON.stringify(src)}` });
    await expect.poll(() => inner()?.url).toBe(src);
    return inner()?.ordinal;
  };
  expect(await visit(`${site.otherOrigin}/three`)).toBe(ordinal);
  await expect.poll(() => inner()?.session === tab.page).toBe(false);
  expect(await inner()?.ownerRef(AbortSignal.timeout(10_000))).toBe(1);
  expect(await visit(`${site.origin}/three`)).toBe(ordinal);
  expect(inner()?.session).toBe(tab.page);
  expect(await inner()?.call('nextRef', undefined, { signal: AbortSignal.timeout(10_000) })).toBe(1);
});

test('a frame that is removed is gone, and says so to whom still asks it', async () => {
  await me.call('navigate', { url: `${site.origin}/same` });
  const tab = await me.session.tab();
  const inner = tab.frames()[1];
  await me.call('evaluate', { script: 'document.querySelector("iframe").remove()' });
  await expect.poll(() => tab.frames().length).toBe(1);
  await expect(inner?.call('nextRef', undefined, { signal: AbortSignal.timeout(5_000) })).rejects.toThrow(
    /was replaced/,
  );
  expect((await me.call('evaluate', { frame: inner?.ordinal ?? 0, script: '1' })).code).toBe('no_such_frame');
});
