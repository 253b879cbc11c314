import { attribute, closest, hasAttribute, isHtml, parentNode, isElement, tagOf } from './dom.ts';

/** Roles that authors may write; others, abstract ones too, are passed over. */
const ROLES = new Set(
  [
    'alert alertdialog application article banner blockquote button caption cell checkbox code columnheader',
    'combobox complementary contentinfo definition deletion dialog directory document emphasis feed figure form',
    'generic grid gridcell group heading image img insertion link list listbox listitem log main mark marquee math',
    'menu menubar menuitem menuitemcheckbox menuitemradio meter navigation none note option paragraph presentation',
    'progressbar radio radiogroup region row rowgroup rowheader scrollbar search searchbox separator slider',
    'spinbutton status strong subscript suggestion superscript switch tab table tablist tabpanel term textbox time',
    'timer toolbar tooltip tree treegrid treeitem',
  ]
    .join(' ')
    .split(' '),
);

/** Tags that have one role wherever they stand. */
const TAGS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    address: 'group',
    article: 'article',
    audio: 'audio',
    blockquote: 'blockquote',
    button: 'button',
    canvas: 'canvas',
    caption: 'caption',
    code: 'code',
    datalist: 'listbox',
    dd: 'definition',
    del: 'deletion',
    details: 'group',
    dfn: 'term',
    dialog: 'dialog',
    dt: 'term',
    em: 'emphasis',
    fieldset: 'group',
    figure: 'figure',
    form: 'form',
    h1: 'heading',
    h2: 'heading',
    h3: 'heading',
    h4: 'heading',
    h5: 'heading',
    h6: 'heading',
    hgroup: 'group',
    hr: 'separator',
    html: 'document',
    iframe: 'iframe',
    ins: 'insertion',
    main: 'main',
    mark: 'mark',
    math: 'math',
    menu: 'list',
    meter: 'meter',
    nav: 'navigation',
    ol: 'list',
    optgroup: 'group',
    option: 'option',
    output: 'status',
    p: 'paragraph',
    progress: 'progressbar',
    s: 'deletion',
    search: 'search',
    strong: 'strong',
    sub: 'subscript',
    summary: 'button',
    sup: 'superscript',
    svg: 'img',
    table: 'table',
    tbody: 'rowgroup',
    textarea: 'textbox',
    tfoot: 'rowgroup',
    thead: 'rowgroup',
    time: 'time',
    tr: 'row',
    ul: 'list',
    video: 'video',
  }),
);

const INPUTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    button: 'button',
    checkbox: 'checkbox',
    file: 'button',
    image: 'button',
    number: 'spinbutton',
    radio: 'radio',
    range: 'slider',
    reset: 'button',
    search: 'searchbox',
    submit: 'button',
  }),
);

const GLOBAL = 'atomic busy controls current describedby description details dropeffect flowto'
  .concat(' keyshortcuts label labelledby live owns relevant roledescription')
  .split(' ')
  .map((name) => `aria-${name}`);

const SECTIONING = 'article,aside,main,nav,section,[role=article],[role=complementary],[role=main]'.concat(
  ',[role=navigation],[role=region]',
);

/**
 * The ARIA role of an element: the first valid one that its author wrote, else that of its tag by "HTML Accessibility
 * API Mappings"; `generic` for those that mean nothing, `none` for those that were said to.
 */
export function roleOf(element: Element): string {
  const written = attribute(element, 'role');
  if (written === null) return implicitRole(element);
  const role = written
    .toLowerCase()
    .split(/\s+/u)
    .find((token) => ROLES.has(token) && !isUnnamedLandmark(element, token));
  if (role === undefined) return implicitRole(element);
  if (role !== 'none' && role !== 'presentation') return role === 'image' ? 'img' : role;
  return keepsRole(element) ? implicitRole(element) : 'none';
}

