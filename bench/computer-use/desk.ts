import { openChromium } from '@deskhand/tests/lab/chromium';
import { startDesktop, type Desktop } from '@deskhand/tests/lab/desktop';
import { eventually } from '@deskhand/tests/lab/eventually';
import { openMousepad, type Mousepad } from '@deskhand/tests/lab/mousepad';
import { openXterm } from '@deskhand/tests/lab/xterm';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What our server asks the person for. */
export const APPS = ['mousepad', 'chromium', 'xterm'] as const;

/** A desktop of 1920 x 1080 as a person has it: an editor in front, a colourful page, a terminal. */
export interface Desk {
  readonly desktop: Desktop;
  readonly editor: Mousepad;
}

const TEXT = Array.from(
  { length: 60 },
  (_, line) => `${line + 1}. The quick brown fox jumps over the lazy dog while the editor shows it.`,
).join('\n');

/** Gradients, discs and text, the same in each run; the title says when it is painted. */
const PAGE = `<!doctype html><title>painting</title>
<body style="margin:0;background:linear-gradient(120deg,#264653,#2a9d8f,#e9c46a,#f4a261,#e76f51)">
<canvas width="1000" height="620"></canvas><h1>Pictures of the year</h1>
<script>
  const paint = document.querySelector('canvas').getContext('2d');
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let i = 0; i < 400; i++) {
    const [x, y, r] = [random() * 1000, random() * 620, 5 + random() * 60];
    const fill = paint.createRadialGradient(x, y, 1, x, y, r);
    fill.addColorStop(0, 'hsla(' + random() * 360 + ',80%,60%,.9)');
    fill.addColorStop(1, 'hsla(' + random() * 360 + ',80%,40%,0)');
    paint.fillStyle = fill;
    paint.fillRect(x - r, y - r, 2 * r, 2 * r);
  }
  requestAnimationFrame(() => requestAnimationFrame(() => (document.title = 'painted')));
</script>`;

async function furnish(desktop: Desktop): Promise<Mousepad> {
  const page = join(desktop.folder, 'home', 'page.html');
  await writeFile(page, PAGE);
  const browser = await openChromium(desktop, { url: pathToFileURL(page).href, width: 1060, height: 760 });
  await eventually('the page to be painted', async () => (await browser.title()).startsWith('painted'));
  await browser.place({ x: 840, y: 40, width: 1060, height: 700 });
  const terminal = await openXterm(desktop);
  await terminal.place({ x: 840, y: 790, width: 1060, height: 260 });
  const editor = await openMousepad(desktop, { text: TEXT });
  await editor.place({ x: 20, y: 40, width: 780, height: 1000 });
  await editor.activate();
  return editor;
}

/** The desktop is closed again when something on it does not start. */
export async function openDesk(): Promise<Desk> {
  const desktop = await startDesktop({ wm: 'openbox', width: 1920, height: 1080, accessibility: true });
  try {
    return { desktop, editor: await furnish(desktop) };
  } catch (error) {
    await desktop.close();
    throw error;
  }
}
