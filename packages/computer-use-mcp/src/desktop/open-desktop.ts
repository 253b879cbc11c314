import type { Backend } from './choose.ts';
import type { Desktop } from './desktop.ts';
import { UnprovenDesktop } from './unproven-desktop.ts';
import type { VirtualInput } from './wayland/virtual-input.ts';
import { X11Desktop } from './x11/x11-desktop.ts';

export interface DesktopOptions {
  /** Tells our own dialogs by process id: no tool may touch or show them. */
  readonly isOwnDialog: (pid: number) => boolean;
  /** X keysym name of the key with which a person stops everything; `null` for none. */
  readonly abortKey: string | null;
  /** Environment of the commands that some desktops need. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Makes a desktop that connects at its first use. */
export type MakeDesktop = (options: DesktopOptions) => Desktop;

/** The adapter of a backend. All but that of X11 are loaded only when they are chosen. */
export async function loadBackend(backend: Backend): Promise<MakeDesktop> {
  switch (backend.kind) {
    case 'x11':
      return ({ isOwnDialog, abortKey }) =>
        new X11Desktop({ display: backend.display, isOwnDialog, abortKey });
    case 'sway': {
      const [{ WaylandDesktop }, { SwayCompositor }] = await Promise.all([
        import('./wayland/wayland-desktop.ts'),
        import('./wayland/sway/sway-compositor.ts'),
      ]);
      const { socket, waylandDisplay } = backend;
      const connect = () => SwayCompositor.open(socket);
      const sway = { name: 'sway', connect, proof: 'swaymsg -t get_version', waylandDisplay };
      return (options) => new WaylandDesktop({ ...sway, ...options });
    }
    case 'hyprland': {
      const [{ WaylandDesktop }, { HyprlandCompositor }] = await Promise.all([
        import('./wayland/wayland-desktop.ts'),
        import('./wayland/hyprland/hyprland-compositor.ts'),
      ]);
      const { folder, waylandDisplay } = backend;
      const sockets = { questions: `${folder}/.socket.sock`, events: `${folder}/.socket2.sock` };
      const connect = (input: VirtualInput) => HyprlandCompositor.open(sockets, input);
      const hyprland = { name: 'Hyprland', connect, proof: 'hyprctl version', waylandDisplay };
      return (options) => new WaylandDesktop({ ...hyprland, ...options });
    }
    case 'kwin': {
      const { KwinDesktop } = await import('./wayland/kwin/kwin-desktop.ts');
      return (options) => new KwinDesktop(options);
    }
    case 'nut': {
      const [{ NutDesktop }, { loadLibraries: load }, { executablesOf }] = await Promise.all([
        import('./nut/nut-desktop.ts'),
        import('./nut/libraries.ts'),
        import('./nut/macos-processes.ts'),
      ]);
      return (options) => new NutDesktop({ ...backend, ...options, load, executablesOf });
    }
    case 'none':
      return () => new UnprovenDesktop(backend);
  }
}
