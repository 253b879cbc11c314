import type { AppIdentity } from '@deskhand/tier-policy';
import { describe, expect, test } from 'vitest';
import { ElementTable } from '../../src/accessibility/element-table.ts';
import { treeText } from '../../src/accessibility/tree-text.ts';
import type { Element } from '../../src/accessibility/accessibility.ts';
import { element, within } from './elements.ts';

const app: AppIdentity = {
  platform: 'linux',
  executable: '/usr/bin/editor',
  argv: [],
  pid: 7,
  startTime: '70',
  ownerUid: 1000,
};
const display = { name: 'screen', x: 0, y: 0, width: 2000, height: 1000, scale: 1 };
const frame = { id: 'f1', display, image: { width: 1000, height: 500 } };

const linesOf = (root: Element, maxBytes = 10_000) =>
  treeText(
    { element: root, within: [] },
    { frame, window: { id: 100, app }, table: new ElementTable(), maxBytes },
  );

describe('a tree as text', () => {
  test('has a line for what says something, in pixels of the picture, and none for what only holds others', () => {
    const root = within(
      'frame',
      [
        within('filler', [
          within('panel', [element('button', 'OK', { states: new Set(['showing', 'focused']) })]),
          element('separator'),
          element('entry', 'Name', { value: 'anna', rect: { x: 100, y: 200, width: 50, height: 20 } }),
          element('check box', 'Loud', { states: new Set(['checked', 'disabled']), rect: null }),
          element('label', 'far', { rect: { x: 1990, y: 20, width: 40, height: 40 } }),
          element('label', 'away', { rect: { x: 3000, y: 20, width: 40, height: 40 } }),
        ]),
      ],
      'Editor "1"',
    );
    expect(linesOf(root).lines).toEqual([
      'e1 frame "Editor \\"1\\"" 5,10 15x20',
      '  e2 button "OK" 5,10 15x20 focused',
      '  e3 entry "Name" = "anna" 50,100 25x10',
      '  e4 check box "Loud" checked disabled',
      '  e5 label "far" 995,10 5x20',
      '  e6 label "away" off screen',
    ]);
  });

  test('says a name once where a child only repeats it', () => {
    const link = within('link', [element('static', 'more'), element('image', 'more')], 'more');
    expect(linesOf(link).lines).toEqual(['e1 link "more" 5,10 15x20', '  e2 image "more" 5,10 15x20']);
  });

  test('says how many were not read', () => {
    const list = element('list', 'rows', { omitted: 12 });
    expect(linesOf(list).lines).toEqual(['e1 list "rows" 5,10 15x20', '  (12 more were not read)']);
  });

  test('ends with a whole line when it is too long', () => {
    const list = within('list', [element('button', 'a'), element('button', 'b')], 'rows');
    expect(linesOf(list, 60)).toEqual({
      lines: ['e1 list "rows" 5,10 15x20', '  e2 button "a" 5,10 15x20'],
      shown: 2,
      isCut: true,
    });
  });
});
