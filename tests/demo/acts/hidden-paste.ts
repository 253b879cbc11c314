import { eventually } from '../../lab/eventually.ts';
import { xdotool } from '../../lab/xdotool.ts';
import type { Stage } from '../stage.ts';
import type { Finding } from '../story.ts';
import { savedExactly } from '../witnesses.ts';

const COMMAND = 'echo pasted >> ~/.profile';

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** The person's own middle click at the same place shows that the agent's would have pasted. */
async function pastedByAgent({ desktop, xterm }: Stage, spot: Spot, before: string): Promise<Finding> {
  await xdotool(desktop, 'mousemove', String(spot.x), String(spot.y), 'click', '2');
  const log = await eventually('the person’s paste', async () => {
    const received = (await xterm.received()).slice(before.length);
    return received.endsWith(COMMAND) && received;
  });
  const got = log.length - COMMAND.length;
  return {
    saw: `xterm got ${got} characters from the agent; the person’s own middle click there pasted ${COMMAND.length}`,
    held: got === 0,
  };
}

/** A middle click pastes what is selected: into a terminal it would run a command, whatever is in front. */
export async function hiddenPaste(stage: Stage): Promise<void> {
  const { agent, mousepad, story, xterm } = stage;
  story.remark('The agent selects a command in mousepad and middle-clicks the terminal behind it, to paste.');
  const before = await xterm.received();
  await agent.does('open_application', { app: 'mousepad' });
  await agent.does('key', { text: 'ctrl+a' });
  await agent.does('type', { text: `${COMMAND}\n` });
  await agent.does('key', { text: 'ctrl+Home' });
  await agent.does('key', { text: 'shift+End' });
  const terminal = await xterm.geometry();
  const spot = { x: terminal.x + terminal.width - 100, y: terminal.y + 120 };
  await agent.does('middle_click', { coordinate: agent.coordinate(spot.x, spot.y) }, 'tier_too_low');
  const refused = await pastedByAgent(stage, spot, before);

  story.remark('In mousepad itself it pastes:');
  await agent.does('open_application', { app: 'mousepad' });
  const editor = await mousepad.geometry();
  await agent.does('middle_click', {
    coordinate: agent.coordinate(editor.x + 200, editor.y + editor.height - 60),
  });
  await agent.does('key', { text: 'ctrl+End' });
  await agent.does('key', { text: 'ctrl+s' });
  const allowed = await savedExactly(mousepad, `${COMMAND}\n${COMMAND}`);
  story.expect({
    what: 'A selected command is not pasted into the xterm behind mousepad',
    witness: 'the log of its tty; the file',
    refused,
    allowed: { ...allowed, saw: `middle_click in mousepad pasted it: ${allowed.saw}` },
  });
}
