import type { Kind } from './tool-table.ts';

/** A sort of application, played by a window that does nothing. */
export interface Part {
  /** As the report calls it. */
  readonly name: string;
  /** What it is to an agent. */
  readonly kind: Kind;
  /** File name under which the catalogue knows such an application, or none that it knows. */
  readonly executable: string;
  /** The person said yes, no, or was never asked. */
  readonly granted: 'yes' | 'no' | 'never';
  /** Its process says that it is a dialog of ours. */
  readonly isOwnDialog?: true;
  /** Its window is like those that prompts keep unseen: an open prompt would stop every action. */
  readonly isNarrow?: true;
}

const part = (
  name: string,
  kind: Kind,
  executable: string,
  more: Partial<Pick<Part, 'granted' | 'isOwnDialog' | 'isNarrow'>> = {},
): Part => ({ name, kind, executable, granted: 'yes', ...more });

/** The one that every other is paired with: in front when the other is aimed at, and aimed at when that is in front. */
export const PARTNER = part('partner', 'full', 'partner');

/** Those on whom every tool is tried. Approvals of what is protected are there on purpose: they must not count. */
export const MAIN_PARTS: readonly Part[] = [
  part('browser', 'read', 'firefox-esr'),
  part('terminal', 'click', 'xterm'),
  part('IDE', 'click', 'codium'),
  part('editor', 'full', 'myeditor'),
  part('ungranted', 'ungranted', 'stranger', { granted: 'never' }),
  part('denied', 'denied', 'unwanted', { granted: 'no' }),
  part('passwords', 'none', 'keepassxc'),
  part('lock screen', 'none', 'i3lock'),
];

/** The other classes, on whom a click and a key are tried: what a tool may do depends on the tier alone. */
export const FURTHER_PARTS: readonly Part[] = [
  part('trading', 'read', 'electrum'),
  part('input tool', 'read', 'onboard'),
  part('remote', 'click', 'remmina'),
  part('launcher', 'click', 'rofi'),
  part('panel', 'click', 'xfce4-panel'),
  part('files', 'full', 'thunar'),
  part('settings', 'full', 'gnome-control-center'),
  part('prompt', 'none', 'lxpolkit', { isNarrow: true }),
  part('agent', 'none', 'claude'),
  part('own dialog', 'none', 'zenity', { isOwnDialog: true }),
];

/** Uses of tools that are tried on {@link FURTHER_PARTS} too. */
export const TELLING_USES: readonly string[] = ['left_click', 'type'];

export const ALL_PARTS: readonly Part[] = [PARTNER, ...MAIN_PARTS, ...FURTHER_PARTS];
