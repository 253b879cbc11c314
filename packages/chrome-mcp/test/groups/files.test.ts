import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { openLab, type Client, type Lab } from '../lab/browser.ts';
import { openSite, type Site } from '../lab/site.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = (): unknown => runInNewContext('gc()');

let lab: Lab;
let site: Site;
let me: Client;
let root: string;

const PAGE = `<!doctype html><title>Files</title><input type="file" aria-label="One"><input type="file" multiple hidden id="many">
  <button onclick="many.click()">Choose</button><button>Nothing</button><a href="/report" download>Get</a>
  <output></output><script>
    addEventListener('change', async ({ target }) => {
      const all = await Promise.all([...target.files].map(async (file) => file.name + '=' + (await file.text())));
      document.querySelector('output').textContent = all.join(', ');
    });
  </script>`;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'deskhand-root-'));
  await writeFile(join(root, 'a.txt'), 'first');
  await writeFile(join(root, 'b.txt'), 'second');
  await symlink('/etc/passwd', join(root, 'link.txt'));
  site = await openSite({
    '/': PAGE,
    '/report': (response) =>
      response
        .writeHead(200, { 'content-disposition': 'attachment; filename="../../report.txt"' })
        .end('the report'),
  });
  lab = await openLab({ roots: [root] });
});

afterAll(async () => {
  await lab.close();
  await site.close();
  await rm(root, { recursive: true, force: true });
});

beforeEach(async () => {
  me = lab.client();
  await me.call('navigate', { url: site.origin });
  await me.call('enable', { groups: ['files'] });
});

async function ref(name: string): Promise<string> {
  const { text } = await me.call('snapshot');
  return new RegExp(`"${name}" \\[(e\\d+)\\]`).exec(text)?.[1] ?? `none in ${text}`;
}

const shown = async (): Promise<string> =>
  (await me.call('evaluate', { script: 'document.querySelector("output").textContent' })).text.split(
    '\n> ',
  )[1] ?? '';

test('files go to a field, or to the button that asks for them', async () => {
  expect((await me.call('upload_file', { ref: await ref('One'), paths: ['a.txt'] })).text).toMatch(
    /^Gave e\d+ the file "a\.txt"\.$/,
  );
  await expect.poll(shown).toBe('"a.txt=first"');
  const { text } = await me.call('upload_file', {
    ref: await ref('Choose'),
    paths: ['a.txt', join(root, 'b.txt')],
  });
  expect(text).toMatch(/^Gave e\d+ 2 files: "a\.txt", "b\.txt"\.$/);
  await expect.poll(shown).toBe('"a.txt=first, b.txt=second"');
});

test('what is outside of the allowed folders does not reach the page', async () => {
  const field = await ref('One');
  for (const path of ['/etc/passwd', 'link.txt', '../../etc/passwd']) {
    expect((await me.call('upload_file', { ref: field, paths: ['a.txt', path] })).code).toBe('not_in_roots');
  }
  expect(await shown()).toBe('""');
});

test('a button that asks for nothing, and too many files, are errors, whatever garbage is collected meanwhile', async () => {
  const collecting = setInterval(collectGarbage, 50);
  onTestFinished(() => clearInterval(collecting));
  expect((await me.call('upload_file', { ref: await ref('Nothing'), paths: ['a.txt'] })).code).toBe(
    'no_file_chooser',
  );
  expect((await me.call('upload_file', { ref: await ref('One'), paths: ['a.txt', 'b.txt'] })).code).toBe(
    'invalid_arguments',
  );
});

test('a download is listed and moved to an allowed folder under the name that was chosen, and overwrites nothing', async () => {
  await me.call('click', { ref: await ref('Get') });
  await expect
    .poll(async () => (await me.call('downloads', { action: 'wait' })).text)
    .toMatch(/1: "[^"/]*report\.txt", 10 bytes, whole, from ".*\/report", at "\//);
  expect((await me.call('downloads', { action: 'move', number: 1, to: '/etc/report.txt' })).code).toBe(
    'not_in_roots',
  );
  expect((await me.call('downloads', { action: 'move', number: 1, to: 'a.txt' })).code).toBe('file_exists');
  const path = join(root, 'report.txt');
  expect((await me.call('downloads', { action: 'move', number: 1, to: 'report.txt' })).text).toBe(
    `Moved to "${path}".`,
  );
  expect(await readFile(path, 'utf8')).toBe('the report');
  expect((await me.call('downloads')).text).toContain(`at "${path}"`);
  expect((await me.call('downloads', { action: 'move', number: 7, to: 'x' })).code).toBe('no_such_file');
});

test('the page is printed to a PDF file', async () => {
  const path = join(root, 'page.pdf');
  expect((await me.call('pdf', { path: 'page.pdf' })).text).toMatch(/^\d+ bytes are in .*page\.pdf$/);
  expect((await readFile(path)).subarray(0, 5).toString()).toBe('%PDF-');
  expect((await me.call('pdf')).text).toContain(lab.home);
  expect((await me.call('pdf', { path: '/etc/page.pdf' })).code).toBe('not_in_roots');
});
