import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openServer } from '../lab/server.ts';

let folder: string;

const MANIFEST = {
  ...{ manifest_version: 3, name: 'Counter', version: '1.2', background: { service_worker: 'worker.js' } },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskhand-extension-'));
  for (const name of ['good', 'bad']) await mkdir(join(folder, name));
  await writeFile(join(folder, 'good/manifest.json'), JSON.stringify(MANIFEST));
  await writeFile(
    join(folder, 'good/worker.js'),
    'console.log("began with", 42); setTimeout(() => undefinedThing());',
  );
  await writeFile(join(folder, 'bad/manifest.json'), '{}');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('an extension that the person loads is listed, with what its service worker said', async () => {
  const lab = await openServer({
    options: { extension: [join(folder, 'good')], enable: ['extensions'] },
  });
  try {
    const me = lab.client('me');
    const { text, code } = await me.call('extensions');
    expect(code).toBe(null);
    expect(text.split('\n').slice(1)).toEqual([
      expect.stringMatching(/^[a-p]{32} "Counter" "1\.2", service worker (?:runs|does not run)$/),
    ]);
    const id = /^[a-p]{32}/mu.exec(text)?.[0] ?? '';
    await expect
      .poll(async () => (await me.call('extension_console', { id })).text)
      .toMatch(/error "Uncaught ReferenceError.*\ninfo "began with 42" at "chrome-extension:.*worker\.js:1"/);
    expect((await me.call('extension_console', { id: 'a'.repeat(32) })).code).toBe('no_such_extension');
  } finally {
    await lab.close();
  }
});

test('without one nothing is listed, and one that is none keeps the browser from starting with the reason', async () => {
  const none = await openServer({ options: { enable: ['extensions'] } });
  expect((await none.client('me').call('extensions')).code).toBe('no_extensions');
  await none.close();
  const bad = await openServer({ options: { extension: [join(folder, 'bad')], enable: ['extensions'] } });
  const { text, code } = await bad.client('me').call('extensions');
  await bad.close();
  expect(code).toBe('browser_unavailable');
  expect(text).toMatch(/bad was not loaded: .*Mend its manifest/);
});
