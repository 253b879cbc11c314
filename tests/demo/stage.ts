import { openChromium, type Chromium } from '../lab/chromium.ts';
import type { Desktop } from '../lab/desktop.ts';
import { asExecutable } from '../lab/executable.ts';
import { openGalculator, type Galculator } from '../lab/galculator.ts';
import { openMousepad, type Mousepad } from '../lab/mousepad.ts';
import { connectServer } from '../lab/tool-client.ts';
import type { Rect } from '../lab/windows.ts';
import { openXterm, type Xterm } from '../lab/xterm.ts';
import { Agent } from './agent.ts';
import { scriptedPerson } from './person.ts';
import type { Story } from './story.ts';

export interface Applications {
  readonly mousepad: Mousepad;
  readonly galculator: Galculator;
  readonly xterm: Xterm;
  readonly chromium: Chromium;
}

/** What the acts of the demo play with. */
export interface Stage extends Applications {
  readonly desktop: Desktop;
  readonly story: Story;
  readonly agent: Agent;
  /** An executable that nobody allows. */
  readonly stranger: string;
  /** `computer-use-mcp 0.1.0, MCP 2026-07-28`, as the server says. */
  readonly server: string;
}

/** The editor overlaps the terminal a little; everything else stands free. */
const PLACES = {
  mousepad: { x: 24, y: 48, width: 616, height: 330 },
  xterm: { x: 560, y: 88, width: 690, height: 270 },
  galculator: { x: 24, y: 430, width: 420, height: 343 },
  chromium: { x: 500, y: 424, width: 750, height: 350 },
} as const satisfies Record<keyof Applications, Rect>;

const FROM_BACK_TO_FRONT = ['chromium', 'galculator', 'xterm', 'mousepad'] as const;

/** Where a window of a stranger shows without hiding what matters. */
export const FREE_PLACE: Rect = { x: 60, y: 470, width: 400, height: 230 };

const SCREEN = { width: 1280, height: 800 } as const;

function checkScreen({ x, display }: Desktop): void {
  const screen = x.display.screen[0];
  const { pixel_width: width = 0, pixel_height: height = 0 } = screen ?? {};
  if (width < SCREEN.width || height < SCREEN.height)
    throw new Error(
      `display ${display} has ${width} x ${height} pixels, and the demo needs ${SCREEN.width} x ${SCREEN.height}`,
    );
}

async function openApplications(desktop: Desktop): Promise<Applications> {
  const [mousepad, galculator, xterm, chromium] = await Promise.all([
    openMousepad(desktop, { file: `${desktop.env['HOME'] ?? desktop.folder}/note.txt` }),
    openGalculator(desktop),
    openXterm(desktop),
    openChromium(desktop),
  ]);
  const applications = { mousepad, galculator, xterm, chromium };
  for (const name of FROM_BACK_TO_FRONT) {
    await applications[name].place(PLACES[name]);
    await applications[name].activate();
  }
  return applications;
}

/** Opens the applications and starts the server with a client and a person. */
export async function setStage(desktop: Desktop, story: Story, signal: AbortSignal): Promise<Stage> {
  checkScreen(desktop);
  const [applications, client, stranger] = await Promise.all([
    openApplications(desktop),
    connectServer(desktop, { onElicit: scriptedPerson(story) }),
    asExecutable(desktop, 'stranger'),
  ]);
  const { name = 'the server', version = '' } = client.client.getServerVersion() ?? {};
  const protocol = client.client.getNegotiatedProtocolVersion() ?? 'of an unknown version';
  return {
    ...applications,
    desktop,
    story,
    agent: new Agent(client, story, signal),
    stranger,
    server: `${name} ${version}, MCP ${protocol}`,
  };
}
