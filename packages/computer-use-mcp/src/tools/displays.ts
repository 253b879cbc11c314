import { ToolError, defineTool, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import { displayOf, type Display } from '../core/frame.ts';
import type { DesktopSession } from '../session.ts';

export const displayTools = (session: DesktopSession): readonly Tool[] => [switchDisplay(session)];

const switchDisplay = (session: DesktopSession): Tool =>
  defineTool({
    name: 'switch_display',
    title: 'Switch display',
    description: 'Pictures and coordinates are of this display from now on. Lists all displays.',
    input: z.object({ display: z.string().describe('Name; auto: where the window in front is now') }),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
    run: async ({ display }) => {
      const displays = await session.displays();
      const wanted = display === 'auto' ? await displayInFront(session, displays) : named(display, displays);
      session.switchDisplay(wanted.name);
      const frame = await session.frame();
      const { width, height } = frame.image;
      return {
        text: [
          `Pictures are ${width} x ${height} pixels of display ${frame.display.name} from now on, frame ${frame.id}.`,
          ...displays.map((candidate, at) => displayLine(candidate, at === 0)),
        ].join('\n'),
        structured: { display: frame.display.name, frame: frame.id, width, height, displays },
      };
    },
  });

function named(name: string, displays: readonly Display[]): Display {
  const found = displays.find((display) => display.name.toLowerCase() === name.trim().toLowerCase());
  if (found !== undefined) return found;
  const names = displays.map((display) => display.name);
  throw new ToolError('no_such_display', `There is no display ${JSON.stringify(name.slice(0, 40))}`, {
    hint: `Use ${names.join(' or ')}, or auto.`,
    details: { displays: names },
  });
}

/** The present display when no window is in front. */
async function displayInFront(session: DesktopSession, displays: readonly Display[]): Promise<Display> {
  const active = (await session.desktop.windows()).find(({ isActive }) => isActive);
  const found = active === undefined ? null : displayOf(active.rect, displays);
  return found ?? (await session.frame()).display;
}

const displayLine = ({ name, x, y, width, height }: Display, isMain: boolean): string =>
  `${name}: ${width} x ${height} at ${x},${y}${isMain ? ' (main)' : ''}`;
