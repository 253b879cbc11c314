import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openLab, type Client, type Lab } from '../lab/browser.ts';
import { openSite, type Site } from '../lab/site.ts';

const ROWS = (names: readonly string[]): string =>
  names.map((name) => `<li>${name} <button>Delete</button></li>`).join('');

let lab: Lab;
let site: Site;
let client: Client;

beforeAll(async () => {
  lab = await openLab();
  site = await openSite({
    '/': `<!doctype html><title>Refs</title><button id=count>Count 0</button><div id=box><button>Save</button></div>
<ul id=rows>${ROWS(['Ada', 'Bob', 'Cyd'])}</ul>`,
    '/next': '<!doctype html><title>Next</title><button>Other</button>',
  });
  client = lab.client();
});
beforeEach(async () => {
  await client.call('navigate', { url: site.origin });
});
afterAll(async () => {
  await lab.close();
  await site.close();
});

const run = (script: string) => client.call('evaluate', { script });

/** The ref in the first line that has the words. */
async function refOf(words: string): Promise<string> {
  const { text } = await client.call('snapshot');
  const line = text.split('\n').find((candidate) => candidate.includes(words)) ?? '';
  return /(?<ref>e\d+)\]/u.exec(line.slice(line.indexOf(words)))?.groups?.['ref'] ?? '';
}

test('a ref stays with its element when its label changes and another one comes before it', async () => {
  const ref = await refOf('"Count 0"');
  await run(
    'count.textContent = "Count 1"; count.before(Object.assign(document.createElement("button"), {textContent: "New"}))',
  );
  expect(await refOf('"Count 1"')).toBe(ref);
});

test('an element that was drawn anew is found by what it is, and that is said', async () => {
  const ref = await refOf('"Save"');
  await run('box.innerHTML = "<button>Save</button>"');
  const { text } = await client.call('snapshot', { within: ref });
  expect(text).toContain(`button "Save" [${ref}]`);
  expect(text).toContain(`(${ref} was drawn anew; this is its only successor)`);
});

test('one that is gone is an error that says what it was', async () => {
  const ref = await refOf('"Save"');
  await run('box.innerHTML = "<button>Keep</button>"');
  const { code, text } = await client.call('snapshot', { within: ref });
  expect(code).toBe('stale_ref');
  expect(text).toBe(
    `${ref} is gone: button "Save" was removed or drawn anew. Take a snapshot for new references.`,
  );
});

test('the button of another row is never taken for that of a row that is gone', async () => {
  const ref = await refOf('"Ada"');
  await run(`rows.innerHTML = ${JSON.stringify(ROWS(['Bob', 'Cyd']))}`);
  expect((await client.call('snapshot', { within: ref })).code).toBe('stale_ref');
});

test('the button of the same row is found again among others like it', async () => {
  const ref = await refOf('"Ada"');
  await run(`rows.innerHTML = ${JSON.stringify(ROWS(['Zoe', 'Ada', 'Bob']))}`);
  const { text } = await client.call('snapshot', { within: ref });
  expect(text).toContain(`button "Delete" [${ref}]`);
});

test('no ref of an earlier page means anything on the next one', async () => {
  const ref = await refOf('"Save"');
  await client.call('navigate', { url: `${site.origin}/next` });
  expect(await refOf('"Other"')).not.toBe(ref);
  const { code } = await client.call('snapshot', { within: ref });
  expect(code).toBe('stale_ref');
});

test.each(['12', 'e0', 'f9e1; x'])('%j is no ref', async (within) => {
  expect((await client.call('snapshot', { within })).code).toBe('bad_ref');
});
