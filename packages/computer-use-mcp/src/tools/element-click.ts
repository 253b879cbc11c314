import { ToolError, defineTool, type CallContext, type Tool } from '@deskhand/server-runtime';
import type { Action, Decision, Tier } from '@deskhand/tier-policy';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ElementTable, KnownElement } from '../accessibility/element-table.ts';
import { contains, type Point, type Rect } from '../core/geometry.ts';
import type { Judge, Judged, Scene, WindowInfo } from '../desktop/desktop.ts';
import type { DesktopSession } from '../session.ts';
import { called, elementNow, knownElement, windowOf, type ElementNow } from './element-target.ts';
import { isSameLife, type ReadableWindow } from './readable-window.ts';

/** A tooltip that was pointed at is gone by then. */
const TRIES = 6;
const RETRY_MS = 60;

const CLICK: Action = { tool: 'click_element' };

/** Parts of an element's width and height: its middle first. */
const TRIED: readonly (readonly [number, number])[] = [
  [0.5, 0.5],
  [0.25, 0.5],
  [0.75, 0.5],
  [0.5, 0.25],
  [0.5, 0.75],
];

/** The left button in the middle of an element, through the same check as `left_click`. */
export const clickElement = (session: DesktopSession, table: ElementTable): Tool =>
  defineTool({
    name: 'click_element',
    title: 'Click an element',
    description: 'Clicks an element by its reference. Refused when it changed, is covered or scrolled away.',
    input: z.object({ element: z.string().describe('Such as e17') }),
    annotations: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
    run: async ({ element }, call) => {
      const known = knownElement(table, element);
      await judgeTarget(session, known, call);
      const now = await elementNow(session, known, call.signal);
      const at = await pointIn(session, known, now);
      const { judged, cover } = await clickPastTooltips(session, { at, known, now }, call);
      if (cover !== 'none') {
        call.note({ ...session.record(CLICK, judged), cover });
        throw coveredBy(session, known, { scene: judged.scene, cover });
      }
      session.settle(CLICK, judged, call);
      const { appName: app, info } = now.window;
      return {
        text: `Clicked ${called(known)} in ${app}.`,
        structured: {
          ...session.describe(judged.scene, judged.decision.tier),
          recipient: { ...session.summary(info.subject), window: info.id },
          delivered: true,
        },
      };
    },
  });

/** Before the program is asked anything: the click would be allowed on its window as things stand. */
async function judgeTarget(session: DesktopSession, known: KnownElement, call: CallContext): Promise<void> {
  const { info } = await windowOf(session, known);
  const judged = await session.withReadApprovals(call, async () => {
    const front = await session.desktop.frontmost();
    const scene: Scene = { ...front, recipients: [info.subject], recipientWindow: info.id };
    return { decision: session.decide(CLICK, scene), scene };
  });
  if (!judged.decision.allowed) session.settle(CLICK, judged, call);
}

async function pointIn(
  session: DesktopSession,
  known: KnownElement,
  { seen, window }: ElementNow,
): Promise<Point> {
  const hidden = (why: string, hint: string): ToolError =>
    new ToolError('element_hidden', `${called(known)} cannot be clicked: ${why}`, { hint });
  if (!seen.isPlaced)
    throw hidden('its program does not say exactly where it is', 'Take a screenshot and use left_click.');
  if (seen.visible === null) {
    throw hidden(
      'nothing of it shows',
      'It may be scrolled away, in a closed menu or on another page: scroll or open that, then find_element again.',
    );
  }
  const displays = await session.displays();
  const inside = pointsOf(seen.visible).filter((point) =>
    displays.some((display) => contains(display, point)),
  );
  const above = known.isPopup ? [] : windowsAbove(await session.desktop.windows(), window);
  const point = inside.find((candidate) => !above.some(({ rect }) => contains(rect, candidate))) ?? inside[0];
  if (point === undefined) throw hidden('it is outside of the screen', 'Move the window into the screen.');
  return point;
}

