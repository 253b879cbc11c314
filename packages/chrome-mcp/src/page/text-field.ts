import { nextTask, pause } from './clock.ts';
import type { Field, Value } from './field.ts';
import { rootOf } from './flat-tree.ts';
import { Unfilled } from './unfilled.ts';

/** The selection is told with the next frame. */
const EVENT_MS = 60;

/** A text input or a text area: what it has is replaced, as if it were typed over. */
export function textField(element: HTMLInputElement | HTMLTextAreaElement): Field {
  let wanted = '';
  return {
    element,
    isSecret: element.type === 'password',
    put: (value) => {
      wanted = textOf(value);
      if (element.readOnly) throw new Unfilled('readonly', 'it is read-only');
      focusOn(element);
      element.select();
      if (element.value !== '' || wanted !== '') type(element, wanted);
    },
    wanted: () => wanted,
    kept: (asked) => (element.value === asked.replaceAll('\r\n', '\n') ? null : element.value),
  };
}

/** An element whose content is edited. */
export function editableField(element: HTMLElement): Field {
  let wanted = '';
  return {
    element,
    isSecret: false,
    put: async (value) => {
      wanted = textOf(value);
      const host = editingHost(element);
      focusOn(host);
      const range = document.createRange();
      range.selectNodeContents(element);
      // editors with a model of their own follow the selection in an event that comes later
      const told = heard('selectionchange');
      const selection = getSelection();
      selection?.removeAllRanges();
      selection?.addRange(range);
      await told;
      type(host, wanted);
    },
    wanted: () => wanted,
    kept: (asked) => (linesOf(element.innerText) === linesOf(asked) ? null : element.innerText),
  };
}

/** An event of the document, and what the page does at it; one that does not come is not waited for long. */
async function heard(type: string): Promise<void> {
  const end = new AbortController();
  const event = new Promise<void>((resolve) => {
    document.addEventListener(type, () => resolve(), { signal: end.signal });
  });
  await Promise.race([event, pause(EVENT_MS)]);
  end.abort();
  await nextTask();
}

/** Empty lines differ from editor to editor. */
const linesOf = (text: string): string =>
  text
    .replaceAll(' ', ' ')
    .replaceAll(/\s*\n\s*/g, '\n')
    .trim();

function editingHost(element: HTMLElement): HTMLElement {
  let host = element;
  while (host.parentElement?.isContentEditable === true) host = host.parentElement;
  return host;
}

function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw new Unfilled('value', 'it takes a text');
}

/** @throws Unfilled when the page keeps the focus away from it */
export function focusOn(element: HTMLElement): void {
  element.focus();
  const root = rootOf(element);
  const holder = root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
  if (holder !== element) throw new Unfilled('unfocusable', 'it does not take the focus');
}

function type(into: HTMLElement, text: string): void {
  const inputType = text === '' ? 'deleteContentBackward' : 'insertText';
  const data = text === '' ? null : text;
  const about = { inputType, data, bubbles: true, cancelable: true, composed: true };
  // the command leaves this event out, by which some editors do everything and others refuse
  if (!into.dispatchEvent(new InputEvent('beforeinput', about))) return;
  const command = text === '' ? 'delete' : 'insertText';
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else edits with the browser's own input events
  document.execCommand(command, false, text);
}
