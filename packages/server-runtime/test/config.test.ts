import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  ConfigError,
  configJsonSchema,
  defineConfig,
  optionReference,
  parseConfig,
  standardOptions,
} from '../src/index.ts';
import { temporaryFolder } from './fixtures/process.ts';

const mount = z.string().transform((text) => text.split('='));

const config = defineConfig(
  z.object({
    ...standardOptions,
    headless: z.boolean().default(true).meta({ description: 'Show no window' }),
    scale: z.number().min(1).max(4).default(2).meta({ description: 'Pixels per point' }),
    mount: z
      .array(mount)
      .default([])
      .meta({ description: 'A folder', placeholder: 'NAME=PATH', repeat: true }),
  }),
  { name: 'fixture-mcp', version: '1.2.3', description: 'A server for tests.' },
);

interface Given {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly file?: unknown;
}

async function optionsFrom({ argv = [], env = {}, file }: Given): Promise<z.output<typeof config.schema>> {
  const path = join(temporaryFolder(), 'config.json');
  if (file !== undefined) writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file));
  const withFile = file === undefined ? argv : ['--config', path, ...argv];
  const parsed = await parseConfig(config, { argv: withFile, env });
  if (parsed.action === 'print') return expect.fail(parsed.text);
  return parsed.options;
}

async function errorFrom(given: Given): Promise<string> {
  const error: unknown = await optionsFrom(given).catch((cause: unknown) => cause);
  if (!(error instanceof ConfigError)) return expect.fail('no ConfigError');
  return error.message.replaceAll(/\S*(?=config\.json)/g, '');
}

test('defaults stand when nothing is given', async () => {
  expect(await optionsFrom({})).toEqual({
    approvals: 'ask',
    attach: false,
    record: false,
    logLevel: 'info',
    rateLimit: 3000,
    readOnly: false,
    headless: true,
    scale: 2,
    mount: [],
  });
});

describe('a flag beats a variable, which beats the file, which beats the default', () => {
  const flag = { argv: ['--scale', '4'] };
  const variable = { env: { DESKHAND_SCALE: '3' } };
  const file = { file: { scale: 1 } };
  test.each([
    ['all three', { ...flag, ...variable, ...file }, 4],
    ['variable and file', { ...variable, ...file }, 3],
    ['flag and file', { ...flag, ...file }, 4],
    ['flag and variable', { ...flag, ...variable }, 4],
    ['file', file, 1],
    ['an empty variable and the file', { env: { DESKHAND_SCALE: '' }, ...file }, 1],
    ['nothing', {}, 2],
  ])('%s', async (_given, given, expected) => {
    expect((await optionsFrom(given)).scale).toBe(expected);
  });
});

describe('values', () => {
  test.each<[string, Given, object]>([
    ['a boolean flag', { argv: ['--read-only'] }, { readOnly: true }],
    ['a boolean flag turned off', { argv: ['--no-headless'] }, { headless: false }],
    [
      'a flag that turns off what the file turns on',
      { argv: ['--no-read-only'], file: { readOnly: true } },
      { readOnly: false },
    ],
    ['a boolean variable', { env: { DESKHAND_HEADLESS: 'off' } }, { headless: false }],
    ['a list with commas', { argv: ['--tools', 'a, b'] }, { tools: ['a', 'b'] }],
    ['a list given twice', { argv: ['--tools', 'a', '--tools', 'b,c'] }, { tools: ['a', 'b', 'c'] }],
    ['a list in a variable', { env: { DESKHAND_TOOLS: 'a,b' } }, { tools: ['a', 'b'] }],
    [
      'a repeated flag',
      { argv: ['--mount', 'a=/x,y', '--mount', 'b=/z'] },
      {
        mount: [
          ['a', '/x,y'],
          ['b', '/z'],
        ],
      },
    ],
    ['a repeatable option in a variable', { env: { DESKHAND_MOUNT: 'a=/x,y' } }, { mount: [['a', '/x,y']] }],
    [
      'a JSON list in a variable',
      { env: { DESKHAND_MOUNT: '["a=1","b=2"]' } },
      {
        mount: [
          ['a', '1'],
          ['b', '2'],
        ],
      },
    ],
    ['a list in the file', { file: { $schema: 'x', mount: ['a=1'] } }, { mount: [['a', '1']] }],
    ['an option without a flag', { env: { DESKHAND_HOME: '/state' } }, { home: '/state' }],
  ])('%s', async (_name, given, expected) => {
    expect(await optionsFrom(given)).toMatchObject(expected);
  });

  test('the file can be named by its variable', async () => {
    const path = join(temporaryFolder(), 'config.json');
    writeFileSync(path, '{"scale": 3}');
    expect(await optionsFrom({ env: { DESKHAND_CONFIG: path } })).toMatchObject({ scale: 3 });
  });
});

