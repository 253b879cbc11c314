import type { Desktop } from '@deskhand/tests/lab/desktop';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { pictureSize, startMcpServer, textOf, type McpServer } from './mcp-server.ts';
import { APPS } from './desk.ts';

export interface Picture {
  readonly ms: number;
  readonly kB: number;
}

/** What is measured of a server, whatever its tools are called; times as the client sees them. */
export interface DesktopServer {
  readonly startMs: number;
  /** Takes pixels of the screen. */
  click(at: Point): Promise<number>;
  type(text: string): Promise<number>;
  screenshot(): Promise<Picture>;
  /** Several actions in one call, with the picture that they end with; where the server has that. */
  readonly batch?: (actions: readonly Action[]) => Promise<Picture>;
  /** The elements of the window in front; where the server has that. */
  readonly tree?: () => Promise<number>;
  memory(): Promise<number>;
  close(): Promise<void>;
}

export type Action = { readonly click: Point } | { readonly type: string };

export interface Point {
  readonly x: number;
  readonly y: number;
}

const SCREEN_WIDTH = 1920;

const Ours = z.object({ width: z.number() });
const Theirs = z.object({ image_width: z.number() });

/** Coordinates are pixels of the picture in both. */
const scaled = ({ x, y }: Point, width: number): readonly number[] =>
  [x, y].map((value) => Math.round((value * width) / SCREEN_WIDTH));

async function pictureOf(
  server: McpServer,
  tool: string,
  args: Readonly<Record<string, unknown>>,
): Promise<Picture> {
  const { ms, result } = await server.call(tool, args);
  return { ms, kB: pictureSize(result) };
}

/** Our server, with grants for the applications on the desktop. */
export async function startOurs(desktop: Desktop): Promise<DesktopServer> {
  const folder = new URL('.', import.meta.resolve('@deskhand/computer-use-mcp/package.json'));
  const server = await startMcpServer(desktop, fileURLToPath(new URL('dist/cli.js', folder)));
  await server.call('request_access', { apps: APPS, reason: 'to measure' });
  const { result } = await server.call('screenshot', {});
  const { width } = Ours.parse(result.structuredContent);
  return {
    ...server,
    click: async (at) => (await server.call('left_click', { coordinate: scaled(at, width) })).ms,
    type: async (text) => (await server.call('type', { text })).ms,
    screenshot: () => pictureOf(server, 'screenshot', {}),
    batch: (actions) =>
      pictureOf(server, 'computer_batch', {
        actions: actions.map((action) =>
          'click' in action
            ? { action: 'left_click', coordinate: scaled(action.click, width) }
            : { action: 'type', text: action.type },
        ),
      }),
    tree: async () => {
      const { ms, result } = await server.call('get_ui_tree', {});
      if (!textOf(result).includes('"File"')) throw new Error('the tree lacks the menu');
      return ms;
    },
  };
}

/** `computer-use-mcp` of npm, which has one tool and asks nobody. */
export async function startTheirs(desktop: Desktop, cli: string): Promise<DesktopServer> {
  const server = await startMcpServer(desktop, cli);
  const { result } = await server.call('computer', { action: 'get_screenshot' });
  const { image_width: width } = Theirs.parse(JSON.parse(textOf(result)));
  const act = (action: string, more: object) => server.call('computer', { action, ...more });
  return {
    ...server,
    click: async (at) => (await act('left_click', { coordinate: scaled(at, width) })).ms,
    type: async (text) => (await act('type', { text })).ms,
    screenshot: () => pictureOf(server, 'computer', { action: 'get_screenshot' }),
  };
}
