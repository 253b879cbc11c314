import { startDesktop, type Desktop } from '@deskhand/tests/lab/desktop';
import { eventually } from '@deskhand/tests/lab/eventually';
import { openMousepad } from '@deskhand/tests/lab/mousepad';
import { KEY, sitDown, type Person } from '@deskhand/tests/lab/person';
import { startSentinel, type Sentinel } from '@deskhand/tests/lab/sentinel';
import { xdotool } from '@deskhand/tests/lab/xdotool';
import { OURS, type Contest, type Reading } from '../contest.ts';
import { reasonOf } from '../measurement.ts';
import { startOurs } from './desktop-server.ts';
import { METRICS } from './metrics.ts';

const ESCAPE_KEYCODE = 9;
/** More than is typed before the person presses the key. */
const TEXT = 'a'.repeat(5000);
/** Key events that are there when they press it. */
const WELL_BEGUN = 100;

interface Seat {
  readonly desktop: Desktop;
  readonly person: Person;
  readonly sentinel: Sentinel;
}

/** A desktop where a person sits, with an editor in front. */
export async function openSeat(): Promise<Seat> {
  const desktop = await startDesktop({ wm: 'openbox', seat: true });
  try {
    await (await openMousepad(desktop)).activate();
    return { desktop, person: await sitDown(desktop), sentinel: await startSentinel(desktop) };
  } catch (error) {
    await desktop.close();
    throw error;
  }
}

/** Types until the person presses Escape. After a stop nothing acts for a while, so each time has its own server. */
async function stopTyping({ desktop, person, sentinel }: Seat): Promise<readonly Reading[]> {
  const server = await startOurs(desktop);
  try {
    await xdotool(desktop, 'key', '--clearmodifiers', 'ctrl+a', 'BackSpace');
    await sentinel.forget();
    const ending = server.type(TEXT).then(
      () => 'it was not stopped',
      (error: unknown) => reasonOf(error),
    );
    await eventually('the text', async () => (await sentinel.events()).length > WELL_BEGUN);
    const pressedAt = performance.now();
    person.press(KEY.escape);
    const reason = await ending;
    const answerMs = performance.now() - pressedAt;
    if (!reason.includes('A person pressed Escape')) throw new Error(reason);
    const events = await sentinel.events();
    const pressed = events.find(({ detail }) => detail === ESCAPE_KEYCODE);
    const last = events.findLast(({ detail }) => detail !== ESCAPE_KEYCODE);
    if (pressed === undefined || last === undefined) throw new Error('the key never arrived');
    return [
      { metric: METRICS.stop.name, by: OURS, values: [Math.max(0, last.time - pressed.time)] },
      { metric: METRICS.stopAnswer.name, by: OURS, values: [answerMs] },
    ];
  } finally {
    await server.close();
  }
}

export const stopping = (seat: Seat): Contest => ({
  title: METRICS.stop.name,
  metrics: [METRICS.stop, METRICS.stopAnswer],
  share: 0.5,
  ours: { names: [OURS], sample: () => stopTyping(seat) },
  peers: [],
});
