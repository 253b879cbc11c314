import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '../..');

interface Product {
  readonly name: string;
  readonly pack: readonly string[];
  readonly platform: string;
  readonly inside: string;
  readonly trial: readonly string[];
  readonly proof: RegExp;
}

const PRODUCTS: readonly Product[] = [
  {
    name: 'computer-use-mcp',
    pack: ['--file', 'cli.cjs', '--file', 'drill-window.js', '--external', 'sharp', '--native'],
    platform: `-${process.platform}-${process.arch}`,
    inside: 'server/node_modules/sharp/package.json',
    trial: ['doctor'],
    proof: /^ok {5}encode a picture: sharp gives image\/png$/m,
  },
  {
    name: 'chrome-mcp',
    pack: [
      '--file',
      'cli.cjs',
      '--file',
      'page.js',
      '--file',
      'axe.js',
      '--external',
      'chrome-remote-interface',
    ],
    platform: '',
    inside: 'server/node_modules/ws/package.json',
    trial: ['doctor'],
    proof: /^ok {5}start it and open a page: Chrome\//m,
  },
  {
    name: 'workspace-mcp',
    pack: [
      ...['cli.cjs', 'worker.js', 'worker.cjs', 'picture.js'].flatMap((file) => ['--file', file]),
      ...['--external', 'sharp', '--external', '@vscode/ripgrep', '--native'],
    ],
    platform: `-${process.platform}-${process.arch}`,
    inside: 'server/node_modules/sharp/package.json',
    trial: [
      'call',
      '--mount',
      `docs=${join(ROOT, 'docs')}:ro`,
      'Grep',
      '{"pattern": "^# Applications, tiers"}',
    ],
    proof: /^> docs\/policy\.md$/m,
  },
];

/** What of the bundle format, version 0.3, this manifest uses. */
const manifestSchema = z.strictObject({
  manifest_version: z.literal('0.3'),
  name: z.string(),
  display_name: z.string(),
  version: z.string(),
  description: z.string(),
  long_description: z.string(),
  author: z.strictObject({ name: z.string(), url: z.url() }),
  repository: z.strictObject({ type: z.literal('git'), url: z.url() }),
  homepage: z.url(),
  documentation: z.url(),
  support: z.url(),
  server: z.strictObject({
    type: z.enum(['node', 'python', 'binary']),
    entry_point: z.string(),
    mcp_config: z.strictObject({ command: z.string(), args: z.array(z.string()) }),
  }),
  tools_generated: z.boolean(),
  keywords: z.array(z.string()),
  license: z.string(),
  compatibility: z.strictObject({
    platforms: z.array(z.enum(['darwin', 'win32', 'linux'])),
    runtimes: z.strictObject({ node: z.string() }),
  }),
});

/** What of the registry's format, version 2025-12-11, this file uses. */
const serverSchema = z.strictObject({
  $schema: z.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
  name: z
    .string()
    .min(3)
    .max(200)
    .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(100),
  version: z.string().max(255),
  repository: z.strictObject({ url: z.url(), source: z.string(), subfolder: z.string() }),
  packages: z.tuple([
    z.strictObject({
      registryType: z.literal('npm'),
      identifier: z.string(),
      version: z.string().refine((version) => version !== 'latest'),
      runtimeHint: z.string(),
      transport: z.strictObject({ type: z.literal('stdio') }),
      environmentVariables: z.array(
        z.strictObject({
          name: z.string(),
          description: z.string(),
          format: z.enum(['string', 'number', 'boolean', 'filepath']).optional(),
        }),
      ),
    }),
  ]),
});

describe.each(PRODUCTS)('$name', (product) => {
  const root = join(ROOT, 'packages', product.name);
  const read = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'));
  const about = z
    .object({ name: z.string(), version: z.string(), mcpName: z.string() })
    .parse(read('package.json'));

  test('server.json is what the registry takes, about this version of this package', () => {
    const server = serverSchema.parse(read('server.json'));
    const [npm] = server.packages;
    expect([server.name, server.version, npm.identifier, npm.version]).toEqual([
      ...[about.mcpName, about.version, about.name, about.version],
    ]);
  });

  test('manifest.json is what a bundle takes, about this version', () => {
    expect(manifestSchema.parse(read('manifest.json')).version).toBe(about.version);
  });

  test('the bundle has all that the server needs, and starts from where it was unpacked', () => {
    const folder = mkdtempSync(join(tmpdir(), `${product.name}-`));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    const script = join(ROOT, 'scripts/mcpb.mjs');
    const packed = spawnSync(process.execPath, [script, root, ...product.pack, '--out', folder], {
      encoding: 'utf8',
    });
    expect(packed.stderr).toBe('');
    const bundle = packed.stdout.trim();
    expect(bundle).toBe(join(folder, `${product.name}-${about.version}${product.platform}.mcpb`));
    const place = join(folder, 'unpacked');
    for (const [name, data] of Object.entries(unzipSync(readFileSync(bundle)))) {
      mkdirSync(dirname(join(place, name)), { recursive: true });
      writeFileSync(join(place, name), data);
    }
    expect(existsSync(join(place, product.inside))).toBe(true);
    const { server } = manifestSchema.parse(JSON.parse(readFileSync(join(place, 'manifest.json'), 'utf8')));
    const args = server.mcp_config.args.map((arg) => arg.replace('${__dirname}', place));
    expect(args[0]).toBe(join(place, server.entry_point));
    const env = { PATH: process.env['PATH'], HOME: folder, DESKHAND_HOME: join(folder, 'state') };
    const { stdout } = spawnSync(process.execPath, [...args, ...product.trial], { env, encoding: 'utf8' });
    expect(stdout).toMatch(product.proof);
  });
});

test.each([
  ...['chrome-mcp/dist/cli.cjs', 'cli/dist/cli.cjs', 'computer-use-mcp/dist/cli.cjs'],
  ...['workspace-mcp/dist/cli.cjs', 'workspace-mcp/dist/worker.cjs'],
])('%s has only the letters that it is read by', (file) => {
  const text = readFileSync(new URL(`../../packages/${file}`, import.meta.url), 'latin1');
  expect(/[^\0-\x7f]/.exec(text)?.index).toBeUndefined();
});
