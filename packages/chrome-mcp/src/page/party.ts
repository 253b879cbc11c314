import type { Party } from './action-api.ts';
import { squeezed, textContent } from './dom.ts';
import type { Nodes } from './nodes.ts';

const NAME_LENGTH = 80;

/** How an answer names an element. */
export function partyOf(element: Element, nodes: Nodes): Party {
  const { role, name } = nodes.describe(element);
  return {
    ref: nodes.refOf(element),
    role,
    name: shortened(name === '' ? squeezed(textContent(element) ?? '').trim() : name),
    tag: tagOf(element),
  };
}

function tagOf(element: Element): string {
  const id = element.getAttribute('id');
  const [first] = (element.getAttribute('class') ?? '').trim().split(/\s+/);
  const mark = id !== null && id !== '' ? `#${id}` : first !== undefined && first !== '' ? `.${first}` : '';
  return shortened(element.localName + mark);
}

const shortened = (text: string): string =>
  text.length > NAME_LENGTH ? `${text.slice(0, NAME_LENGTH - 1)}…` : text;
