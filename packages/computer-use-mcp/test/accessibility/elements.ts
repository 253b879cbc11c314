import type { Element } from '../../src/accessibility/accessibility.ts';

let last = 0;

/** An element as a program would tell it; a path of its own unless told. */
export const element = (role: string, name = '', more: Partial<Element> = {}): Element => ({
  address: { connection: ':1.7', path: `/test/${(last += 1)}` },
  role,
  name,
  value: null,
  states: new Set(['showing']),
  rect: { x: 10, y: 20, width: 30, height: 40 },
  isPopup: false,
  text: null,
  children: [],
  omitted: 0,
  ...more,
});

export const within = (role: string, children: readonly Element[], name = ''): Element =>
  element(role, name, { children });
