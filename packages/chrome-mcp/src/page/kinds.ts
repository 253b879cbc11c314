import { attribute, hasAttribute, tagOf } from './dom.ts';
import type { Item } from './item.ts';

const words = (...lists: readonly string[]): ReadonlySet<string> => new Set(lists.join(' ').split(' '));

/** Can be acted on: always a line, always a ref. */
const CONTROLS = words(
  'button checkbox combobox link listbox menuitem menuitemcheckbox menuitemradio option radio scrollbar searchbox',
  'slider spinbutton switch tab textbox treeitem',
);
/** Parts of a page that one may want alone: a line and a ref. */
const PARTS = words(
  'alertdialog banner complementary contentinfo dialog form grid main menu menubar navigation region search table',
  'tablist tree treegrid',
);
/** Said in a line when there is something in them. */
const SAID = words(
  'alert application article blockquote cell columnheader feed figure gridcell heading img list listitem log',
  'marquee meter note progressbar radiogroup row rowheader status tabpanel timer toolbar tooltip',
);
const CELLS = words('cell columnheader gridcell rowheader');
/** Nothing of them is painted as words of the page. */
const UNREAD = words(
  'script style template noscript head title meta link base datalist param source track col colgroup',
);

export type Kind = 'control' | 'part' | 'said' | 'plain';

export const isUnread = (tag: string): boolean => UNREAD.has(tag);
export const isCell = (role: string): boolean => CELLS.has(role);

export function kindOf(role: string, isNamed: boolean): Kind {
  if (CONTROLS.has(role)) return 'control';
  if (role === 'form') return isNamed ? 'part' : 'plain';
  if (PARTS.has(role)) return 'part';
  if (role === 'group') return isNamed ? 'said' : 'plain';
  return SAID.has(role) ? 'said' : 'plain';
}

/** Where somebody types that is no field of a form. */
export function isEditingHost(element: Element): boolean {
  const written = attribute(element, 'contenteditable');
  return written !== null && written !== 'false';
}

export const seemsClickable = (element: Element): boolean =>
  hasAttribute(element, 'onclick') || Number(attribute(element, 'tabindex') ?? -1) >= 0;

export const isField = (element: Element): boolean =>
  /^(?:input|textarea|select|progress|meter)$/u.test(tagOf(element));

/** Whether a line says anything without what is in it. */
export const saysNothing = (item: Item): boolean =>
  item.name === '' && item.children.length === 0 && item.ref === null && (item.value ?? '') === '';
