import type { Action, Field, Sighting } from '@deskhand/tests/browser/driver';
import type { Call, Tongue } from '@deskhand/tests/browser/mcp-driver';

type Args = Readonly<Record<string, unknown>>;

const call = (tool: string, args: Args = {}): readonly Call[] => [{ tool, args }];
const list = (value: Field['value']): readonly string[] =>
  typeof value === 'object' ? value : [String(value)];

/** The page that the server opens by itself; further ones get further numbers. */
const FIRST_PAGE = 1;
const ofPage = (tool: string, args: Args = {}): readonly Call[] =>
  call(tool, { pageId: FIRST_PAGE, ...args });

const valueOf = ({ value }: Field): string => list(value).join(',');

/** chrome-devtools-mcp with its tools of default. */
const devtoolsCalls = (action: Action): readonly Call[] | null => {
  switch (action.do) {
    case 'navigate':
      return ofPage('navigate_page', { type: 'url', url: action.url });
    case 'back':
    case 'reload':
      return ofPage('navigate_page', { type: action.do });
    case 'snapshot':
      return ofPage('take_snapshot');
    case 'screenshot':
      return ofPage('take_screenshot');
    case 'tabs':
      return call('list_pages');
    case 'click':
      if (action.button !== undefined || action.modifiers !== undefined) return null;
      return ofPage('click', { uid: action.ref, ...(action.count === 2 && { dblClick: true }) });
    case 'hover':
      return ofPage('hover', { uid: action.ref });
    case 'drag':
      return ofPage('drag', { from_uid: action.from, to_uid: action.to });
    case 'fill': {
      const [only, ...others] = action.fields;
      if (only !== undefined && others.length === 0) {
        return ofPage('fill', { uid: only.ref, value: valueOf(only) });
      }
      return ofPage('fill_form', {
        elements: action.fields.map((field) => ({ uid: field.ref, value: valueOf(field) })),
      });
    }
    case 'press': {
      const focus = action.ref === undefined ? [] : ofPage('click', { uid: action.ref });
      const keys = action.key.split(' ').flatMap((key) => ofPage('press_key', { key }));
      return [...focus, ...keys];
    }
    case 'wait':
      return ofPage('wait_for', { text: [action.text] });
    case 'evaluate':
      return ofPage('evaluate_script', {
        function: `() => (${action.script})`,
        ...(action.tab !== undefined && { pageId: action.tab }),
      });
    case 'newTab':
      return call('new_page', { url: action.url });
    case 'dialog':
      return ofPage('handle_dialog', {
        action: action.accept ? 'accept' : 'dismiss',
        ...(action.text !== undefined && { promptText: action.text }),
      });
    case 'clickAt':
    case 'dragBy':
    case 'scrollTo':
    case 'scrollBy':
    case 'scrollUntil':
    case 'waitGone':
      return null;
  }
};

/** What `browser_fill_form` calls the kind of a field. */
function kindOf({ role }: Field): string {
  if (role === 'checkbox' || role === 'switch') return 'checkbox';
  return ['radio', 'combobox', 'slider'].includes(role) ? role : 'textbox';
}

function playwrightFilling(fields: readonly Field[]): readonly Call[] {
  const [only, ...others] = fields;
  if (only !== undefined && others.length === 0) {
    if (only.role === 'listbox' || (only.role === 'combobox' && typeof only.value === 'object')) {
      return call('browser_select_option', { target: only.ref, values: list(only.value) });
    }
    if (kindOf(only) === 'textbox') {
      return call('browser_type', { target: only.ref, text: valueOf(only) });
    }
  }
  return call('browser_fill_form', {
    fields: fields.map((field) => ({
      ...{ target: field.ref, name: field.name, element: field.name },
      ...{ type: kindOf(field), value: valueOf(field) },
    })),
  });
}

const inPage = ({ script }: { readonly script: string }): readonly Call[] =>
  call('browser_evaluate', { function: `() => (${script})` });

/** @playwright/mcp with its tools of default. */
const playwrightCalls = (action: Action): readonly Call[] | null => {
  switch (action.do) {
    case 'navigate':
      return call('browser_navigate', { url: action.url });
    case 'back':
      return call('browser_navigate_back');
    case 'snapshot':
      return call('browser_snapshot');
    case 'screenshot':
      return call('browser_take_screenshot', { scale: 'css' });
    case 'tabs':
      return call('browser_tabs', { action: 'list' });
    case 'click':
      return call('browser_click', {
        target: action.ref,
        ...(action.button !== undefined && { button: action.button }),
        ...(action.count === 2 && { doubleClick: true }),
        ...(action.modifiers !== undefined && { modifiers: action.modifiers }),
      });
    case 'hover':
      return call('browser_hover', { target: action.ref });
    case 'drag':
      return call('browser_drag', { startTarget: action.from, endTarget: action.to });
    case 'fill':
      return playwrightFilling(action.fields);
    case 'press': {
      const focus = action.ref === undefined ? [] : call('browser_click', { target: action.ref });
      return [...focus, ...action.key.split(' ').flatMap((key) => call('browser_press_key', { key }))];
    }
    case 'wait':
      return call('browser_wait_for', { text: action.text });
    case 'waitGone':
      return call('browser_wait_for', { textGone: action.text });
    case 'evaluate':
      // a script runs in the current tab
      if (action.tab === 1)
        return call('browser_tabs', { action: 'select', index: 0 }).concat(inPage(action));
      return inPage(action);
    case 'newTab':
      return call('browser_tabs', { action: 'new', url: action.url });
    case 'dialog':
      return call('browser_handle_dialog', {
        accept: action.accept,
        ...(action.text !== undefined && { promptText: action.text }),
      });
    case 'reload':
    case 'clickAt':
    case 'dragBy':
    case 'scrollTo':
    case 'scrollBy':
    case 'scrollUntil':
      return null;
  }
};

const sightings =
  (pattern: RegExp) =>
  (snapshot: string): readonly Sighting[] =>
    [...snapshot.matchAll(pattern)].map(({ groups }) => ({
      role: groups?.['role'] ?? '',
      name: groups?.['name'] ?? '',
      ref: groups?.['ref'] ?? '',
    }));

export const devtoolsTongue: Tongue = {
  name: 'chrome-devtools-mcp',
  callsFor: devtoolsCalls,
  sightings: sightings(/uid=(?<ref>\S+) (?<role>\w+)(?: "(?<name>(?:[^"\\]|\\.)*)")?/gu),
};

export const playwrightTongue: Tongue = {
  name: '@playwright/mcp',
  callsFor: playwrightCalls,
  sightings: sightings(
    /- '?(?<role>[a-z]+)(?: "(?<name>(?:[^"\\]|\\.)*)")?(?: \[(?!ref=)[^\]]*\])* \[ref=(?<ref>[^\]]+)\]/gu,
  ),
};
