import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveBin, type ServedBin } from './served-bin.ts';
import { hasRunner, runScenario } from './suite.ts';

/** What the suite can only try on a server with its own tools or prompts. */
const NEEDS_FIXTURE = [
  'sep-2575-server-rejects-undeclared-capability',
  'sep-2575-missing-capability-http-400',
  'sep-2549-prompts-list-caching-hints',
];

/** Scenarios that any server can be held to, with the checks that each has at least. */
const GENERIC = [
  ['2025-11-25', 'server-initialize', 3],
  ['2025-11-25', 'ping', 2],
  ['2025-11-25', 'tools-list', 3],
  ['2025-11-25', 'dns-rebinding-protection', 2],
  ['2026-07-28', 'tools-list', 4],
  ['2026-07-28', 'server-stateless', 20],
  ['2026-07-28', 'dns-rebinding-protection', 2],
  ['2026-07-28', 'http-header-validation', 14],
  ['2026-07-28', 'caching', 4],
] as const;

describe.runIf(hasRunner).each(['computer-use-mcp', 'workspace-mcp'] as const)('%s over HTTP', (name) => {
  let server: ServedBin;
  beforeAll(async () => {
    server = await serveBin(name);
  });
  afterAll(() => server.close());

  test.each(GENERIC)('conforms to %s: %s', async (revision, scenario, atLeast) => {
    const folder = join(server.folder, `${revision}-${scenario}`);
    await mkdir(folder);
    const report = await runScenario(scenario, { url: server.url, revision, folder });
    const failures = report.failures.filter((text) => !NEEDS_FIXTURE.some((id) => text.startsWith(`${id}:`)));
    expect(failures).toEqual([]);
    expect(report.passed).toBeGreaterThanOrEqual(atLeast);
  });
});
