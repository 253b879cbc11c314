import { appendToNote } from '../editing.ts';
import type { Stage } from '../stage.ts';
import { isActive } from '../../lab/windows.ts';
import { heardByTerminal, seenByBrowser } from '../witnesses.ts';

const COMMAND = 'echo typed by the agent\n';

async function typingIntoTerminal(stage: Stage): Promise<void> {
  const { agent, desktop, story, xterm } = stage;
  const before = await xterm.received();
  await agent.does('open_application', { app: 'xterm' });
  await agent.does('type', { text: COMMAND }, 'tier_too_low');
  await agent.does('key', { text: 'Return' }, 'tier_too_low');
  const refused = await heardByTerminal(desktop, xterm, before);
  story.remark('The same words are fine in an editor:');
  const allowed = await appendToNote(stage, COMMAND);
  story.expect({
    what: 'A command is not typed into xterm',
    witness: 'the log of its tty',
    refused,
    allowed,
  });
}

async function clickingInBrowser(stage: Stage): Promise<void> {
  const { agent, chromium, desktop, story, xterm } = stage;
  const page = await chromium.geometry();
  const terminal = await xterm.geometry();
  await agent.does('open_application', { app: 'chromium' });
  const place = agent.coordinate(page.x + page.width / 2, page.y + page.height * 0.75);
  await agent.does('left_click', { coordinate: place }, 'tier_too_low');
  await agent.does('type', { text: 'my password' }, 'tier_too_low');
  const refused = await seenByBrowser(desktop, chromium);
  story.remark('A plain click on the terminal is within its tier:');
  await agent.does('open_application', { app: 'mousepad' });
  await agent.does('left_click', {
    coordinate: agent.coordinate(terminal.x + terminal.width - 100, terminal.y + 100),
  });
  const isInFront = await isActive(desktop.x, xterm.window);
  story.expect({
    what: 'Chromium is looked at, neither clicked nor typed into',
    witness: 'the page in it, over loopback',
    refused,
    allowed: {
      saw: `left_click on xterm: it ${isInFront ? 'has' : 'has not'} got the focus, says the window manager`,
      held: isInFront,
    },
  });
}

/** Granted applications, and still not everything: the tier depends on what the application is. */
export async function refusing(stage: Stage): Promise<void> {
  stage.story.begin('6  What is refused');
  await typingIntoTerminal(stage);
  await clickingInBrowser(stage);
}
