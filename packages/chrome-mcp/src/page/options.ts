import { squeezed } from './dom.ts';
import type { Item } from './item.ts';

const SHOWN = 12;

/** The options of a select; of many, the first and the chosen ones. */
export function optionItems(element: Element, shown: number = SHOWN): readonly Item[] {
  if (!(element instanceof HTMLSelectElement)) return [];
  const options = [...element.options];
  const kept = options.filter((option, at) => at < shown || option.selected);
  const items = kept.map((option) => optionItem(option));
  const count = options.length - kept.length;
  if (count === 0) return items;
  const folded = { count, refs: null, within: null };
  return [...items, { role: 'more', name: '', ref: null, states: [], children: [], folded }];
}

function optionItem(option: HTMLOptionElement): Item {
  const { label, text } = option;
  const isOff =
    option.disabled || (option.parentElement instanceof HTMLOptGroupElement && option.parentElement.disabled);
  const states = [...(option.selected ? ['selected'] : []), ...(isOff ? ['disabled'] : [])];
  return {
    role: 'option',
    name: squeezed(label === '' ? text : label).trim(),
    ref: null,
    states,
    children: [],
  };
}
