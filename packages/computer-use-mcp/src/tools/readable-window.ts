import { ToolError, type CallContext } from '@deskhand/server-runtime';
import type { Action, AppIdentity } from '@deskhand/tier-policy';
import type { ElementTree, ReadOptions, ReadWindow } from '../accessibility/accessibility.ts';
import type { Scene, WindowInfo } from '../desktop/desktop.ts';
import { nameOf, type DesktopSession } from '../session.ts';

/** A window that may be read, with its proven owner. */
export interface ReadableWindow {
  readonly info: WindowInfo;
  readonly app: AppIdentity;
  readonly appName: string;
}

export const asReadWindow = ({ info, app }: ReadableWindow): ReadWindow => ({
  pid: app.pid,
  rect: info.rect,
  title: info.title,
});

interface Wanted {
  readonly tool: Action['tool'];
  /** The window in front when it is not named. */
  readonly window: number | undefined;
}

/**
 * The window that a call names, or the one in front, when its application is granted.
 *
 * @throws ToolError `no_such_window`, or a refusal of the policy
 */
export async function readableWindow(
  session: DesktopSession,
  { tool, window: id }: Wanted,
  call: CallContext,
): Promise<ReadableWindow> {
  const windows = await session.desktop.windows();
  const info = windows.find((window) => (id === undefined ? window.isActive : window.id === id));
  if (id !== undefined && info === undefined) {
    throw new ToolError('no_such_window', `There is no window ${id}`, {
      hint: 'Use list_windows for the numbers of the open windows.',
    });
  }
  const judged = await session.withReadApprovals(call, async () => {
    const front = await session.desktop.frontmost();
    const target = info?.subject ?? front.frontmost;
    const scene: Scene = { ...front, recipients: [target], recipientWindow: info?.id ?? null };
    return { decision: session.decide({ tool }, scene), scene };
  });
  session.settle({ tool }, judged, call);
  if (info?.subject.kind !== 'app') {
    throw new ToolError('no_such_window', 'No window is in front', {
      hint: 'Name one by its number from list_windows, or bring one to the front with focus_window.',
    });
  }
  const { app } = info.subject;
  return { info, app, appName: nameOf(app) };
}

/** The window as it is now; `null` when it was closed or belongs to another life of a process. */
export async function sameWindow(
  session: DesktopSession,
  { id, app }: { readonly id: number; readonly app: AppIdentity },
): Promise<ReadableWindow | null> {
  const windows = await session.desktop.windows();
  const info = windows.find((window) => window.id === id);
  if (info?.subject.kind !== 'app' || !isSameLife(info.subject.app, app)) return null;
  return { info, app: info.subject.app, appName: nameOf(info.subject.app) };
}

export const isSameLife = (a: AppIdentity, b: AppIdentity): boolean =>
  a.pid === b.pid && a.startTime === b.startTime && a.executable === b.executable;

/**
 * Reads what a window shows. When it moved meanwhile, it is read again where it is now.
 *
 * @throws ToolError `no_such_window` when it was closed meanwhile
 */
export async function readTree(
  session: DesktopSession,
  window: ReadableWindow,
  options: ReadOptions,
): Promise<{ readonly tree: ElementTree; readonly window: ReadableWindow }> {
  let current = window;
  for (let isAgain = false; ; isAgain = true) {
    const tree = await session.accessibility.read(asReadWindow(current), options);
    const now = await sameWindow(session, { id: current.info.id, app: current.app });
    if (now === null) {
      throw new ToolError('no_such_window', 'The window was closed while it was read', {
        hint: 'Use list_windows to see what is open.',
      });
    }
    const isStill = JSON.stringify(now.info.rect) === JSON.stringify(current.info.rect);
    if (isStill || isAgain) return { tree, window: now };
    current = now;
  }
}
