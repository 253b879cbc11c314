import { expect, test } from 'vitest';
import { OBJECT, textAround } from '../../src/accessibility/text-around.ts';

test('each child that is kept has its mark', () => {
  expect(textAround(`one ${OBJECT} two ${OBJECT} three`, [true, true])).toBe(
    `one ${OBJECT} two ${OBJECT} three`,
  );
});

test('of one that is left out only a space stays', () => {
  expect(textAround(`one ${OBJECT} two ${OBJECT}`, [false, true])).toBe(`one   two ${OBJECT}`);
});

test('with other marks in it than the children, the words come first', () => {
  expect(textAround(`one ${OBJECT}${OBJECT} two`, [true, false])).toBe(`one ${OBJECT}  two`);
  expect(textAround(`one ${OBJECT}${OBJECT}${OBJECT} two`, [true, false])).toBe(`one     two${OBJECT}`);
});

test('without children it is as it was', () => {
  expect(textAround('one', [])).toBe('one');
});
