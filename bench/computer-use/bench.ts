import { eventually } from '@deskhand/tests/lab/eventually';
import { xdotool } from '@deskhand/tests/lab/xdotool';
import { join } from 'node:path';
import { compete, type Play } from '../contest.ts';
import { reasonOf, type Measurement, type Missing } from '../measurement.ts';
import { peerFolder } from '../peer-folder.ts';
import { contestsOf, type Contestants } from './contests.ts';
import { openDesk, type Desk } from './desk.ts';
import { startOurs, startTheirs } from './desktop-server.ts';
import { startStation, type Station } from './station.ts';
import { openSeat, stopping } from './stopping.ts';

const LIBRARIES = { '@nut-tree-fork/nut-js': '4.2.6', 'get-windows': '9.3.0' };
const DRIVER = { '@trycua/cua-driver': '0.28.2' };
const SERVER = { 'computer-use-mcp': '1.8.0' };

const TEXT = 'The quick brown fox jumps over the lazy dog, 12 times a day; '.padEnd(100, 'then it rests. ');

interface Folders {
  readonly libraries: string | Missing;
  readonly driver: string | Missing;
  readonly server: string | Missing;
}

function stationIn(
  folder: string | Missing,
  { desktop }: Desk,
  [file, app]: readonly [string, string],
): Station | Missing {
  if (typeof folder !== 'string') return folder;
  return startStation(desktop, new URL(`station/${file}`, import.meta.url), [folder, app]);
}

async function theirsIn(folder: string | Missing, { desktop }: Desk): Promise<Contestants['theirs']> {
  if (typeof folder !== 'string') return folder;
  const start = () => startTheirs(desktop, join(folder, 'node_modules/computer-use-mcp/dist/main.js'));
  try {
    return { server: await start(), start };
  } catch (error) {
    return { missing: `did not start: ${reasonOf(error)}` };
  }
}

async function contestantsOn(desk: Desk, folders: Folders): Promise<Contestants> {
  const { desktop, editor } = desk;
  const { x, y, width, height } = await editor.geometry();
  const start = () => startOurs(desktop);
  const station = startStation(desktop, new URL('station/ours.js', import.meta.url));
  return {
    ours: { station, server: await start(), start },
    libraries: stationIn(folders.libraries, desk, ['peers.js', 'mousepad']),
    driver: stationIn(folders.driver, desk, ['cua.js', 'Mousepad']),
    theirs: await theirsIn(folders.server, desk),
    at: { x: x + Math.round(width / 2), y: y + Math.round(height / 2) },
    text: TEXT,
    clear: async () => {
      await xdotool(desktop, 'key', '--clearmodifiers', 'ctrl+a', 'BackSpace');
    },
  };
}

/** A time counts only for text that arrives. */
async function requireTyping({ editor }: Desk, { clear, ours, text }: Contestants): Promise<void> {
  await clear();
  await ours.server.type(text);
  await eventually('our text to arrive', async () => (await editor.savedText()) === text);
}

async function playOn(desk: Desk, folders: Folders, play: Play): Promise<readonly Measurement[]> {
  const contestants = await contestantsOn(desk, folders);
  const measurements: Measurement[] = [];
  for (const contest of contestsOf(contestants)) measurements.push(...(await compete(contest, play)));
  await requireTyping(desk, contestants);
  return measurements;
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const give = (): void => reject(new Error('interrupted'));
    if (signal.aborted) give();
    signal.addEventListener('abort', give, { once: true });
    work.then(resolve, reject);
  });
}

/** The desktop server beside libraries that others build on, and beside another server. */
export async function benchComputerUse(play: Play): Promise<readonly Measurement[]> {
  const folders = {
    libraries: await peerFolder(LIBRARIES, play),
    driver: await peerFolder(DRIVER, play),
    server: await peerFolder(SERVER, play),
  };
  play.say('opening a desktop of 1920 x 1080');
  const desk = await openDesk();
  const measured: Measurement[] = [];
  try {
    measured.push(...(await untilAborted(playOn(desk, folders, play), play.signal)));
  } finally {
    await desk.desktop.close();
  }
  const seat = await openSeat();
  try {
    measured.push(...(await untilAborted(compete(stopping(seat), play), play.signal)));
  } finally {
    await seat.desktop.close();
  }
  return measured;
}
