import { DEFAULT_POLICY, appKey, decide, type Decision, type Subject } from '@deskhand/tier-policy';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Command } from './protocol.ts';
import { serveStation } from './serve.ts';

interface Scene {
  readonly frontmost: Subject;
  readonly recipients: readonly Subject[];
}

/** What is used of the server's own desktop, which it does not export. */
interface Desktop {
  frontmost(): Promise<Scene>;
  point(
    gesture: object,
    judge: (scene: Scene) => Decision,
    signal: AbortSignal,
  ): Promise<{ readonly decision: Decision }>;
  type(
    text: string,
    judge: (scene: Scene) => Decision,
    steps: { readonly signal: AbortSignal; readonly onDone: () => Promise<void> },
  ): Promise<{ readonly decision: Decision }>;
  close(): Promise<void>;
}

interface DesktopModule {
  readonly X11Desktop: new (options: {
    readonly display: string;
    readonly isOwnDialog: () => boolean;
  }) => Desktop;
}

const DesktopModule = z.custom<DesktopModule>(
  (module) => typeof module === 'object' && module !== null && 'X11Desktop' in module,
);

async function openDesktop(): Promise<Desktop> {
  const folder = new URL('.', import.meta.resolve('@deskhand/computer-use-mcp/package.json'));
  const file = fileURLToPath(new URL('dist/desktop/x11/x11-desktop.js', folder));
  const { X11Desktop } = DesktopModule.parse(await import(pathToFileURL(file).href));
  return new X11Desktop({ display: process.env['DISPLAY'] ?? '', isOwnDialog: () => false });
}

const desktop = await openDesktop();
const { frontmost } = await desktop.frontmost();
const app = frontmost.kind === 'app' ? appKey(frontmost.app) : null;
if (app === null) throw new Error('nothing is in front');
const { signal } = new AbortController();

/** As the server decides, with a grant for what is in front. */
const judgeOf =
  (tool: 'left_click' | 'type') =>
  (scene: Scene): Decision =>
    decide({
      action: { tool },
      frontmost: scene.frontmost,
      recipient: scene.recipients,
      grants: [{ app, decision: 'allow' }],
      policy: DEFAULT_POLICY,
    });

function requireAllowed({ decision }: { readonly decision: Decision }): void {
  if (!decision.allowed) throw new Error(decision.message);
}

async function perform(command: Command): Promise<void> {
  switch (command.do) {
    case 'active': {
      const scene = await desktop.frontmost();
      if (scene.frontmost.kind !== 'app') throw new Error('the active app is unknown');
      return;
    }
    case 'click': {
      const gesture = { kind: 'click', at: command.at, button: 'left', count: 1, modifiers: [] };
      requireAllowed(await desktop.point(gesture, judgeOf('left_click'), signal));
      return;
    }
    case 'type':
      requireAllowed(
        await desktop.type(command.text, judgeOf('type'), { signal, onDone: () => Promise.resolve() }),
      );
      return;
    case 'tree':
      throw new Error('the tree is measured over MCP');
  }
}

await serveStation(perform);
await desktop.close();
