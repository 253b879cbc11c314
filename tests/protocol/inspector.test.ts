import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startProcess } from '../lab/owned-process.ts';
import { bins, serveBin, type ServedBin } from './served-bin.ts';
import { hasRunner, inspector, newerNode } from './suite.ts';

let fixture: ServedBin;

beforeAll(async () => {
  fixture = await serveBin('conformance-fixture');
});

afterAll(() => fixture.close());

const answer = z.record(z.string(), z.unknown());

interface Inspected {
  readonly code: number | null;
  readonly result: Record<string, unknown> | undefined;
}

/** Runs the inspector against a target with one method. */
async function inspect(target: readonly string[], method: readonly string[]): Promise<Inspected> {
  const child = startProcess({
    command: newerNode,
    args: [inspector, '--cli', ...target, '--method', ...method],
    env: { PATH: process.env.PATH ?? '', HOME: fixture.folder },
    cwd: fixture.folder,
  });
  child.stdin.end();
  const { code } = await child.exited;
  const output = child.stdout();
  return { code, result: output === '' ? undefined : answer.parse(JSON.parse(output)) };
}

const overStdio = (): string[] => [
  '-e',
  `DESKHAND_HOME=${join(fixture.folder, 'stdio-home')}`,
  process.execPath,
  bins['conformance-fixture'],
];
const overHttp = (): string[] => [
  fixture.ownUrl,
  '--transport',
  'http',
  '--header',
  `Authorization: Bearer ${fixture.token}`,
];

describe.runIf(hasRunner).each([
  ['stdio', overStdio],
  ['HTTP', overHttp],
])('the inspector over %s', (_name, target) => {
  test('lists the tools', async () => {
    const { code, result } = await inspect(target(), ['tools/list']);
    expect(code).toBe(0);
    expect(result?.tools).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'test_simple_text', title: 'test_simple_text' }),
      ]),
    );
  });

  test('calls a tool', async () => {
    const { code, result } = await inspect(target(), [
      'tools/call',
      '--tool-name',
      'test_multiple_content_types',
    ]);
    expect(code).toBe(0);
    expect(result).toMatchObject({
      content: [{ type: 'text' }, { type: 'image' }, { type: 'resource' }, { type: 'resource_link' }],
    });
  });

  test('is told by a tool that fails', async () => {
    const { code } = await inspect(target(), ['tools/call', '--tool-name', 'test_error_handling']);
    expect(code).toBe(5);
  });

  test('reads a resource and gets a prompt', async () => {
    expect(await inspect(target(), ['resources/read', '--uri', 'test://static-text'])).toMatchObject({
      code: 0,
      result: { contents: [{ text: 'This is the content of the static text resource.' }] },
    });
    const prompt = ['prompts/get', '--prompt-name', 'test_prompt_with_arguments'];
    expect(await inspect(target(), [...prompt, '--prompt-args', 'arg1=a', 'arg2=b'])).toMatchObject({
      code: 0,
      result: { messages: [{ content: { text: "Prompt with arguments: arg1='a', arg2='b'" } }] },
    });
  });
});

test.runIf(hasRunner)('without its token the inspector is refused', async () => {
  const { code } = await inspect([fixture.ownUrl, '--transport', 'http'], ['tools/list']);
  expect(code).not.toBe(0);
});
