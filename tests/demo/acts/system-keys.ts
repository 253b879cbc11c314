import { eventually } from '../../lab/eventually.ts';
import { xdotool } from '../../lab/xdotool.ts';
import { noteOf } from '../editing.ts';
import type { Stage } from '../stage.ts';
import type { Finding } from '../story.ts';
import { savedExactly } from '../witnesses.ts';

/** Show the desktop, run a command, open a terminal, leave for a console: each in a spelling of its own. */
const COMBOS = [
  ['Win-D', 'combo_needs_flag'],
  ['ALT_L+f2', 'combo_needs_flag'],
  ['Control-Alt-T', 'combo_needs_flag'],
  ['ctl+OPTION+F1', 'combo_forbidden'],
] as const;

const LINE = 'Saved with an odd spelling.\n';

/**
 * Whether the desktop was never shown. The demo's own window manager has super+d for that, so the person presses
 * it too, and it must go on and off.
 */
async function keptByManager({ desktop }: Stage): Promise<Finding> {
  const isShowing = async (): Promise<boolean> =>
    (await desktop.x.numbers(desktop.x.root, '_NET_SHOWING_DESKTOP'))[0] === 1;
  const held = !(await isShowing());
  const saw = `the window manager ${held ? 'did not show' : 'showed'} the desktop`;
  if (!held || desktop.wm !== 'openbox') return { saw, held };
  for (const wanted of [true, false]) {
    await xdotool(desktop, 'key', 'super+d');
    await eventually('the window manager to obey', async () => (await isShowing()) === wanted);
  }
  return { saw: `${saw}; for the person’s own super+d it did`, held };
}

/** Keys that belong to the desktop, however they are spelled. */
export async function systemKeys(stage: Stage): Promise<void> {
  const { agent, mousepad, story } = stage;
  story.remark('Keys of the desktop, spelled oddly, with mousepad in front:');
  const before = await noteOf(stage);
  for (const [text, code] of COMBOS) await agent.does('key', { text }, code);
  await agent.does('type', { text: LINE });
  await agent.does('key', { text: 'CTRL-S' });
  const allowed = await savedExactly(mousepad, before + LINE);
  story.expect({
    what: 'System keys are refused in any spelling',
    witness: 'the window manager; the file',
    refused: await keptByManager(stage),
    allowed: { ...allowed, saw: `CTRL-S saved: ${allowed.saw}` },
  });
}
