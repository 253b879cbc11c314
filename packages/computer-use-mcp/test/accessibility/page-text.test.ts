import { describe, expect, test } from 'vitest';
import { pageLines } from '../../src/accessibility/page-text.ts';
import { element, within } from './elements.ts';

describe('the text of a page', () => {
  test('is what the page says, without the browser around it', () => {
    const page = within('web document', [
      within('heading', [element('static', 'Offers')], 'Offers'),
      within('paragraph', [
        element('static', 'Two'),
        within('link', [element('static', 'red shoes')], 'red shoes'),
        element('static', ', cheap.'),
      ]),
      within('list', [within('list item', [element('static', '•'), element('static', 'one')])]),
      within('table row', [element('table cell', 'a'), element('table cell', 'b')]),
      element('password text', 'Code', { value: null }),
      element('entry', 'Name', { value: 'anna', text: 'anna' }),
      element('button', 'Go'),
    ]);
    const browser = within('frame', [within('tool bar', [element('button', 'Back')]), page], 'Browser');
    expect(pageLines(browser)).toEqual([
      '# Offers',
      'Two red shoes, cheap.',
      '- one',
      'a | b',
      '[password field "Code", not read]',
      'Name: anna',
      '[button Go]',
    ]);
  });

  test('runs on around the elements that are in it', () => {
    const link = element('link', 'red shoes');
    const paragraph = element('paragraph', '', { text: 'Two \ufffc, cheap.', children: [link] });
    const page = within('web document', [
      paragraph,
      element('paragraph', '', { text: 'one\ntwo \ufffc', children: [element('button', 'Go')] }),
      element('paragraph', '', { text: '\ufffc\ufffc \ufffc', children: [element('static', 'not its own')] }),
    ]);
    expect(pageLines(page)).toEqual(['Two red shoes, cheap.', 'one', 'two', '[button Go]', 'not its own']);
  });

  test('of an editor is its whole text, line by line', () => {
    const text = element('text', '', { value: 'first second', text: 'first\n\nsecond\n' });
    const editor = within('frame', [
      within('menu bar', [element('menu', 'File')]),
      element('label', 'Ready'),
      text,
    ]);
    expect(pageLines(editor)).toEqual(['Ready', 'first', 'second']);
  });

  test('goes on in the next line where one is very long', () => {
    const text = element('text', '', { value: '', text: `${'😀'.repeat(2000)}end\nnext` });
    expect(pageLines(within('frame', [text]))).toEqual(['😀'.repeat(2000), 'end', 'next']);
  });

  test('is nothing when there is nothing to read', () => {
    expect(pageLines(within('frame', [element('panel'), element('image')]))).toEqual([]);
  });
});
