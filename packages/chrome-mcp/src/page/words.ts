import type { AwaitTextRequest, Party } from './action-api.ts';
import type { Nodes } from './nodes.ts';
import { partyOf } from './party.ts';
import { hiddenBy } from './state.ts';

/** Changes come in bursts; the page is not searched more often. */
const SEARCH_MS = 50;
const LABELS = ['aria-label', 'alt', 'placeholder', 'title'];
const UNSEEN = ['script', 'style', 'template', 'noscript'];

const normal = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().toLowerCase();

/** The innermost element that shows a text, upper and lower case alike; in shadow roots too. */
export function elementWith(text: string, nodes: Nodes): Element | null {
  const wanted = normal(text);
  for (const root of rootsBelow(document, nodes)) {
    const found = within(root, wanted) ?? labelled(root, wanted);
    if (found !== null) return found;
  }
  return null;
}

function* rootsBelow(root: Document | ShadowRoot, nodes: Nodes): Generator<Document | ShadowRoot> {
  yield root;
  for (const element of root.querySelectorAll('*')) {
    const shadow = nodes.shadowOf(element);
    if (shadow !== null) yield* rootsBelow(shadow, nodes);
  }
}

function within(parent: ParentNode, text: string): Element | null {
  for (const child of parent.children) {
    if (UNSEEN.includes(child.localName) || !normal(child.textContent).includes(text)) continue;
    const inner = within(child, text);
    if (inner !== null) return inner;
    if (shows(child, text)) return child;
  }
  return null;
}

/** What scripts and hidden parts say does not count. */
const shows = (element: Element, text: string): boolean =>
  hiddenBy(element) === null &&
  (!(element instanceof HTMLElement) || normal(element.innerText).includes(text));

function labelled(root: ParentNode, text: string): Element | null {
  for (const element of root.querySelectorAll(LABELS.map((name) => `[${name}]`).join())) {
    const shows = LABELS.some((name) => normal(element.getAttribute(name) ?? '').includes(text));
    if (shows && hiddenBy(element) === null) return element;
  }
  return null;
}

/** Waits until a text is there, or gone. */
export function awaitText(
  { text, gone, capMs }: AwaitTextRequest,
  nodes: Nodes,
): Promise<Party | 'gone' | null> {
  return new Promise((resolve) => {
    let next: ReturnType<typeof setTimeout> | null = null;
    const observer = new MutationObserver(() => (next ??= setTimeout(search, SEARCH_MS)));
    const cap = setTimeout(() => end(null), capMs);
    // what shows by a change of style alone is no mutation of this document
    const beat = setInterval(search, 10 * SEARCH_MS);
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    search();
    function search(): void {
      next = null;
      const found = elementWith(text, nodes);
      if (gone && found === null) end('gone');
      if (!gone && found !== null) end(partyOf(found, nodes));
    }
    function end(outcome: Party | 'gone' | null): void {
      clearTimeout(cap);
      clearInterval(beat);
      if (next !== null) clearTimeout(next);
      observer.disconnect();
      resolve(outcome);
    }
  });
}
