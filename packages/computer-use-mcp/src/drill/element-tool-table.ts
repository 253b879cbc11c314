// prettier-ignore
export const ELEMENT_PATTERNS = {
  //        read            click           full  ungranted      denied
  anything: ['ok',           'ok',           'ok', 'ok',          'ok'],
  read:     ['ok',           'ok',           'ok', 'not_granted', 'denied_by_person'],
  click:    ['tier_too_low', 'ok',           'ok', 'not_granted', 'denied_by_person'],
  full:     ['tier_too_low', 'tier_too_low', 'ok', 'not_granted', 'denied_by_person'],
} as const;

export type ElementCells = keyof typeof ELEMENT_PATTERNS;

/** Written by hand from the table of tiers in the documentation, and not from any code. */
export const ELEMENT_TOOL_TABLE: readonly (readonly [
  tool: string,
  frontmost: ElementCells,
  recipient: ElementCells,
])[] = [
  ['get_ui_tree', 'anything', 'read'],
  ['find_element', 'anything', 'read'],
  ['read_page', 'anything', 'read'],
  ['click_element', 'click', 'click'],
  ['set_value', 'full', 'full'],
];
