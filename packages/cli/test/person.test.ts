import { Sessions } from '@deskhand/agent-host';
import type { Question } from '@deskhand/gateway';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fitting, recordedAsk } from '../src/answers.ts';
import { askAtTerminal } from '../src/person.ts';

const input = new PassThrough();
const errors = new PassThrough();
const { signal } = new AbortController();
let typed: string[] = [];
let shown = '';

// types the next line at each prompt
errors.on('data', (bytes: Buffer) => {
  shown += bytes.toString();
  const line = bytes.toString().endsWith('> ') ? typed.shift() : undefined;
  if (line !== undefined) setImmediate(() => input.write(`${line}\n`));
});

const ask = askAtTerminal({ input, errors, interrupt: () => undefined });

const question: Question = {
  ...{
    id: 'a:call',
    server: 'shop',
    tool: 'buy',
    input: { what: 'lamp\u001b[2K\u202e' },
    reason: 'It costs.',
  },
  form: null,
};
const decision = { type: 'string', enum: ['deny', 'once', 'session'] };
const form = { message: 'May it?', schema: { type: 'object', properties: { decision } } };

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'deskhand-person-'));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

test('a question shows all of its arguments, and nothing that a terminal would act on', async () => {
  typed = ['perhaps', 's'];
  expect(await ask(question, { signal })).toEqual({ kind: 'allow', scope: 'session' });
  expect(shown).toContain('what: "lamp\\u001b[2K\\u{202e}"');
  expect(shown).not.toMatch(/\u202e/);
});

test('a form is filled in by its choices, and an empty line refuses', async () => {
  typed = ['maybe', 'once'];
  expect(await ask({ ...question, form }, { signal })).toEqual({
    kind: 'filled',
    content: { decision: 'once' },
  });
  typed = [''];
  expect(await ask({ ...question, form }, { signal })).toEqual({ kind: 'deny' });
});

test('a word becomes the decision of a form, and of no other form', () => {
  const once = { kind: 'allow', scope: 'once' } as const;
  expect(fitting(once, { form })).toEqual({ kind: 'filled', content: { decision: 'once' } });
  expect(fitting({ kind: 'allow', scope: 'always' }, { form })).toBe(null);
  expect(fitting(once, { form: { message: 'Name?', schema: { properties: { name: {} } } } })).toBe(null);
  expect(fitting({ kind: 'deny' }, { form })).toEqual({ kind: 'deny' });
});

test('what was answered for a call is kept, and asked again only for another call', async () => {
  const session = await new Sessions(home).create({
    ...{ title: 'Buy', model: 'm', mode: 'ask', system: 'Be brief.', window: 200_000 },
    ...{ limits: { turns: null, usd: null }, mounts: [], tools: [] },
  });
  session.append({ kind: 'said', content: [{ type: 'text', text: 'Buy it' }] });
  session.append({
    ...{ kind: 'answered', model: 'm', requestId: null, stop: 'calls' },
    content: ['a', 'b'].map((id) => ({ type: 'call', id, name: 'shop__buy', input: {} })),
    usage: { input: 0, cacheRead: 0, cacheWrite: { short: 0, long: 0 }, output: 0 },
  });
  session.append({ kind: 'call-started', id: 'a' });
  let asked = 0;
  const once = recordedAsk(
    () => Promise.resolve({ kind: 'allow' as const, scope: 'once' as const, count: ++asked }),
    () => session,
  );
  await once(question, { signal });
  await once(question, { signal });
  expect([asked, session.state.pinned.decisions.length]).toEqual([1, 1]);
  expect(session.state.open[0]?.phase).toBe('started');
  await once({ ...question, id: 'b:call' }, { signal });
  expect(asked).toBe(2);
  session.close();
});
