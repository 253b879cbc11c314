import type { Tier } from './tier.ts';

/**
 * Who is judged: nobody; the whole screen (redacted per window); one named application;
 * frontmost and the owner under the pointer; frontmost and the owner of the keyboard focus.
 */
export type Judged = 'nobody' | 'screen' | 'target' | 'pointer' | 'keyboard';

export interface ToolNeed {
  readonly tier: Tier;
  readonly judged: Judged;
  /** Also needs this flag on the grant. */
  readonly flag?: 'clipboardRead' | 'clipboardWrite';
}

/** What each desktop tool needs. A tool without a row cannot be registered. */
export const TOOL_NEEDS = {
  request_access: { tier: 'none', judged: 'nobody' },
  list_granted_applications: { tier: 'none', judged: 'nobody' },
  get_frontmost: { tier: 'none', judged: 'nobody' },
  cursor_position: { tier: 'none', judged: 'nobody' },
  wait: { tier: 'none', judged: 'nobody' },
  list_windows: { tier: 'read', judged: 'screen' },
  screenshot: { tier: 'read', judged: 'screen' },
  zoom: { tier: 'read', judged: 'screen' },
  wait_for_change: { tier: 'read', judged: 'screen' },
  switch_display: { tier: 'read', judged: 'screen' },
  open_application: { tier: 'read', judged: 'target' },
  focus_window: { tier: 'read', judged: 'target' },
  read_page: { tier: 'read', judged: 'target' },
  get_ui_tree: { tier: 'read', judged: 'target' },
  find_element: { tier: 'read', judged: 'target' },
  left_click: { tier: 'click', judged: 'pointer' },
  double_click: { tier: 'click', judged: 'pointer' },
  triple_click: { tier: 'click', judged: 'pointer' },
  mouse_move: { tier: 'click', judged: 'pointer' },
  scroll: { tier: 'click', judged: 'pointer' },
  click_element: { tier: 'click', judged: 'pointer' },
  right_click: { tier: 'full', judged: 'pointer' },
  middle_click: { tier: 'full', judged: 'pointer' },
  left_click_drag: { tier: 'full', judged: 'pointer' },
  left_mouse_down: { tier: 'full', judged: 'pointer' },
  left_mouse_up: { tier: 'full', judged: 'pointer' },
  type: { tier: 'full', judged: 'keyboard' },
  key: { tier: 'full', judged: 'keyboard' },
  hold_key: { tier: 'full', judged: 'keyboard' },
  set_value: { tier: 'full', judged: 'keyboard' },
  read_clipboard: { tier: 'full', judged: 'keyboard', flag: 'clipboardRead' },
  write_clipboard: { tier: 'full', judged: 'keyboard', flag: 'clipboardWrite' },
  computer_batch: { tier: 'none', judged: 'nobody' },
} as const satisfies Record<string, ToolNeed>;

export type ToolName = keyof typeof TOOL_NEEDS;

/** True when the name is that of a desktop tool. */
export const isToolName = (name: string): name is ToolName => Object.hasOwn(TOOL_NEEDS, name);

export const TOOL_NAMES: readonly ToolName[] = Object.keys(TOOL_NEEDS).filter(isToolName);
