import { makeTemporaryFolder } from '../lab/temporary-folder.ts';
import { inRepository } from '../lab/workspace.ts';
import { fuzz, type FuzzOptions, type FuzzReport } from './fuzz.ts';
import { openHttp } from './http-door.ts';
import { openStdio } from './stdio-door.ts';
import type { Era } from './door.ts';

/** Built servers, by name. */
export const SERVERS = {
  'computer-use-mcp': 'packages/computer-use-mcp/dist/cli.js',
  'workspace-mcp': 'packages/workspace-mcp/dist/cli.js',
  'conformance-fixture': 'packages/conformance-fixture/dist/cli.js',
} as const;

export interface Target {
  readonly server: keyof typeof SERVERS;
  readonly door: 'stdio' | 'http';
  readonly era: Era;
}

/** Every server over every door in both eras. */
export const TARGETS: readonly Target[] = (
  ['computer-use-mcp', 'workspace-mcp', 'conformance-fixture'] as const
).flatMap((server) =>
  (['stdio', 'http'] as const).flatMap((door) =>
    (['2025-11-25', '2026-07-28'] as const).map((era) => ({ server, door, era })),
  ),
);

/** No memory that a process keeps may grow by more than this part. */
const MAY_GROW = 0.15;

/** Starts a server of its own for the calls, and ends it. */
export async function fuzzTarget({ server, door, era }: Target, options: FuzzOptions): Promise<FuzzReport> {
  const folder = await makeTemporaryFolder();
  try {
    const start = {
      era,
      command: process.execPath,
      args: [inRepository(SERVERS[server])],
      env: {
        PATH: process.env['PATH'] ?? '',
        DESKHAND_HOME: `${folder.path}/state`,
        DESKHAND_APPROVALS: 'decline',
        DESKHAND_LOG_LEVEL: 'silent',
        // the limit would answer most of the calls
        DESKHAND_RATE_LIMIT: '0',
      },
      cwd: folder.path,
    };
    const opened = await (door === 'stdio' ? openStdio(start) : openHttp(start));
    try {
      return await fuzz(opened, options);
    } finally {
      await opened.close();
    }
  } finally {
    await folder.close();
  }
}

/** What is wrong with a report; short runs say nothing of memory. */
export function faultsOf({ faults, memory, sent }: FuzzReport, memoryFrom = 20_000): readonly string[] {
  const growth = memory.late / memory.early - 1;
  if (sent < memoryFrom || growth <= MAY_GROW) return faults;
  return [...faults, `memory grew by ${(growth * 100).toFixed(0)} %, to ${memory.late.toFixed(0)} MB`];
}
