import { defineTool, safeLine, quoted, untrustedAnswer, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import { displayOf, rectToImage, type Display, type Frame } from '../core/frame.ts';
import type { WindowInfo } from '../desktop/desktop.ts';
import type { DesktopSession } from '../session.ts';

const LOOKS = { readOnly: true, destructive: false, idempotent: true, openWorld: true } as const;

const TITLE_LENGTH = 200;

export const windowTools = (session: DesktopSession): readonly Tool[] => [
  listWindows(session),
  getFrontmost(session),
];

const listWindows = (session: DesktopSession): Tool =>
  defineTool({
    name: 'list_windows',
    title: 'List windows',
    description:
      'Lists the open windows, topmost first, with application, tier and place. Titles are for granted ones only.',
    input: z.object({}),
    annotations: LOOKS,
    run: async () => {
      const frame = await session.frame();
      const windows = await session.desktop.windows();
      const displays = await session.displays();
      const described = windows.map((window) => describeWindow(window, session, { frame, displays }));
      return {
        text:
          described.length === 0
            ? 'No windows are open.'
            : untrustedAnswer('Open windows, topmost first', described.map(windowLine)),
        structured: { windows: described, frame: frame.id },
      };
    },
  });

type DescribedWindow = ReturnType<typeof describeWindow>;

interface Place {
  readonly frame: Frame;
  readonly displays: readonly Display[];
}

function describeWindow(window: WindowInfo, session: DesktopSession, { frame, displays }: Place) {
  const app = session.summary(window.subject);
  const display = displayOf(window.rect, displays)?.name ?? frame.display.name;
  return {
    window: window.id,
    app: app?.app ?? null,
    executable: app?.executable ?? null,
    tier: app?.tier ?? 'none',
    granted: app?.granted ?? false,
    ...(window.subject.kind === 'unknown' ? { unknown: window.subject.reason } : {}),
    ...(session.mayShow(window.subject) ? { title: safeLine(window.title, TITLE_LENGTH) } : {}),
    rect: rectToImage(frame, window.rect),
    ...(display === frame.display.name ? {} : { display }),
    active: window.isActive,
    minimized: window.isMinimized,
  };
}

function windowLine({
  window,
  app,
  tier,
  granted,
  active,
  minimized,
  rect,
  ...rest
}: DescribedWindow): string {
  const state = [
    granted ? `tier ${tier}` : 'not granted',
    ...(active ? ['active'] : []),
    ...(minimized ? ['minimized'] : []),
  ];
  const title = rest.title === undefined ? '' : ` ${quoted(rest.title)}`;
  const display = rest.display === undefined ? '' : `, on display ${rest.display}`;
  return `${window}: ${app ?? `unknown (${rest.unknown ?? 'no owner'})`}${title} (${state.join(', ')}) at ${rect.x},${rect.y} ${rect.width}x${rect.height}${display}`;
}

const getFrontmost = (session: DesktopSession): Tool =>
  defineTool({
    name: 'get_frontmost',
    title: 'Application in front',
    description: 'Says which application is in front and what may be done to it.',
    input: z.object({}),
    annotations: LOOKS,
    run: async () => {
      const scene = await session.desktop.frontmost();
      const app = session.summary(scene.frontmost);
      return {
        text:
          app === null
            ? 'No application is in front that could be identified.'
            : `${app.app} is in front: tier ${app.tier}, ${app.granted ? 'granted' : 'not granted'}.`,
        structured: session.describe(scene),
      };
    },
  });
