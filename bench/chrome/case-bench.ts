import { hardPages } from '@deskhand/tests/browser/cases/index';
import type { Case } from '@deskhand/tests/browser/case';
import type { Driver } from '@deskhand/tests/browser/driver';
import { startOwnServer } from '@deskhand/tests/browser/own-server';
import { runCase, type Verdict } from '@deskhand/tests/browser/run-case';
import { openSite, type Site } from '@deskhand/tests/browser/site';
import { tasks } from '@deskhand/tests/browser/tasks/index';
import { join } from 'node:path';
import { OURS, type Play } from '../contest.ts';
import { reasonOf } from '../measurement.ts';
import { peerFolder } from '../peer-folder.ts';
import { patienceOf } from './patience.ts';
import { PEERS, startPeer, VERSIONS } from './peers.ts';

/** How a server did on all cases, and how long another of its tabs waits while one hangs. */
export interface Sheet {
  readonly name: string;
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Milliseconds; `null` when it did not answer. */
  readonly patience: number | null;
}

type Start = () => Promise<Driver>;

/** What failed may have left anything behind, so a new server goes on. */
async function runAll(
  start: Start,
  site: Site,
  { signal, say }: Play,
): Promise<ReadonlyMap<string, Verdict>> {
  const verdicts = new Map<string, Verdict>();
  let driver = await start();
  try {
    for (const one of [...hardPages, ...tasks]) {
      signal.throwIfAborted();
      const verdict = await verdictOf(driver, site, one);
      verdicts.set(one.name, verdict);
      if (verdict.outcome === 'pass') continue;
      say(
        `${driver.name}: ${verdict.outcome}: ${one.name}: ${verdict.reason.split('\n')[0]?.slice(0, 160) ?? ''}`,
      );
      await driver.close();
      driver = await start();
    }
    return verdicts;
  } finally {
    await driver.close();
  }
}

async function verdictOf(driver: Driver, site: Site, one: Case): Promise<Verdict> {
  try {
    return await runCase(driver, site, one);
  } catch (error) {
    return { outcome: 'no answer', reason: reasonOf(error), ms: 0, bytes: 0 };
  }
}

async function sheetOf(name: string, start: Start, site: Site, play: Play): Promise<Sheet> {
  play.say(`${name}: ${hardPages.length + tasks.length} cases`);
  const verdicts = await runAll(start, site, play);
  return { name, verdicts, patience: await patienceOf(start, site) };
}

/** The cases of the tests on this server and, through adapters, on others. */
export async function benchCases(play: Play): Promise<readonly Sheet[]> {
  const site = await openSite();
  const origins = [site.origin, site.origin.replace('127.0.0.1', 'localhost')];
  try {
    const sheets = [await sheetOf(OURS, () => startOwnServer(origins), site, play)];
    const folder = await peerFolder(VERSIONS, play);
    if (typeof folder !== 'string') {
      play.say(`the others: ${folder.missing}`);
      return sheets;
    }
    for (const peer of PEERS) {
      const start = (): Promise<Driver> => startPeer(peer, join(folder, 'node_modules'));
      sheets.push(await sheetOf(peer.tongue.name, start, site, play));
    }
    return sheets;
  } finally {
    await site.close();
  }
}