test.each<[string, Given, string]>([
  ['a flag', { argv: ['--scale', '9'] }, '--scale: Too big: expected number to be <=4; got 9'],
  [
    'a number',
    { argv: ['--scale', 'big'] },
    '--scale: Invalid input: expected number, received string; got "big"',
  ],
  [
    'a choice',
    { argv: ['--approvals', 'always'] },
    '--approvals: Invalid option: expected one of "ask"|"decline"; got "always"',
  ],
  [
    'a variable',
    { env: { DESKHAND_HEADLESS: 'maybe' } },
    'DESKHAND_HEADLESS: Invalid input: expected boolean, received string; got "maybe"',
  ],
  [
    'a value in the file',
    { file: { scale: '2' } },
    'config.json, scale: Invalid input: expected number, received string; got "2"',
  ],
  [
    'a name in the file',
    { file: { readonly: true } },
    'config.json: unknown option `readonly`. Did you mean `readOnly`?',
  ],
  [
    'an unknown flag',
    { argv: ['--headles'] },
    "fixture-mcp: unknown option '--headles'\n(Did you mean --headless?)",
  ],
  [
    'a flag without its value',
    { argv: ['--scale'] },
    "fixture-mcp: option '--scale <SCALE>' argument missing",
  ],
  ['a word', { argv: ['start'] }, 'fixture-mcp: too many arguments. Expected 0 arguments but got 1.'],
  ['a file that is a list', { file: [] }, 'config.json: is not a JSON object'],
])('an error names %s that is wrong', async (_name, given, expected) => {
  expect(await errorFrom(given)).toBe(expected);
});

test('a file that cannot be read is named with the flag that asked for it', async () => {
  expect(await errorFrom({ argv: ['--config', '/nowhere/config.json'] })).toContain(
    '--config: config.json cannot be read',
  );
  expect(await errorFrom({ file: '{' })).toContain('--config: config.json is not JSON');
});

test('--help shows every option with its variable and default', async () => {
  const parsed = await parseConfig(config, { argv: ['--help'], env: {} });
  expect(parsed).toMatchObject({ action: 'print' });
  expect(parsed.action === 'print' ? parsed.text : '').toMatchInlineSnapshot(`
    "Usage: fixture-mcp [options]

    A server for tests.

    Options:
      -V, --version              Print the version
      --approvals <ask|decline>  What to do when the person must be asked: ask, or answer no at once
                                 (one of ask, decline; default ask; DESKHAND_APPROVALS)
      --policy <FILE>            Policy file that allows and denies without asking (DESKHAND_POLICY)
      --log-level <LEVEL>        What to write to stderr (one of trace, debug, info, warn, error, fatal,
                                 silent; default info; DESKHAND_LOG_LEVEL)
      --tools <NAMES>            Offer only these tools, separated by commas (DESKHAND_TOOLS)
      --read-only                Offer only tools that change nothing (DESKHAND_READ_ONLY)
      --rate-limit <CALLS>       Calls a minute of one tool by one caller; 0 for no limit (default 3000;
                                 DESKHAND_RATE_LIMIT)
      --session <ID>             Name of the session; grants and state of an earlier session of that
                                 name apply (DESKHAND_SESSION)
      --record                   Keep arguments, texts and pictures of calls too, beside the record of
                                 what happened (DESKHAND_RECORD)
      --attach                   Be a pipe to the running daemon, instead of a server of its own
                                 (DESKHAND_ATTACH)
      --config <FILE>            JSON file with options by their names in camelCase (DESKHAND_CONFIG)
      --headless                 Show no window (default true; DESKHAND_HEADLESS)
      --no-headless              Not --headless
      --scale <SCALE>            Pixels per point (default 2; DESKHAND_SCALE)
      --mount <NAME=PATH>        A folder (DESKHAND_MOUNT)
      -h, --help                 Print this help
    "
  `);
});

test('--version prints the version', async () => {
  expect(await parseConfig(config, { argv: ['--version'], env: {} })).toEqual({
    action: 'print',
    text: '1.2.3\n',
  });
});

test('the option table and the JSON schema come from the same fields', () => {
  const table = optionReference(config);
  expect(table).toContain('| `--mount NAME=PATH` | `DESKHAND_MOUNT` |  | A folder |');
  expect(table).toContain('| `--approvals ask\\|decline` |');
  expect(table).toContain('|  | `DESKHAND_HOME` |');
  expect(configJsonSchema(config)).toMatchObject({
    additionalProperties: false,
    properties: {
      scale: { type: 'number', minimum: 1, maximum: 4, default: 2, description: 'Pixels per point' },
    },
  });
});
