import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openGrantStore } from '@deskhand/grants';
import { verifyFolder } from '@deskhand/run-ledger';
import { randomFrom } from '../fuzz-race/random.ts';
import { makeTemporaryFolder } from '../lab/temporary-folder.ts';
import { inRepository } from '../lab/workspace.ts';
import { startVictim } from './victim.ts';

/** The moment of the kill: somewhere between the first request and long after the first answers. */
const LATEST_MS = 400;
const CALLS_AT_ONCE = 40;

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  readonly onKill?: (done: number) => void;
}

export interface KillReport {
  readonly kills: number;
  /** Grants that were answered as written, and those of them that were gone after the kill. */
  readonly written: number;
  readonly lost: readonly string[];
  /** What the ledger's verification found wrong. */
  readonly broken: readonly string[];
  /** Calls whose outcome nobody knows, because the kill came between their two rows. */
  readonly unknownOutcomes: number;
  /** Milliseconds from each start, after a kill, to the answer of `initialize`. */
  readonly startMs: readonly number[];
}

async function grantedApps(home: string): Promise<ReadonlySet<string>> {
  const grants = await openGrantStore({ home });
  try {
    return new Set(grants.list().map(({ resource }) => resource.app));
  } finally {
    grants.close();
  }
}

/** Kills a server at random moments while it writes grants, and looks at what is left each time. */
export async function fuzzKill({ kills, seed, onKill }: KillOptions): Promise<KillReport> {
  const random = randomFrom(seed);
  const folder = await makeTemporaryFolder();
  const home = join(folder.path, 'state');
  const file = inRepository('tests/dist/fuzz-kill/busy-server.js');
  const written: string[] = [];
  const lost: string[] = [];
  const broken: string[] = [];
  const startMs: number[] = [];
  let unknownOutcomes = 0;
  try {
    for (let kill = 0; kill < kills; kill++) {
      const victim = await startVictim({ file, home, cwd: folder.path });
      startMs.push(victim.startMs);
      for (let call = 0; call < CALLS_AT_ONCE; call++) victim.allow(`linux:/opt/${kill}/${call}`);
      await delay(random() * LATEST_MS);
      await victim.kill();
      written.push(...victim.written);
      const granted = await grantedApps(home);
      lost.push(...victim.written.filter((app) => !granted.has(app)));
      const verdict = verifyFolder(join(home, 'ledger'));
      broken.push(...verdict.problems.map((problem) => JSON.stringify(problem)));
      unknownOutcomes = verdict.unfinished.length;
      onKill?.(kill + 1);
    }
    const granted = await grantedApps(home);
    lost.push(...written.filter((app) => !granted.has(app)));
    return { kills, written: written.length, lost: [...new Set(lost)], broken, unknownOutcomes, startMs };
  } finally {
    await folder.close();
  }
}
