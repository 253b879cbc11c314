import { expect, test } from 'vitest';
import { elementAt, findElements } from '../../src/accessibility/element-search.ts';
import { element, within } from './elements.ts';

const save = element('button', 'Save');
const saveAs = element('menu item', 'Save As…');
const unsaved = element('label', 'Not saved yet');
const city = element('entry', 'City', { value: 'São Paulo' });
const link = within('link', [element('static', 'More')], 'More');
const root = within('frame', [within('panel', [unsaved, saveAs, save]), city, link], 'Editor');

const found = (query: string) =>
  findElements({ element: root, within: [] }, query).map(({ element: { role, name } }) => `${role} ${name}`);

test.each([
  ['save', ['button Save', 'menu item Save As…', 'label Not saved yet']],
  ['  SAVE button ', ['button Save']],
  ['são', ['entry City']],
  ['city entry', ['entry City']],
  ['more', ['link More']],
  ['nothing like it', []],
])('%j finds %j', (query, names) => {
  expect(found(query)).toEqual(names);
});

test('what was found knows what it is in', () => {
  const [first] = findElements({ element: root, within: [] }, 'save');
  const panel = root.children[0];
  expect(first?.within).toEqual([root.address, panel?.address]);
  expect(elementAt({ element: root, within: [] }, save.address.path)).toEqual(first);
  expect(elementAt({ element: root, within: [] }, '/nowhere')).toBeNull();
});
