import type { AppIdentity } from '@deskhand/tier-policy';
import { expect, test } from 'vitest';
import { ElementTable } from '../../src/accessibility/element-table.ts';
import { element } from './elements.ts';

const app: AppIdentity = {
  platform: 'linux',
  executable: '/usr/bin/editor',
  argv: [],
  pid: 7,
  startTime: '70',
  ownerUid: 1000,
};
const window = { id: 100, app };

test('the same element keeps its reference', () => {
  const table = new ElementTable();
  const save = element('button', 'Save');
  expect([table.refOf(save, window, []), table.refOf({ ...save, value: 'x' }, window, [])]).toEqual([
    'e1',
    'e1',
  ]);
});

test('what is another name, role, window or life of the process gets another reference', () => {
  const table = new ElementTable();
  const save = element('button', 'Save');
  const refs = [
    table.refOf(save, window, []),
    table.refOf({ ...save, name: 'Delete' }, window, []),
    table.refOf({ ...save, role: 'link' }, window, []),
    table.refOf(save, { ...window, id: 101 }, []),
    table.refOf(save, { ...window, app: { ...app, startTime: '71' } }, []),
    table.refOf(save, { ...window, app: { ...app, pid: 8 } }, []),
    table.refOf({ ...save, address: { ...save.address, connection: ':1.8' } }, window, []),
  ];
  expect(refs).toEqual(['e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7']);
  expect(table.get('e2')).toEqual({
    ...{
      ref: 'e2',
      window,
      address: save.address,
      role: 'button',
      name: 'Delete',
      isPopup: false,
      within: [],
    },
  });
});

test('a forgotten reference is not given again', () => {
  const table = new ElementTable();
  const first = element('button', 'first');
  table.refOf(first, window, []);
  for (let i = 0; i < 20_000; i++) table.refOf(element('button', `button ${i}`), window, []);
  expect([table.get('e1'), table.get('e2')?.name]).toEqual([null, 'button 0']);
  expect(table.refOf(first, window, [])).toBe('e20002');
});
