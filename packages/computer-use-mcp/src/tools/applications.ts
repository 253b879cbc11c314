import { ToolError, defineTool, inTime, type CallContext, type Tool } from '@deskhand/server-runtime';
import { appKey, type Subject } from '@deskhand/tier-policy';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { findApp, type KnownApp } from '../app-directory.ts';
import type { Scene, WindowInfo } from '../desktop/desktop.ts';
import { nameOf, type DesktopSession } from '../session.ts';

const WINDOW_MS = 15_000;
const LOOK_MS = 50;
const ACTIVATE_MS = 5000;

const ACTS = { readOnly: false, destructive: false, idempotent: true, openWorld: true } as const;

export const applicationTools = (session: DesktopSession): readonly Tool[] => [
  openApplication(session),
  focusWindow(session),
];

const openApplication = (session: DesktopSession): Tool =>
  defineTool({
    name: 'open_application',
    title: 'Open an application',
    description: 'Brings a granted application to the front, and starts it when it has no window.',
    input: z.object({
      app: z.string().min(1).max(500).describe('As in request_access'),
    }),
    annotations: ACTS,
    run: async ({ app: query }, call) => {
      const windows = await session.desktop.windows();
      const app = findApp(query, windows, session.directory);
      await allowTarget(
        session,
        { tool: 'open_application', target: { kind: 'app', app: app.identity } },
        call,
      );
      const own = windows.find((window) => isOf(window, app));
      const window = own ?? (await start(app, session, call));
      await bringToFront(window, session, call);
      return {
        text: `${app.name} is in front${own === undefined ? '; it was started' : ''}.`,
        structured: { window: window.id, started: own === undefined },
      };
    },
  });

const focusWindow = (session: DesktopSession): Tool =>
  defineTool({
    name: 'focus_window',
    title: 'Focus a window',
    description: 'Raises and focuses a window of a granted application.',
    input: z.object({ window: z.int().describe('From list_windows') }),
    annotations: ACTS,
    run: async ({ window: id }, call) => {
      const windows = await session.desktop.windows();
      const window = windows.find((candidate) => candidate.id === id);
      if (window === undefined) {
        throw new ToolError('no_such_window', `There is no window ${id}`, {
          hint: 'Use list_windows for the numbers of the open windows.',
        });
      }
      await allowTarget(session, { tool: 'focus_window', target: window.subject }, call);
      await bringToFront(window, session, call);
      const app = window.subject.kind === 'app' ? nameOf(window.subject.app) : 'The window';
      return { text: `${app} is in front.`, structured: { window: id } };
    },
  });

const isOf = ({ subject }: WindowInfo, { identity }: KnownApp): boolean =>
  subject.kind === 'app' && appKey(subject.app) === appKey(identity);

interface TargetAction {
  readonly tool: 'open_application' | 'focus_window';
  readonly target: Subject;
}

async function allowTarget(
  session: DesktopSession,
  { tool, target }: TargetAction,
  call: CallContext,
): Promise<void> {
  const judged = await session.withReadApprovals(call, async () => {
    const front = await session.desktop.frontmost();
    const scene: Scene = { ...front, recipients: [target], recipientWindow: null };
    return { decision: session.decide({ tool }, scene), scene };
  });
  session.settle({ tool }, judged, call);
}

async function start(app: KnownApp, session: DesktopSession, call: CallContext): Promise<WindowInfo> {
  const argv = app.argv ?? (app.identity.executable === null ? [] : [app.identity.executable]);
  try {
    await session.directory.start(argv);
  } catch (cause) {
    throw new ToolError('not_started', `${app.name} could not be started: ${String(cause)}`, {
      hint: 'Tell the person.',
      cause,
    });
  }
  const end = performance.now() + WINDOW_MS;
  while (performance.now() < end) {
    const windows = await session.desktop.windows();
    const window = windows.find((candidate) => isOf(candidate, app));
    if (window !== undefined) return window;
    await delay(LOOK_MS, undefined, { signal: call.signal });
    call.progress(WINDOW_MS - (end - performance.now()), WINDOW_MS, `waiting for a window of ${app.name}`);
  }
  throw new ToolError(
    'no_window',
    `${app.name} was started and showed no window within ${WINDOW_MS / 1000} s`,
    {
      hint: 'It may still be loading: look with list_windows. A window of another program needs a grant of its own.',
    },
  );
}

async function bringToFront(window: WindowInfo, session: DesktopSession, call: CallContext): Promise<void> {
  const activate = (patience: AbortSignal): Promise<boolean> => session.desktop.activate(window.id, patience);
  if (await inTime(ACTIVATE_MS, call.signal, activate)) return;
  throw new ToolError('not_activated', 'The window manager did not bring the window to the front', {
    hint: 'A dialog may be in the way: take a screenshot.',
  });
}
