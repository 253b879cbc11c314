import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  defineTool,
  errorReference,
  runtimeErrorCodes,
  selectTools,
  toolReference,
  updateMarkedSections,
} from '../src/index.ts';
import { simpleTool } from './fixtures.ts';

const reading = { readOnly: true, destructive: false, idempotent: true, openWorld: false };
const look = simpleTool('take_look', () => ({ text: '' }), { annotations: reading });
const ask = simpleTool('request_access', () => ({ text: '' }), { always: true });
const type = defineTool({
  ...simpleTool('type', () => ({ text: '' })),
  description: 'Types text.',
  timeoutMs: 90_000,
  input: z.object({
    text: z.string().describe('What to type | or paste'),
    mode: z.enum(['keys', 'paste']).optional(),
  }),
});
const all = [look, ask, type];

test('a tool reference has a section for each tool', () => {
  expect(toolReference([look, type])).toMatchInlineSnapshot(`
    "### take_look

    The tool take_look.

    Effect: changes nothing, safe to repeat.

    ### type

    Types text.

    Effect: changes things, safe to repeat, stops after 90 s.

    | Argument | Type | Required | Meaning |
    | --- | --- | --- | --- |
    | \`text\` | \`string\` | yes | What to type \\| or paste |
    | \`mode\` | \`"keys" \\| "paste"\` |  |  |"
  `);
});

test('an error reference has a row for each code', () => {
  expect(errorReference({ no_ref: 'The ref is gone.' })).toBe(
    '| Code | Meaning |\n| --- | --- |\n| `no_ref` | The ref is gone. |',
  );
  expect(Object.keys(runtimeErrorCodes)).toContain('invalid_arguments');
});

test('marked sections are replaced, and only they', () => {
  const text = 'a\n<!-- tools:start -->\nold\n<!-- tools:end -->\nb `<!-- options:start -->`\n';
  const updated = 'a\n<!-- tools:start -->\n\nnew\n\n<!-- tools:end -->\nb `<!-- options:start -->`\n';
  expect(updateMarkedSections(text, { tools: 'new', options: 'x' })).toBe(updated);
  expect(updateMarkedSections(updated, { tools: 'new' })).toBe(updated);
});

test('a section that does not end is an error', () => {
  expect(() => updateMarkedSections('<!-- tools:start -->\n', { tools: '' })).toThrow(
    'starts and does not end',
  );
});

test.each([
  ['nothing', {}, ['take_look', 'request_access', 'type']],
  ['names, in the order of the server', { tools: ['type', 'take_look'] }, ['take_look', 'type']],
  ['read-only', { readOnly: true }, ['take_look', 'request_access']],
  ['both', { tools: ['type', 'take_look'], readOnly: true }, ['take_look']],
])('of the tools, a choice of %s keeps the right ones', (_name, choice, expected) => {
  expect(selectTools(all, choice).map((tool) => tool.name)).toEqual(expected);
});

test.each([
  [
    ['takelook'],
    '--tools: there is no tool `takelook`. Did you mean `take_look`? The tools are: take_look, request_access, type',
  ],
  [[], '--tools: no tool is left'],
])('a choice of %j is refused', (tools, message) => {
  expect(() => selectTools(all, { tools })).toThrow(message);
});
