import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { readServers, type GatewayServer, type SampleRequest, type Sampler } from '../src/index.ts';
import { safePage } from '../src/policy/safe-page.ts';
import { eventually, linesOf, opened, temporaryFolder, textOf, wordsOf } from './fixtures/opened.ts';

const bundled = join(inject('fixtures'), 'asker.js');
const file = join(import.meta.dirname, 'fixtures', 'asker.mjs');
const once = { kind: 'allow', scope: 'once' } as const;
const eras = ['both', 'old'];

function asker(era: string, more: object = {}, record = '/dev/null'): readonly GatewayServer[] {
  // a sandbox has temporary files of its own
  const args = ['sandbox' in more ? file : bundled, record, era];
  const entry = { command: process.execPath, args, startup_timeout_sec: 60 };
  return readServers({ asker: { ...entry, ...more } }, { env: { PATH: process.env['PATH'] } });
}

const recordFile = (): string => {
  const record = join(temporaryFolder(), 'record');
  writeFileSync(record, '');
  return record;
};

class Folders {
  all = [{ name: 'notes', path: '/home/me/my notes' }];
  readonly #ears = new Set<() => void>();

  list(): readonly { readonly name: string; readonly path: string }[] {
    return this.all;
  }

  listen(hear: () => void): () => void {
    this.#ears.add(hear);
    return () => this.#ears.delete(hear);
  }

  mounted(path: string): void {
    this.add(path, path);
  }

