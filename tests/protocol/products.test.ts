import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { serveBin } from './served-bin.ts';
import { hasRunner, revisions, runSuite, type ScenarioReport } from './suite.ts';

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
  const reports = new Map<string, ScenarioReport>();
  beforeAll(async () => {
    const server = await serveBin(name);
    try {
      for (const revision of revisions) {
        const folder = join(server.folder, revision);
        await mkdir(folder);
        for (const report of await runSuite({ url: server.url, revision, folder }))
          reports.set(`${revision} ${report.scenario}`, report);
      }
    } finally {
      await server.close();
    }
  });

  test.each(GENERIC)('conforms to %s: %s', (revision, scenario, atLeast) => {
    const { failures = ['it did not run'], passed = 0 } = reports.get(`${revision} ${scenario}`) ?? {};
    expect(failures.filter((text) => !NEEDS_FIXTURE.some((id) => text.startsWith(`${id}:`)))).toEqual([]);
    expect(passed).toBeGreaterThanOrEqual(atLeast);
  });
});