const pointsOf = ({ x, y, width, height }: Rect): readonly Point[] =>
  TRIED.map(([across, down]) => ({ x: Math.floor(x + width * across), y: Math.floor(y + height * down) }));

/** Topmost first is how they are listed. */
const windowsAbove = (windows: readonly WindowInfo[], { info }: ReadableWindow): readonly WindowInfo[] =>
  windows
    .slice(
      0,
      Math.max(
        0,
        windows.findIndex(({ id }) => id === info.id),
      ),
    )
    .filter((w) => !w.isMinimized);

interface Aim {
  readonly at: Point;
  readonly known: KnownElement;
  readonly now: ElementNow;
}

/** What lies over the point: nothing, a popup of the same application such as a tooltip, or another window. */
type Cover = 'none' | 'own_popup' | 'window';

interface Attempt {
  readonly judged: Judged;
  readonly cover: Cover;
}

/** A tooltip goes away when the pointer comes. */
async function clickPastTooltips(session: DesktopSession, aim: Aim, call: CallContext): Promise<Attempt> {
  for (let attempt = 1; ; attempt++) {
    const made = await clickAt(session, aim, call);
    if (made.cover !== 'own_popup' || !made.judged.decision.allowed || attempt >= TRIES) return made;
    const move = { kind: 'move', at: aim.at } as const;
    session.settle(CLICK, await session.desktop.point(move, session.judge(CLICK), call.signal), call);
    await delay(RETRY_MS, undefined, { signal: call.signal });
  }
}

/** Clicks only where the element's own window takes the click, which is looked up in the same instant. */
async function clickAt(
  session: DesktopSession,
  { at, known, now }: Aim,
  call: CallContext,
): Promise<Attempt> {
  const managed = new Set((await session.desktop.windows()).map(({ id }) => id));
  const { info, app } = now.window;
  const coverOf = ({ recipientWindow, recipients: [owner] }: Scene): Cover => {
    if (recipientWindow === info.id) return 'none';
    const isUnmanaged = recipientWindow !== null && !managed.has(recipientWindow);
    const isOwn = isUnmanaged && owner?.kind === 'app' && isSameLife(owner.app, app);
    if (!isOwn) return 'window';
    return known.isPopup ? 'none' : 'own_popup';
  };
  const read: { decision: Decision | null; cover: Cover } = { decision: null, cover: 'none' };
  const judge: Judge = (scene) => {
    const decision = session.decide(CLICK, scene);
    read.decision = decision;
    read.cover = coverOf(scene);
    return decision.allowed && read.cover !== 'none' ? elsewhere(decision.tier) : decision;
  };
  const gesture = { kind: 'click', at, button: 'left', count: 1, modifiers: [] } as const;
  const judged = await session.withReadApprovals(call, () =>
    session.desktop.point(gesture, judge, call.signal),
  );
  return { judged: { ...judged, decision: read.decision ?? judged.decision }, cover: read.cover };
}

/** Stops the click; the tool itself says why. */
const elsewhere = (tier: Tier): Decision => ({
  allowed: false,
  code: 'unknown_app',
  tier,
  needed: 'click',
  blocker: 'recipient',
  app: null,
  message: 'Another window is in the way',
  hint: 'Bring the window to the front.',
});

function coveredBy(
  session: DesktopSession,
  known: KnownElement,
  { scene, cover }: { readonly scene: Scene; readonly cover: Cover },
): ToolError {
  const [owner] = scene.recipients;
  const by = owner === undefined ? null : session.summary(owner);
  return new ToolError(
    'element_covered',
    `${called(known)} is covered by ${by === null ? 'a window whose owner cannot be proven' : `a window of ${by.app}`}`,
    {
      hint:
        cover === 'own_popup'
          ? 'Nothing was clicked. A menu or tooltip is open over it: close that, then try again.'
          : `Nothing was clicked. Use focus_window with window ${known.window.id}, then try again.`,
      details: {
        ...session.describe(scene),
        coveredBy: by === null ? null : { ...by, window: scene.recipientWindow },
      },
    },
  );
}
