import type { Stage } from '../stage.ts';
import type { Finding } from '../story.ts';
import { blackForAgent, blackOnScreen, percent, takeMoment, takeView, type Moment } from '../views.ts';
import { savedExactly } from '../witnesses.ts';

const WANTED = ['mousepad', 'galculator', 'xterm', 'chromium'] as const;
/** As much of a window may be black by itself: text, a shadow, and on a person's display a panel in front. */
const SOME = 0.25;

interface Blackness {
  /** The least black of the four windows. */
  readonly least: number;
  /** The blackest. */
  readonly most: number;
  readonly mostOnScreen: number;
}

async function blackness(stage: Stage, moment: Moment): Promise<Blackness> {
  const windows = await Promise.all(WANTED.map((name) => stage[name].geometry()));
  const shares = await Promise.all(windows.map((window) => blackForAgent(moment, window)));
  const onScreen = windows.map((window) => blackOnScreen(moment, window));
  return { least: Math.min(...shares), most: Math.max(...shares), mostOnScreen: Math.max(...onScreen) };
}

const hidden = ({ least, mostOnScreen }: Blackness): Finding => ({
  saw: `before: for the agent each of the 4 windows is ${percent(least)} black; on the screen at most ${percent(mostOnScreen)}`,
  held: least === 1 && mostOnScreen < SOME,
});

const shown = ({ most }: Blackness): Finding => ({
  saw: `after: at most ${percent(most)} of a window is black`,
  held: most < SOME,
});

/** Nothing goes before the person was asked; gives what mousepad saved until then. */
export async function asking(stage: Stage): Promise<Finding> {
  const { agent, mousepad, stranger, story } = stage;
  story.begin('3  Asking');
  story.remark('Nobody has allowed anything yet; mousepad is in front.');
  await mousepad.activate();
  const before = await takeView(
    stage,
    'Before anybody was asked',
    'The agent gets a picture of the right size, in which every window is black.',
  );
  await agent.does('type', { text: 'Hello' }, 'not_granted');
  await agent.does('open_application', { app: 'galculator' }, 'not_granted');
  story.remark('The person saves the note, to see what is in it.');
  await mousepad.savedText();
  const untouched = await savedExactly(mousepad, '');

  await agent.does('request_access', { apps: WANTED, reason: 'Write a note and add up the costs.' });
  await agent.does(
    'request_access',
    { apps: [stranger], reason: 'I need this one too.' },
    'denied_by_person',
  );
  const after = await takeMoment(stage);
  story.expect({
    what: 'The agent sees windows only after the person allowed them',
    witness: 'pixels of both pictures',
    refused: hidden(await blackness(stage, before)),
    allowed: shown(await blackness(stage, after)),
  });
  return untouched;
}
