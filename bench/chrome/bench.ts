import { startOwnServer } from '@deskhand/tests/browser/own-server';
import type { Driver } from '@deskhand/tests/browser/driver';
import { openSite } from '@deskhand/tests/browser/site';
import { join } from 'node:path';
import { compete, OURS, type Play } from '../contest.ts';
import { reasonOf, type Measurement } from '../measurement.ts';
import { peerFolder } from '../peer-folder.ts';
import { contestsOf, type Player, type Players } from './contests.ts';
import { pages } from './pages.ts';
import { PEERS, startPeer, VERSIONS } from './peers.ts';
import { Seat } from './seat.ts';

interface Match {
  readonly base: string;
  readonly origin: string;
  readonly play: Play;
}

async function playerOf(name: string, start: () => Promise<Driver>, base: string): Promise<Player> {
  const sit = async (): Promise<Seat> => new Seat(await start(), base);
  return { name, seat: await sit(), start: sit };
}

async function peersIn({ base, play }: Match): Promise<Players['peers']> {
  const folder = await peerFolder(VERSIONS, play);
  return Promise.all(
    PEERS.map(async (peer) => {
      const { name } = peer.tongue;
      if (typeof folder !== 'string') return { name, ...folder };
      try {
        return await playerOf(name, () => startPeer(peer, join(folder, 'node_modules')), base);
      } catch (error) {
        return { name, missing: `did not start: ${reasonOf(error)}` };
      }
    }),
  );
}

async function playMatch(match: Match): Promise<readonly Measurement[]> {
  const ours = await playerOf(OURS, () => startOwnServer([match.origin]), match.base);
  const players: Players = { ours, peers: await peersIn(match) };
  const seats = [ours, ...players.peers].flatMap((player) => ('seat' in player ? [player.seat] : []));
  const measured: Measurement[] = [];
  try {
    for (const contest of contestsOf(players)) measured.push(...(await compete(contest, match.play)));
    return measured;
  } finally {
    await Promise.all(seats.map(({ driver }) => driver.close()));
  }
}

/** The browser server beside two others, each with a browser of its own. */
export async function benchChrome(play: Play): Promise<readonly Measurement[]> {
  const site = await openSite();
  try {
    return await playMatch({ base: site.put('bench', pages()), origin: site.origin, play });
  } finally {
    await site.close();
  }
}
