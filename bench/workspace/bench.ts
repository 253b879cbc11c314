import { join } from 'node:path';
import { compete, OURS, type Play } from '../contest.ts';
import { reasonOf, type Measurement } from '../measurement.ts';
import { peerFolder } from '../peer-folder.ts';
import { contestsOf, type Absent, type Player } from './contests.ts';
import { OURS_TEAM, PEER_TEAMS, sit, VERSIONS, type Seat } from './seat.ts';
import { makeTree, type Tree } from './tree.ts';

async function playerOf(name: string, start: () => Promise<Seat>): Promise<Player> {
  return { name, seat: await start(), start };
}

async function peersOn(tree: Tree, play: Play): Promise<readonly (Player | Absent)[]> {
  const folder = await peerFolder(VERSIONS, play);
  return Promise.all(
    PEER_TEAMS.map(async (team) => {
      const { name } = team.tongue;
      if (typeof folder !== 'string') return { name, ...folder };
      try {
        return await playerOf(name, () => sit(team, tree, join(folder, 'node_modules')));
      } catch (error) {
        return { name, missing: `did not start: ${reasonOf(error)}` };
      }
    }),
  );
}

async function playOn(tree: Tree, play: Play): Promise<readonly Measurement[]> {
  const players = {
    ours: await playerOf(OURS, () => sit(OURS_TEAM, tree)),
    peers: await peersOn(tree, play),
  };
  const measured: Measurement[] = [];
  try {
    for (const contest of contestsOf(players, tree)) measured.push(...(await compete(contest, play)));
    return measured;
  } finally {
    const seats = [players.ours, ...players.peers].flatMap((one) => ('seat' in one ? [one.seat] : []));
    await Promise.all(seats.map((seat) => seat.close()));
  }
}

/** The workspace server beside two others, on the same files. */
export async function benchWorkspace(play: Play): Promise<readonly Measurement[]> {
  play.say('workspace: making 50,000 files');
  const tree = await makeTree();
  try {
    return await playOn(tree, play);
  } finally {
    await tree.close();
  }
}
