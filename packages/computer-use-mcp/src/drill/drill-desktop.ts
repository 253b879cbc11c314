import { CliError } from '@deskhand/server-runtime';
import { isAbsolute, join } from 'node:path';
import { XConnection } from '../desktop/x11/connection.ts';
import { SwayCompositor } from '../desktop/wayland/sway/sway-compositor.ts';
import type { Ensemble } from './ensemble.ts';
import type { Stage } from './stage.ts';
import { openSwayStage } from './sway/sway-stage.ts';
import { openX11Stage } from './x11/x11-stage.ts';

/** A desktop on which the drill can be run. */
export interface DrillDesktop {
  readonly kind: 'x11' | 'sway';
  /** As reports name it. */
  readonly name: string;
  /** What one cell takes, for telling a person how long it will be. */
  readonly cellMs: number;
  /** Options and environment with which a server uses it. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** @throws CliError when it cannot be reached */
  countWindows(): Promise<number>;
  openStage(ensemble: Ensemble): Promise<Stage>;
}

const unreachable = (what: string, hint: string, cause: unknown): CliError => {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CliError(`${what}: ${why}`, { hint, cause });
};

export const x11At = (display: string): DrillDesktop => ({
  kind: 'x11',
  name: display,
  cellMs: 150,
  args: ['--backend', 'x11', '--display', display],
  env: { DISPLAY: display },
  async countWindows() {
    const x = await XConnection.open(display).catch((cause: unknown) => {
      throw unreachable(`no X server answers at ${display}`, 'Run: computer-use-mcp drill --private', cause);
    });
    const windows = await x.longs(x.root, '_NET_CLIENT_LIST');
    x.destroy('looked');
    return windows.length;
  },
  openStage: (ensemble) => openX11Stage({ ...ensemble, display }),
});

interface Sway {
  readonly socket: string;
  /** WAYLAND_DISPLAY. */
  readonly waylandDisplay: string;
}

export function swayAt(
  { socket, waylandDisplay }: Sway,
  env: Readonly<Record<string, string | undefined>>,
): DrillDesktop {
  const display = isAbsolute(waylandDisplay)
    ? waylandDisplay
    : join(env['XDG_RUNTIME_DIR'] ?? '', waylandDisplay);
  return {
    kind: 'sway',
    name: 'sway',
    cellMs: 700,
    args: ['--backend', 'sway'],
    env: { SWAYSOCK: socket, WAYLAND_DISPLAY: display },
    async countWindows() {
      const session = await SwayCompositor.open(socket).catch((cause: unknown) => {
        const hint = 'Run: computer-use-mcp drill --private --backend sway';
        throw unreachable(`no sway answers at ${socket}`, hint, cause);
      });
      const { windows } = await session.layout();
      session.close();
      return windows.length;
    },
    openStage: (ensemble) => openSwayStage({ ...ensemble, socket, display }),
  };
}
