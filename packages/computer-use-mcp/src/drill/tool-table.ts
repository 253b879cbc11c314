/** What an application is to an agent; the first three are granted. */
export const KINDS = ['read', 'click', 'full', 'ungranted', 'denied', 'none'] as const;
export type Kind = (typeof KINDS)[number];

/** Where the application of a column stands: in front, or as the one that the action would reach. */
export const STANDS = ['frontmost', 'recipient'] as const;
export type Stand = (typeof STANDS)[number];

/** What an action on the partner and one application comes to: done, or refused with this code. */
export type Cell = 'ok' | 'tier_too_low' | 'not_granted' | 'denied_by_person' | 'protected_app';

type Cells = Readonly<Record<Kind, Cell>>;

const cells = (...[read, click, full, ungranted, denied, none]: readonly Cell[]): Cells => ({
  read: read ?? 'ok',
  click: click ?? 'ok',
  full: full ?? 'ok',
  ungranted: ungranted ?? 'ok',
  denied: denied ?? 'ok',
  none: none ?? 'ok',
});

// prettier-ignore
const PATTERNS = {
  //            read            click           full  ungranted      denied              none
  anything: cells('ok',           'ok',           'ok', 'ok',          'ok',               'ok'),
  read:     cells('ok',           'ok',           'ok', 'not_granted', 'denied_by_person', 'protected_app'),
  click:    cells('tier_too_low', 'ok',           'ok', 'not_granted', 'denied_by_person', 'protected_app'),
  full:     cells('tier_too_low', 'tier_too_low', 'ok', 'not_granted', 'denied_by_person', 'protected_app'),
  // asking: the person, who says no to everything, is asked about the unknown application alone
  asking:   cells('ok',           'ok',           'ok', 'denied_by_person', 'denied_by_person', 'protected_app'),
} as const;

/** One tool, or a use of it that needs more than the tool alone. */
export interface ToolRow {
  readonly tool: string;
  readonly use: string;
  readonly frontmost: Cells;
  readonly recipient: Cells;
}

const row = (
  tool: string,
  frontmost: keyof typeof PATTERNS,
  recipient: keyof typeof PATTERNS,
  use = tool,
): ToolRow => ({ tool, use, frontmost: PATTERNS[frontmost], recipient: PATTERNS[recipient] });

/** Written by hand from the table of tiers in the documentation, and not from any code. */
export const TOOL_TABLE: readonly ToolRow[] = [
  row('request_access', 'anything', 'asking'),
  row('list_granted_applications', 'anything', 'anything'),
  row('wait', 'anything', 'anything'),
  row('wait_for_change', 'anything', 'anything'),
  row('cursor_position', 'anything', 'anything'),
  row('get_frontmost', 'anything', 'anything'),
  row('screenshot', 'anything', 'anything'),
  row('zoom', 'anything', 'anything'),
  row('switch_display', 'anything', 'anything'),
  row('list_windows', 'anything', 'anything'),
  row('open_application', 'anything', 'read'),
  row('focus_window', 'anything', 'read'),
  row('left_click', 'click', 'click'),
  row('double_click', 'click', 'click'),
  row('triple_click', 'click', 'click'),
  row('mouse_move', 'click', 'click'),
  row('scroll', 'click', 'click'),
  row('computer_batch', 'click', 'click'),
  row('right_click', 'full', 'full'),
  row('middle_click', 'full', 'full'),
  row('left_click', 'full', 'full', 'left_click with ctrl'),
  row('scroll', 'full', 'full', 'scroll with ctrl'),
  row('left_click_drag', 'full', 'full'),
  row('left_click_drag', 'full', 'full', 'left_click_drag with ctrl'),
  row('left_mouse_down', 'full', 'full'),
  row('left_mouse_up', 'full', 'full'),
  row('type', 'full', 'full'),
  row('key', 'full', 'full'),
  row('write_clipboard', 'full', 'full'),
  // after it, because a person's clipboard may hold what nobody granted
  row('read_clipboard', 'full', 'full'),
  row('hold_key', 'full', 'full'),
];

/** Whose windows a picture or a list may show. */
export const SHOWN: Readonly<Record<Kind, boolean>> = {
  read: true,
  click: true,
  full: true,
  ungranted: false,
  denied: false,
  none: false,
};

export const CELLS = TOOL_TABLE.length * STANDS.length * KINDS.length;