  add(name: string, path: string): void {
    this.all = [...this.all, { name, path }];
    for (const hear of this.#ears) hear();
  }
}

test.each(eras)(
  'folders of the session are told to a server (%s) that may see them, and to no other',
  async (era) => {
    const folders = new Folders();
    const allowed = await opened(asker(era, { roots: true }), { answer: once, folders });
    const notes = { uri: 'file:///home/me/my%20notes', name: 'notes' };
    expect(JSON.parse(wordsOf(await allowed.call('asker__roots')))).toEqual({ roots: [notes] });
    folders.add('maps', '/maps');
    expect(JSON.parse(wordsOf(await allowed.call('asker__roots')))).toEqual({
      roots: [notes, { uri: 'file:///maps', name: 'maps' }],
    });
    const other = await opened(asker(era), { answer: once, folders });
    expect(wordsOf(await other.call('asker__capabilities'))).not.toContain('roots');
    const refused = textOf(await other.call('asker__roots'));
    expect(refused).toMatch(/capabilities do not declare|Method not found/);
    expect(refused).not.toContain('notes');
  },
);

test('a server of the 2025 protocols that may see the folders hears of another one, and no other does', async () => {
  const folders = new Folders();
  const records = [recordFile(), recordFile()] as const;
  const [one] = asker('old', { roots: true }, records[0]);
  const [two] = asker('old', {}, records[1]);
  if (one === undefined || two === undefined) throw new Error('there are two');
  await opened([one, { ...two, name: 'other' }], { folders });
  folders.add('maps', '/maps');
  await eventually(() => linesOf(records[0]).includes('roots changed'));
  expect(linesOf(records[1])).toEqual([]);
});

test('a server in a sandbox is told of the folders that it has there, and of no others', async () => {
  const folder = join(realpathSync(temporaryFolder()), 'shared');
  mkdirSync(folder);
  const sandbox = { mounts: [{ name: 'shared', folder }] };
  const { call } = await opened(asker('both', { roots: true, sandbox }), {
    answer: once,
    folders: new Folders(),
  });
  expect(JSON.parse(wordsOf(await call('asker__roots')))).toEqual({
    roots: [{ uri: 'file:///sessions/asker/mnt/shared', name: 'shared' }],
  });
});

test.each(eras)(
  'a page that a server (%s) wants opened is shown with its host, and never opened',
  async (era) => {
    const { call, questions } = await opened(asker(era), { answer: once });
    const url = 'https://login.example.com/a?b=c';
    expect(JSON.parse(wordsOf(await call('asker__page', { url })))).toMatchObject({ action: 'accept' });
    expect(questions.at(-1)).toMatchObject({
      ...{ server: 'asker', tool: 'page', form: null },
      page: { message: 'Log in there.', url, host: 'login.example.com' },
    });
    expect(questions).toHaveLength(2);
    const loopback = 'http://127.0.0.1:8080/x';
    expect(wordsOf(await call('asker__page', { url: loopback }))).toContain('accept');
    const alone = await opened(asker(era));
    const options = { id: 'mine', answer: once, answered: 'mine:call' };
    const parked = await alone.call('asker__page', { url }, options);
    expect(parked).toMatchObject({ kind: 'parked', question: { page: { host: 'login.example.com' } } });
    const answered = parked.kind === 'parked' ? parked.question.id : '';
    const declined = await alone.call(
      'asker__page',
      { url },
      { id: 'mine', answer: { kind: 'deny' }, answered },
    );
    expect(wordsOf(declined)).toContain('decline');
  },
);

test.each([
  'http://login.example.com/',
  'https://me:secret@login.example.com/',
  'https://login.example.com@evil.example/',
  'https://login.example.com\\@evil.example/',
  'https://l\u043egin.example.com/',
  'https://login.example.com/\nhttps://evil.example',
  'https://login.example.com/ x',
  'https://login.example.com/\u202emoc.live',
  'http://127.0.0.1.evil.example/',
  'http://localhost.evil.example/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,x',
  `https://login.example.com/${'x'.repeat(3000)}`,
])('no person is asked to open %j', (url) => {
  expect(safePage(url)).toBeNull();
});

test.each([
  ['https://login.example.com/a?b=c', 'login.example.com'],
  ['https://xn--lgin-4ve.example.com:8443/', 'xn--lgin-4ve.example.com:8443'],
  ['http://localhost:3000/', 'localhost:3000'],
  ['http://127.0.0.1:8080/x', '127.0.0.1:8080'],
  ['http://[::1]/', '[::1]'],
])('a person may be asked to open %s', (url, host) => {
  expect(safePage(url)).toEqual({ url, host });
});

test.each(['http://login.example.com/', 'https://login.example.com@evil.example/'])(
  'a server that wants %s opened is told no, and nobody is asked',
  async (url) => {
    const { call, questions } = await opened(asker('old'), { answer: once });
    expect(wordsOf(await call('asker__page', { url }))).toContain('decline');
    expect(questions.map(({ page }) => page)).toEqual([undefined]);
  },
);

test('a server that names a page in an error is called again when the person opened it, and its end is told', async () => {
  const record = recordFile();
  const { call, questions, events } = await opened(asker('old', {}, record), { answer: once });
  const url = 'https://login.example.com/';
  expect(wordsOf(await call('asker__need', { url }))).toBe('"got in"');
  expect(questions.map(({ page }) => page?.url)).toEqual([undefined, url]);
  expect(linesOf(record)).toEqual(['need', 'need']);
  await call('asker__finish', { id: 'never-asked' });
  await call('asker__finish', { id: 'two' });
  await call('asker__finish', { id: 'two' });
  expect(events.filter(({ kind }) => kind === 'elicited')).toEqual([{ kind: 'elicited', server: 'asker' }]);

  const no = await opened(asker('old'), { answer: once });
  expect(textOf(await no.call('asker__need', { url: 'http://login.example.com/' }))).toContain(
    'refused the call',
  );
});

const request = {
  messages: [{ role: 'user', content: { type: 'text', text: 'What is 2 + 2?' } }],
  systemPrompt: 'Be short.',
  maxTokens: 1_000_000,
};

function model(text = 'Four.'): { readonly sampler: Sampler; readonly requests: SampleRequest[] } {
  const requests: SampleRequest[] = [];
  const sampler: Sampler = async (asked) => {
    requests.push(asked);
    return Promise.resolve({ kind: 'answered', text, model: 'some-model', isCut: false });
  };
  return { sampler, requests };
}

test.each(eras)(
  'a server (%s) that may asks the model with its own words, and the person sees both ways',
  async (era) => {
    const { sampler, requests } = model();
    const { call, questions, rows } = await opened(asker(era, { sampling: true }), { answer: once, sampler });
    expect(JSON.parse(wordsOf(await call('asker__sample', { request })))).toEqual({
      ...{
        role: 'assistant',
        content: { type: 'text', text: 'Four.' },
        model: 'some-model',
        stopReason: 'endTurn',
      },
    });
    const messages = [{ role: 'user', content: [{ type: 'text', text: 'What is 2 + 2?' }] }];
    expect(requests).toEqual([{ server: 'asker', system: 'Be short.', messages, maxTokens: 4096 }]);
    expect(questions.map(({ tool, input }) => [tool, input])).toEqual([
      ['sample', { request }],
      ['sampling/createMessage', { system: 'Be short.', messages, maxTokens: 4096 }],
      ['sampling/createMessage', { answer: 'Four.' }],
    ]);
    const asked = rows().filter(({ name }) => name === 'sampling/createMessage');
    expect(asked.map(({ phase }) => phase)).toEqual(['intent', 'outcome']);
    expect(asked[1]).toMatchObject({
      decision: { server: 'asker', decision: 'allowed', by: { person: 'once' } },
    });
  },
);

test.each(eras)(
  'a server (%s) whose entry does not say so is not offered the model, and gets no answer',
  async (era) => {
    const { sampler, requests } = model();
    const { call } = await opened(asker(era), { answer: once, sampler });
    expect(wordsOf(await call('asker__capabilities'))).not.toContain('sampling');
    expect(textOf(await call('asker__sample', { request }))).toMatch(
      /capabilities do not declare|Method not found/,
    );
    expect(requests).toEqual([]);
    const without = await opened(asker(era, { sampling: true }), { answer: once });
    expect(wordsOf(await without.call('asker__capabilities'))).not.toContain('sampling');
  },
);

test('what the person refuses, tools, and a loop of requests are errors for the server', async () => {
  const { sampler, requests } = model();
  const { call, questions } = await opened(asker('old', { sampling: true }), {
    sampler,
    ask: async (question) => {
      questions.push(question);
      const isAsked = question.tool === 'sampling/createMessage';
      return Promise.resolve(isAsked ? { kind: 'deny' } : once);
    },
  });
  expect(wordsOf(await call('asker__sample', { request }))).toContain('failed');
  expect(requests).toEqual([]);

  const free = await opened(asker('old', { sampling: true }), {
    sampler,
    answer: { kind: 'allow', scope: 'session' },
  });
  expect(wordsOf(await free.call('asker__sample', { request, times: 5 }))).toContain('Four.');
  expect(free.questions).toHaveLength(2);
  expect(requests).toHaveLength(5);
  expect(wordsOf(await free.call('asker__sample', { request, times: 9 }))).toContain('5 times at most');
  expect(requests).toHaveLength(10);
  const tools = [{ name: 'x', inputSchema: { type: 'object' } }];
  expect(wordsOf(await free.call('asker__sample', { request: { ...request, tools } }))).toContain('failed');
  for (const content of [
    { type: 'tool_use', id: 'a', name: 'asker__finish', input: {} },
    { type: 'tool_result', toolUseId: 'a', content: [] },
  ]) {
    const role = content.type === 'tool_use' ? 'assistant' : 'user';
    const messages = [...request.messages, { role, content }];
    expect(wordsOf(await free.call('asker__sample', { request: { ...request, messages } }))).toContain(
      'failed',
    );
  }
  const assistant = { ...request, messages: [{ role: 'assistant', content: { type: 'text', text: 'x' } }] };
  expect(wordsOf(await free.call('asker__sample', { request: assistant }))).toContain('failed');
  expect(requests).toHaveLength(10);
  const wide = { ...request, includeContext: 'allServers', toolChoice: { mode: 'required' } };
  expect(wordsOf(await free.call('asker__sample', { request: wide }))).toContain('Four.');
  expect(requests.at(-1)).toEqual(requests[0]);
});

test('an answer that the person keeps back does not reach the server', async () => {
  const { sampler } = model('the secret');
  const { call } = await opened(asker('old', { sampling: true }), {
    sampler,
    ask: async ({ input }) => Promise.resolve('answer' in input ? { kind: 'deny' } : once),
  });
  const words = wordsOf(await call('asker__sample', { request }));
  expect(words).toContain('keeps the answer back');
  expect(words).not.toContain('the secret');
});

test('no money is an error for the server, and parks nothing', async () => {
  const sampler: Sampler = async () =>
    Promise.resolve({ kind: 'refused', code: 'no_budget', message: 'The limit of $1 leaves no room.' });
  const { call, rows } = await opened(asker('old', { sampling: true }), { sampler, answer: once });
  const outcome = await call('asker__sample', { request });
  expect(outcome).toMatchObject({ kind: 'done', isError: false });
  expect(wordsOf(outcome)).toContain('The limit of $1 leaves no room.');
  expect(
    rows().find(({ name, phase }) => name === 'sampling/createMessage' && phase === 'outcome'),
  ).toMatchObject({
    decision: { decision: 'denied', code: 'no_budget' },
  });
});

test.each(eras)(
  'asked when nobody is there, it parks the call (%s), and its answer allows nothing else',
  async (era) => {
    const { sampler, requests } = model();
    const home = temporaryFolder();
    const first = await opened(asker(era, { sampling: true }), { sampler, home });
    const begun = { id: 'mine', answer: once, answered: 'mine:call' };
    const parked = await first.call('asker__sample', { request }, begun);
    expect(parked).toMatchObject({ kind: 'parked', question: { tool: 'sampling/createMessage' } });
    expect(requests).toEqual([]);
    const answered = parked.kind === 'parked' ? parked.question.id : '';
    const always = { kind: 'allow', scope: 'always' } as const;
    // in another process, which does not know that the tool was allowed for once
    await first.gateway.close();
    const second = await opened(asker(era, { sampling: true }), { sampler, home });
    expect(
      await second.call('asker__sample', { request }, { id: 'mine', answer: always, answered }),
    ).toMatchObject({
      kind: 'parked',
      question: { id: 'mine:call', tool: 'sample' },
    });
    expect(second.grants.list({ kinds: ['tool'] })).toEqual([]);
    await second.call('asker__sample', { request }, begun);
    const done = await second.call('asker__sample', { request }, { id: 'mine', answer: always, answered });
    expect(wordsOf(done)).toContain('Four.');
    expect(second.grants.list({ kinds: ['tool'] }).map(({ resource }) => resource.name)).toEqual([
      'sampling/createMessage',
    ]);
  },
);
