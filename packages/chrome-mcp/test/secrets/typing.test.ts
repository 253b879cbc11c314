import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openServer, type LabClient, type ServerLab } from '../lab/server.ts';
import { openSite, type Site } from '../lab/site.ts';

const PASSWORD = 'correct&horse"7';

let folder: string;
let site: Site;
let server: ServerLab;
let client: LabClient;
const received: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskhand-typing-'));
  const form = `<form method=post action=/login><input aria-label=Word name=word autofocus><button>Go</button></form>
    <p id=echo></p><script>
      const field = document.querySelector('input');
      field.addEventListener('input', () => {
        document.title = field.value;
        document.getElementById('echo').textContent = 'You wrote ' + field.value + ' and ' + btoa(field.value);
        history.replaceState(null, '', '?word=' + encodeURIComponent(field.value));
        console.log('typed ' + field.value);
      });</script>`;
  site = await openSite({
    '/': `<title>Log in</title>${form}`,
    '/around': (response, { headers }) => {
      const port = headers.host?.split(':')[1] ?? '';
      response.setHeader('content-type', 'text/html');
      response.end(`<title>Around</title><iframe src="http://127.0.0.1:${port}/"></iframe>`);
    },
    '/login': (response, request) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        received.push(new URLSearchParams(body).get('word') ?? '');
        response
          .writeHead(403, { 'content-type': 'text/html' })
          .end(`<title>No ${body}</title><p>${body}</p>`);
      });
    },
  });
  const file = join(folder, 'secrets.json');
  const secrets = {
    HERE: { value: PASSWORD, origins: [site.origin] },
    TWIN: { value: 'Xorrect&horse"8', origins: [site.origin] },
  };
  await writeFile(file, JSON.stringify(secrets), { mode: 0o600 });
  const allowOrigin = [site.origin, site.otherOrigin];
  server = await openServer({ options: { secrets: file, allowOrigin, enable: ['console', 'network'] } });
  client = server.client('s');
});
afterAll(async () => {
  await server.close();
  await site.close();
  await rm(folder, { recursive: true, force: true });
});

async function field(path: string, origin = site.origin): Promise<string> {
  expect((await client.call('navigate', { url: `${origin}${path}` })).code).toBe(null);
  const { text } = await client.call('find', { role: 'textbox' });
  return /\b(?:f\d+)?e\d+\b/.exec(text)?.[0] ?? '';
}

/** All that the tools tell of the page. */
async function allTold(): Promise<string> {
  const told = [
    await client.call('snapshot'),
    await client.call('find', { text: 'wrote' }),
    await client.call('tabs'),
    await client.call('evaluate', { script: '[document.title, document.body.innerText, location.href]' }),
    await client.call('evaluate', { script: 'throw new Error(document.title)' }),
    await client.call('console_messages'),
    await client.call('network_requests'),
  ];
  return told.map(({ text, result }) => text + JSON.stringify(result?.structured ?? null)).join('\n');
}

const PIECES = ['correct', 'horse', Buffer.from(PASSWORD).toString('base64').slice(4, 14)];

function expectNothingOf(told: string): void {
  for (const piece of PIECES) expect(told).not.toContain(piece);
}

test.each<[how: string, tool: string, input: (ref: string) => Record<string, unknown>]>([
  ['filled in', 'fill', (ref) => ({ ref, value: '{{secret:HERE}}' })],
  ['filled in with others', 'fill_form', (ref) => ({ fields: [{ ref, value: '{{secret:HERE}}' }] })],
  ['typed by press_key', 'press_key', (ref) => ({ ref, key: '{{secret:HERE}}' })],
  ['one step of several', 'act', (ref) => ({ steps: [{ action: 'fill', ref, value: '{{secret:HERE}}' }] })],
])('a secret is %s, arrives, and is told nowhere', async (_how, tool, input) => {
  const ref = await field('/');
  const done = await client.call(tool, input(ref));
  expect(done.code).toBe(null);
  const told = await allTold();
  expectNothingOf(done.text + told);
  expect(told).toContain('You wrote {{secret:HERE}}');
  received.splice(0);
  const sent = await client.call('press_key', { ref, key: 'Enter' });
  expectNothingOf(sent.text + (await allTold()));
  expect(received).toEqual([PASSWORD]);
});

test('a secret is not typed into a page of another origin, nor by keys into a page inside one', async () => {
  const other = await field('/', site.otherOrigin);
  for (const [tool, input] of [
    ['fill', { ref: other, value: '{{secret:HERE}}' }],
    ['press_key', { ref: other, key: '{{secret:HERE}}' }],
  ] as const) {
    expect(await client.call(tool, input)).toMatchObject({ code: 'secret_elsewhere' });
  }
  expect(await client.call('fill', { ref: other, value: '{{secret:NONE}}' })).toMatchObject({
    code: 'unknown_secret',
  });
  expect((await client.call('evaluate', { script: 'document.title' })).text).toContain('Log in');
  const inner = await field('/around', site.otherOrigin);
  expect(inner).toMatch(/^f\d+e/);
  expect(await client.call('press_key', { ref: inner, key: '{{secret:HERE}}' })).toMatchObject({
    code: 'secret_elsewhere',
  });
  expect((await client.call('fill', { ref: inner, value: '{{secret:HERE}}' })).code).toBe(null);
});

test('a picture of a field shows the same for every secret', async () => {
  const pictures = async (value: string): Promise<unknown> => {
    const ref = await field('/');
    await client.call('fill', { ref, value });
    await client.call('evaluate', { script: 'document.activeElement.blur(); 1' });
    return (await client.call('screenshot', { ref })).result?.images?.[0]?.data;
  };
  const [one, other] = [await pictures('{{secret:HERE}}'), await pictures('{{secret:TWIN}}')];
  expect(one).toBe(other);
  expect(await pictures('Xorrect&horse_8')).not.toBe(one);
});

test('a file that a tool writes has no secret in it', async () => {
  const ref = await field('/');
  await client.call('fill', { ref, value: '{{secret:HERE}}' });
  await client.call('press_key', { ref, key: 'Enter' });
  const { text, code } = await client.call('network_har');
  expect(code).toBe(null);
  const path = /\/\S+\.har/.exec(text)?.[0] ?? '';
  const har = await readFile(path, 'utf8');
  expectNothingOf(har);
  expect(har).toContain('{{secret:HERE}}');
});
