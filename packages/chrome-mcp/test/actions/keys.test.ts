import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const FIELD = `<input id="a" value="word"><script>
  for (const type of ['keydown', 'keyup']) a.addEventListener(type, (e) => say(type, e.key, e.code, e.keyCode, e.isTrusted))</script>`;

const pressed = async (key: string, selector?: string) => {
  const on = selector === undefined ? {} : { ref: await stage.ref(selector) };
  const { code, text } = await stage.call('press_key', { key, ...on });
  return { code, text, log: await stage.read('log') };
};

describe('keys', () => {
  test.each([
    ['Enter', 'Enter Enter 13'],
    ['ArrowDown', 'ArrowDown ArrowDown 40'],
    ['esc', 'Escape Escape 27'],
    ['F5', 'F5 F5 116'],
    ['x', 'x KeyX 88'],
    ['X', 'X KeyX 88'],
    ['!', '! Digit1 49'],
    ['+', '+ Equal 187'],
    ['Space', '  Space 32'],
    ['é', 'é  0'],
  ])('%s is told to the page as %s', async (key, told) => {
    await stage.show(FIELD);
    expect(await pressed(key, '#a')).toMatchObject({
      code: null,
      log: [`keydown ${told} true`, `keyup ${told} true`],
    });
  });

  test('characters are typed, and several keys one after another', async () => {
    await stage.show('<input id="a">');
    await pressed('H i Space é', '#a');
    expect(await stage.read('a.value')).toBe('Hi é');
  });

  test('Control+A selects all, so that the next key replaces it', async () => {
    await stage.show('<input id="a" value="word">');
    await pressed('Control+A x', '#a');
    expect(await stage.read('a.value')).toBe('x');
  });

  test('modifiers are held for their combination alone', async () => {
    await stage.show(`<input id="a"><script>a.onkeydown = (e) => say(e.key, e.ctrlKey, e.shiftKey)</script>`);
    const { log } = await pressed('Control+Shift+k y', '#a');
    expect(log).toEqual(['Control true false', 'Shift true true', 'K true true', 'y false false']);
  });

  test('Enter submits a form, Tab goes on, and a box is ticked by Space', async () => {
    await stage.show(
      `<form onsubmit="say('submit'); return false"><input id="a"><input id="b" type="checkbox"></form>`,
    );
    await pressed('Enter', '#a');
    await pressed('Tab Space');
    expect(await stage.read('[log.join(), b.checked, document.activeElement.id]')).toEqual([
      'submit',
      true,
      'b',
    ]);
  });

  test('a key that no keyboard has is refused with others like it, and nothing is pressed', async () => {
    await stage.show(FIELD);
    const { code, text, log } = await pressed('x PageDwn', '#a');
    expect({ code, log }).toEqual({ code: 'unknown_key', log: [] });
    expect(text).toContain('PageDown');
    expect(await pressed('Strg+A', '#a')).toMatchObject({ code: 'unknown_key', log: [] });
  });
});

describe('where keys go', () => {
  test('to the element with the focus', async () => {
    await stage.show(`${FIELD}<script>a.focus()</script>`);
    const { code, text, log } = await pressed('q');
    expect({ code, log }).toMatchObject({
      code: null,
      log: ['keydown q KeyQ 81 true', 'keyup q KeyQ 81 true'],
    });
    expect(text).toMatch(/^Pressed q in textbox \(e\d+\)\.$/);
  });

  test('to the page when nothing has it', async () => {
    await stage.show(`<script>addEventListener('keydown', (e) => say(e.key))</script>`);
    expect(await pressed('j')).toMatchObject({ code: null, log: ['j'] });
  });

  test('not to an element that takes no focus, is disabled or gone', async () => {
    await stage.show('<p>Text</p><input id="d" disabled>');
    expect(await pressed('x', 'p')).toMatchObject({ code: 'no_pointer_events' });
    expect(await pressed('x', '#d')).toMatchObject({ code: 'element_disabled' });
    expect(await stage.call('press_key', { key: 'x', ref: 'e9999' })).toMatchObject({ code: 'stale_ref' });
  });

  test('a page that takes the focus away is found out', async () => {
    await stage.show(`<input id="a" onfocus="b.focus()"><input id="b">`);
    expect(await pressed('x', '#a')).toMatchObject({ code: 'no_pointer_events' });
    expect(await stage.read('b.value')).toBe('');
  });

  test('into a field of a shadow root', async () => {
    await stage.show(
      `<x-box></x-box><script>document.querySelector('x-box').attachShadow({mode:'open'}).innerHTML = '<input>'</script>`,
    );
    expect(await pressed('x', 'x-box >>> input')).toMatchObject({ code: null });
    expect(await stage.read(`document.querySelector('x-box').shadowRoot.querySelector('input').value`)).toBe(
      'x',
    );
  });
});
