/** Names of `AtspiRole`, by number (at-spi2-core, atspi-constants.h). */
const NAMES: readonly string[] = [
  ...['invalid', 'accelerator label', 'alert', 'animation', 'arrow', 'calendar', 'canvas', 'check box'],
  ...['check menu item', 'color chooser', 'column header', 'combo box', 'date editor', 'desktop icon'],
  ...['desktop frame', 'dial', 'dialog', 'directory pane', 'drawing area', 'file chooser', 'filler'],
  ...['focus traversable', 'font chooser', 'frame', 'glass pane', 'html container', 'icon', 'image'],
  ...['internal frame', 'label', 'layered pane', 'list', 'list item', 'menu', 'menu bar', 'menu item'],
  ...['option pane', 'page tab', 'page tab list', 'panel', 'password text', 'popup menu', 'progress bar'],
  ...['button', 'radio button', 'radio menu item', 'root pane', 'row header', 'scroll bar', 'scroll pane'],
  ...['separator', 'slider', 'spin button', 'split pane', 'status bar', 'table', 'table cell'],
  ...['table column header', 'table row header', 'tearoff menu item', 'terminal', 'text', 'toggle button'],
  ...['tool bar', 'tool tip', 'tree', 'tree table', 'unknown', 'viewport', 'window', 'extended', 'header'],
  ...['footer', 'paragraph', 'ruler', 'application', 'autocomplete', 'editbar', 'embedded', 'entry', 'chart'],
  ...['caption', 'document', 'heading', 'page', 'section', 'redundant object', 'form', 'link'],
  ...['input method window', 'table row', 'tree item', 'spreadsheet', 'presentation', 'text document'],
  ...['web document', 'email', 'comment', 'list box', 'grouping', 'image map', 'notification', 'info bar'],
  ...['level bar', 'title bar', 'block quote', 'audio', 'video', 'definition', 'article', 'landmark', 'log'],
  ...['marquee', 'math', 'rating', 'timer', 'static', 'fraction', 'root', 'subscript', 'superscript'],
  ...['description list', 'description term', 'description value', 'footnote', 'deletion', 'insertion'],
  ...['mark', 'suggestion', 'menu button', 'switch'],
];

export const roleName = (role: number): string => NAMES[role] ?? 'unknown';

/** What is inside these can lie outside their window. */
export const POPUP_ROLES: ReadonlySet<string> = new Set([
  'combo box',
  'menu',
  'popup menu',
  'tool tip',
  'window',
]);

/** Top levels that no window manager knows. */
export const UNMANAGED_ROLES: ReadonlySet<string> = new Set(['menu', 'popup menu', 'tool tip', 'window']);

/** Their text is what they hold. */
export const FIELD_ROLES: ReadonlySet<string> = new Set([
  ...['autocomplete', 'combo box', 'date editor', 'editbar', 'entry', 'spin button', 'text'],
]);

/** They stand at a number. */
export const RANGE_ROLES: ReadonlySet<string> = new Set([
  ...['dial', 'level bar', 'progress bar', 'rating', 'slider', 'spin button'],
]);

/** Reading the whole of them means reading on where they are scrolled away. */
export const DOCUMENT_ROLES: ReadonlySet<string> = new Set([
  ...['document', 'email', 'presentation', 'text document', 'web document'],
]);

/** What is outside of these is scrolled away. */
export const CLIPPING_ROLES: ReadonlySet<string> = new Set([
  ...['dialog', 'document', 'frame', 'internal frame', 'scroll pane', 'viewport', 'web document'],
]);