/** Can take the keyboard focus, by itself or because its author said so. */
function isFocusable(element: Element): boolean {
  if (hasAttribute(element, 'tabindex')) return Number.isInteger(Number(attribute(element, 'tabindex')));
  const tag = tagOf(element);
  if (tag === 'a' || tag === 'area') return hasAttribute(element, 'href');
  if (tag === 'input' && attribute(element, 'type') === 'hidden') return false;
  return /^(?:button|input|select|textarea|iframe|summary)$/u.test(tag) && !hasAttribute(element, 'disabled');
}

export const hasName = (element: Element): boolean =>
  ['aria-label', 'aria-labelledby', 'title'].some((name) => (attribute(element, name) ?? '').trim() !== '');

const isUnnamedLandmark = (element: Element, role: string): boolean =>
  (role === 'region' || role === 'form') && !hasName(element);

const keepsRole = (element: Element): boolean =>
  isFocusable(element) || GLOBAL.some((name) => hasAttribute(element, name));

function implicitRole(element: Element): string {
  const tag = tagOf(element);
  if (!isHtml(element)) return tag === 'svg' || tag === 'math' ? (TAGS.get(tag) ?? 'generic') : 'generic';
  return contextRole(element, tag) ?? TAGS.get(tag) ?? 'generic';
}

function contextRole(element: Element, tag: string): string | null {
  switch (tag) {
    case 'a':
    case 'area':
      return hasAttribute(element, 'href') ? 'link' : 'generic';
    case 'aside':
      return isScoped(element, 'article,aside,nav,section') && !hasName(element)
        ? 'generic'
        : 'complementary';
    case 'header':
      return isScoped(element, SECTIONING) ? 'sectionheader' : 'banner';
    case 'footer':
      return isScoped(element, SECTIONING) ? 'sectionfooter' : 'contentinfo';
    case 'section':
      return hasName(element) ? 'region' : 'generic';
    case 'img':
      return isDecorative(element) ? 'none' : 'img';
    case 'input':
      return inputRole(element);
    case 'li':
      return isInList(element) ? 'listitem' : 'generic';
    case 'select':
      return isListbox(element) ? 'listbox' : 'combobox';
    case 'td':
    case 'th':
    case 'tr':
    case 'tbody':
    case 'thead':
    case 'tfoot':
      return tableRole(element, tag);
    default:
      return null;
  }
}

const isDecorative = (element: Element): boolean => attribute(element, 'alt') === '' && !keepsRole(element);

const isScoped = (element: Element, selector: string): boolean => {
  const above = parentNode(element);
  return isElement(above) && closest(above, selector) !== null;
};

function isInList(element: Element): boolean {
  const list = parentNode(element);
  return isElement(list) && roleOf(list) === 'list';
}

const isListbox = (element: Element): boolean =>
  element instanceof HTMLSelectElement && (element.multiple || element.size > 1);

function inputRole(element: Element): string {
  const type = element instanceof HTMLInputElement ? element.type : 'text';
  const canList = /^(?:text|search|email|tel|url)$/u.test(type) && hasAttribute(element, 'list');
  if (canList) return 'combobox';
  if (type === 'checkbox' && hasAttribute(element, 'switch')) return 'switch';
  return INPUTS.get(type) ?? 'textbox';
}

function tableRole(element: Element, tag: string): string {
  const table = closest(element, 'table');
  if (table === null) return 'generic';
  const role = roleOf(table);
  if (role === 'none') return 'none';
  if (role !== 'table' && role !== 'grid' && role !== 'treegrid') return 'generic';
  if (tag === 'td') return role === 'table' ? 'cell' : 'gridcell';
  return tag === 'th' ? headerRole(element) : (TAGS.get(tag) ?? 'generic');
}

function headerRole(element: Element): string {
  const scope = attribute(element, 'scope')?.toLowerCase();
  if (scope === 'row' || scope === 'rowgroup') return 'rowheader';
  if (scope === 'col' || scope === 'colgroup') return 'columnheader';
  const row = element.parentElement;
  const isFirst = element.previousElementSibling === null;
  const isHeads = row === null || row.querySelector(':scope > td') === null;
  return isFirst && !isHeads ? 'rowheader' : 'columnheader';
}
