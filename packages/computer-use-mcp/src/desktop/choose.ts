/** What a person may name with `--backend`. */
export const BACKENDS = ['x11', 'sway', 'hyprland', 'kwin', 'nut'] as const;

export type BackendName = (typeof BACKENDS)[number];

/** How the desktop is reached, with all that reaching it needs. */
export type Backend =
  | { readonly kind: 'x11'; readonly display: string }
  | { readonly kind: 'sway'; readonly socket: string; readonly waylandDisplay: string }
  | { readonly kind: 'hyprland'; readonly folder: string; readonly waylandDisplay: string }
  /** Its windows are told, and nothing else is to be had. */
  | { readonly kind: 'kwin' }
  | { readonly kind: 'nut'; readonly platform: 'linux' | 'macos' | 'windows'; readonly display: string }
  /** Owners of windows cannot be proven there, so nothing can be allowed or shown. */
  | { readonly kind: 'none'; readonly reason: string; readonly hint: string };

export interface Surroundings {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asked for by a person; both undefined when the surroundings decide. */
  readonly backend?: BackendName | undefined;
  readonly display?: string | undefined;
}

const TO_X11 =
  'Log out, choose an X11 session (or sway, or Hyprland) on the login screen, and start the server there.';

const NUT_PLATFORMS: ReadonlyMap<string, 'linux' | 'macos' | 'windows'> = new Map([
  ['linux', 'linux'],
  ['darwin', 'macos'],
  ['win32', 'windows'],
]);

/**
 * The one place that decides how the desktop is reached. A Wayland session counts before `DISPLAY`, which there
 * names an X server for old programs that shows only a part of the screen.
 */
export function chooseBackend(around: Surroundings): Backend {
  const { platform, env, backend } = around;
  const display = around.display ?? env['DISPLAY'] ?? '';
  if (backend === 'x11') return { kind: 'x11', display };
  if (backend === 'nut') return nut(platform, display);
  if (backend === 'sway') return sway(env);
  if (backend === 'hyprland') return hyprland(env);
  if (backend === 'kwin') return { kind: 'kwin' };
  if (platform === 'darwin' || platform === 'win32') return nut(platform, display);
  const isWayland = around.display === undefined && isSet(env['WAYLAND_DISPLAY']);
  return isWayland ? wayland(env) : { kind: 'x11', display };
}

const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';

function nut(platform: string, display: string): Backend {
  const named = NUT_PLATFORMS.get(platform);
  if (named !== undefined) return { kind: 'nut', platform: named, display };
  return none(`the libraries for other desktops do not run on ${platform}`, TO_X11);
}

function sway(env: Surroundings['env']): Backend {
  const { SWAYSOCK: socket, WAYLAND_DISPLAY: waylandDisplay } = env;
  if (isSet(socket) && isSet(waylandDisplay)) return { kind: 'sway', socket, waylandDisplay };
  return none(
    'SWAYSOCK and WAYLAND_DISPLAY are not both set, so sway cannot be reached',
    'Start the server inside the sway session, or hand it both: swaymsg -t get_version must work there.',
  );
}

function hyprland(env: Surroundings['env']): Backend {
  const { HYPRLAND_INSTANCE_SIGNATURE: signature, XDG_RUNTIME_DIR: runtime } = env;
  const { WAYLAND_DISPLAY: waylandDisplay } = env;
  if (isSet(signature) && isSet(runtime) && isSet(waylandDisplay)) {
    return { kind: 'hyprland', folder: `${runtime}/hypr/${signature}`, waylandDisplay };
  }
  return none(
    'HYPRLAND_INSTANCE_SIGNATURE, XDG_RUNTIME_DIR and WAYLAND_DISPLAY are not all set, so Hyprland cannot be reached',
    'Start the server inside the Hyprland session, or hand it all three: hyprctl version must work there.',
  );
}

function wayland(env: Surroundings['env']): Backend {
  if (isSet(env['SWAYSOCK'])) return sway(env);
  if (isSet(env['HYPRLAND_INSTANCE_SIGNATURE'])) return hyprland(env);
  const desktop = env['XDG_CURRENT_DESKTOP'] ?? '';
  if (/\bKDE\b/i.test(desktop)) return { kind: 'kwin' };
  const name = desktop === '' ? 'this Wayland compositor' : `the Wayland session ${desktop}`;
  return none(
    `${name} does not tell other programs who owns a window, and its portals take input without saying which window ` +
      'gets it, so no action could be checked and no picture be redacted',
    TO_X11,
  );
}

const none = (reason: string, hint: string): Backend => ({ kind: 'none', reason, hint });
