import { noteOf } from '../editing.ts';
import type { Stage } from '../stage.ts';
import { FREE_PLACE } from '../stage.ts';
import { eventually } from '../../lab/eventually.ts';
import { openFixtureWindow } from '../../lab/fixture-window.ts';
import { takeView } from '../views.ts';
import { both, gotByWindow, savedExactly } from '../witnesses.ts';

const RED = 0xb3261e;

const LETTER = Array.from({ length: 100 }, (_, index) => `Line ${index + 1} of a long letter to Ann.\n`).join(
  '',
);

/** A window that nobody allowed takes the keyboard in the middle of a long text. */
export async function stolenFocus(stage: Stage): Promise<void> {
  const { agent, desktop, mousepad, story, stranger } = stage;
  story.remark('While a long letter is typed, a window that nobody allowed takes the focus.');
  const thief = await openFixtureWindow(
    desktop,
    { place: FREE_PLACE, title: 'Update ready', fill: RED, mapped: false },
    { executable: stranger },
  );
  const before = await noteOf(stage);
  await agent.does('open_application', { app: 'mousepad' });
  const steal = async (): Promise<void> => {
    await eventually('the first characters', async () => (await mousepad.title()).startsWith('*'));
    await thief.map();
    await thief.takeFocus();
  };
  const [{ typed = 0 }] = await Promise.all([agent.does('type', { text: LETTER }, 'focus_lost'), steal()]);
  await takeView(
    stage,
    'The focus is stolen',
    `The letter stops after ${typed} of ${LETTER.length} characters; the thief is black for the agent.`,
  );
  const refused = await gotByWindow(desktop, thief);
  await thief.close();

  story.remark('The thief is gone; the agent goes on in mousepad and saves.');
  await agent.does('open_application', { app: 'mousepad' });
  await agent.does('key', { text: 'ctrl+s' });
  const saved = await savedExactly(mousepad, before + LETTER.slice(0, typed));
  const isPart = typed > 0 && typed < LETTER.length;
  story.expect({
    what: 'Typing stops when another window takes the focus',
    witness: 'the thief’s journal; the file',
    refused,
    allowed: both({ saw: `the server said ${typed} of ${LETTER.length} characters`, held: isPart }, saved),
  });
}
