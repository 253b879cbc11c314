import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** Clicks what a selector finds, once a script of the page ran, and tells how that went and what the page noticed. */
async function clicked(selector: string, { after = '1', ...input }: Record<string, unknown> = {}) {
  const ref = await stage.ref(selector);
  await stage.read(String(after));
  const { text, code } = await stage.call('click', { ref, ...input });
  return { text: text.replaceAll(/ \((?:f\d+)?e\d+\)/g, ''), code, log: await stage.read('log') };
}

const button = (style = '', more = ''): string =>
  `<button style="${style}" onclick="say('clicked')" ${more}>Save</button>`;
const DONE = { text: 'Clicked button "Save".', code: null, log: ['clicked'] };

test('a button is clicked by a trusted event', async () => {
  await stage.show('<button onclick="say(event.isTrusted, event.detail)">Save</button>');
  expect(await clicked('button')).toEqual({ ...DONE, log: ['true 1'] });
});

describe('what lies over an element', () => {
  const OVERLAY = '<div id="ov" style="position:fixed;inset:0" onclick="say(\'overlay\')">Cookies</div>';

  test('a full page overlay is named with its reference, and nothing is clicked', async () => {
    await stage.show(button() + OVERLAY);
    const { text, code, log } = await clicked('button');
    expect({ code, log }).toEqual({ code: 'covered_by', log: [] });
    expect(text).toContain('"<div#ov>" "Cookies"');
  });

  test('an overlay that lets the pointer through does not count', async () => {
    await stage.show(button() + OVERLAY.replace('inset:0', 'inset:0;pointer-events:none'));
    expect(await clicked('button')).toEqual(DONE);
  });

  test('an overlay that goes away at once is waited for', async () => {
    await stage.show(button() + OVERLAY + '<script>setTimeout(() => ov.remove(), 60)</script>');
    expect((await clicked('button')).log).toEqual(['clicked']);
  });

  test('a part that is free is clicked', async () => {
    await stage.show(
      button('width:200px;height:40px') +
        '<div style="position:absolute;left:60px;top:0;width:80px;height:60px;background:red"></div>',
    );
    expect(await clicked('button')).toEqual(DONE);
  });

  test('an open modal dialog is what covers the page', async () => {
    await stage.show(
      `${button()}<dialog id="d">Really? <button onclick="say('yes')">Yes</button></dialog><script>d.showModal()</script>`,
    );
    expect(await clicked('body > button')).toMatchObject({ code: 'covered_by', log: [] });
    expect((await clicked('dialog button')).log).toEqual(['yes']);
  });

  test('a sticky header and a sticky footer are scrolled out of the way', async () => {
    const bar = (edge: string): string =>
      `<div style="position:fixed;${edge}:0;left:0;right:0;height:45%;background:#ddd">Bar</div>`;
    await stage.show(
      `<div style="height:3000px"></div>${button()}<div style="height:3000px"></div>${bar('top')}${bar('bottom')}`,
    );
    expect(await clicked('button')).toEqual(DONE);
  });
});

/** An animation stands still until it is painted, which takes a while where the machine is busy. */
const MOVING = 'document.getAnimations()[0].ready.then(() => true)';

describe('what is not ready', () => {
  test('a disabled button that is enabled soon is waited for, and the answer says why', async () => {
    await stage.show(button('', 'disabled'));
    const after = 'setTimeout(() => document.querySelector("button").disabled = false, 700)';
    const { text, log } = await clicked('button', { after });
    expect(log).toEqual(['clicked']);
    expect(text).toMatch(/^Clicked button "Save"\. Waited \d\.\d s: it is disabled\.$/);
  });

  test.each(['disabled', 'aria-disabled="true"', 'inert'])(
    'a button that stays %s is refused',
    async (state) => {
      await stage.show(button('', state));
      expect(await clicked('button')).toMatchObject({ code: 'element_disabled', log: [] });
    },
  );

  test('a button that flies in is clicked when it rests', async () => {
    await stage.show(
      `<style>@keyframes fly { to { transform: translateX(400px) } } .off { animation: fly 1.2s forwards }</style>${button()}`,
    );
    const after = `document.querySelector('button').className = 'off'; ${MOVING}`;
    const { text, log } = await clicked('button', { after });
    expect(log).toEqual(['clicked']);
    expect(text).toContain('it moves');
  });

  test('one that never rests is refused', async () => {
    await stage.show(
      `<style>@keyframes sway { from { transform: translateX(0) } to { transform: translateX(400px) } }</style>${button('animation: sway .7s infinite alternate linear')}`,
    );
    expect(await clicked('button', { after: MOVING })).toMatchObject({ code: 'element_moving', log: [] });
  });

  test.each(['display:none', 'visibility:hidden', 'width:0;height:0;padding:0;border:0;overflow:hidden'])(
    'a button with %s is refused',
    async (style) => {
      await stage.show(button(style));
      expect(await clicked('button')).toMatchObject({ code: 'not_visible', log: [] });
    },
  );

  test('a button outside of all that can be scrolled to is refused', async () => {
    await stage.show(button('position:absolute;left:-9999px'));
    expect(await clicked('button')).toMatchObject({ code: 'out_of_view', log: [] });
  });

  test('an element without pointer events is refused, and its button is clicked instead', async () => {
    await stage.show(
      `<p style="pointer-events:none" onclick="say('p')">Text</p>${button().replace('Save', '<i style="pointer-events:none">Save</i>')}`,
    );
    expect(await clicked('p')).toMatchObject({ code: 'no_pointer_events', log: [] });
    expect((await clicked('i')).log).toEqual(['clicked']);
  });
});

describe('shapes', () => {
  test('a link over two lines is met on one of them', async () => {
    await stage.show(
      '<div style="width:150px">Some words and <a href="#there" onclick="say(\'link\')">a link that goes over lines</a> here</div>',
    );
    expect((await clicked('a')).log).toEqual(['link']);
  });

  test('a ring of SVG is met on its line', async () => {
    await stage.show(
      '<svg width="200" height="200"><circle cx="100" cy="100" r="80" fill="none" stroke="red" stroke-width="6" onclick="say(\'ring\')"/></svg>',
    );
    expect((await clicked('circle')).log).toEqual(['ring']);
  });

  test('a region of an image map is met', async () => {
    await stage.show(
      '<img usemap="#m" width="200" height="100" src="data:image/svg+xml,<svg xmlns=\'http://www.w3.org/2000/svg\'/>"><map name="m"><area shape="rect" coords="100,0,200,100" href="#b" onclick="say(\'area\')"></map>',
    );
    expect((await clicked('area')).log).toEqual(['area']);
  });

  test('a turned and scaled element is met', async () => {
    await stage.show(
      `<div style="margin:200px;transform:rotate(30deg) scale(2) skewX(10deg);width:100px">${button()}</div>`,
    );
    expect(await clicked('button')).toEqual(DONE);
  });

  test('a card is clicked beside the button in its middle', async () => {
    await stage.show(
      `<div id="card" onclick="say('card')" style="width:300px;height:100px;display:grid;place-items:center"><button onclick="event.stopPropagation();say('delete')">Delete</button></div>`,
    );
    expect((await clicked('#card')).log).toEqual(['card']);
  });

  test('an element without a box of its own is clicked where its content is', async () => {
    await stage.show(`<span style="display:contents" onclick="say('around')"><b>Text</b></span>`);
    expect((await clicked('span')).log).toEqual(['around']);
  });

  test('a box that only its label shows is ticked by the label', async () => {
    await stage.show('<input type="checkbox" id="c" style="display:none"><label for="c">I agree</label>');
    await clicked('input');
    expect(await stage.read('c.checked')).toBe(true);
  });

  test('an element in a scrolled box in a scrolled page is found', async () => {
    await stage.show(
      `<div style="height:2000px"></div><div style="height:100px;overflow:auto"><div style="height:900px"></div>${button()}</div><div style="height:2000px"></div>`,
    );
    expect(await clicked('button')).toEqual(DONE);
  });
});

describe('shadow roots', () => {
  const host = (mode: string): string =>
    `<x-box></x-box><script>document.querySelector('x-box').attachShadow({mode:'${mode}'}).innerHTML =
    '<style>button{margin:20px}</style><button>Save</button>'; </script>`;

  test('a button in an open shadow root is clicked', async () => {
    await stage.show(
      host('open') +
        '<script>document.querySelector("x-box").shadowRoot.querySelector("button").onclick = () => say("clicked")</script>',
    );
    expect(await clicked('x-box >>> button')).toEqual(DONE);
  });

  test('a button in a closed shadow root is clicked', async () => {
    await stage.show(
      host('closed') + '<script>document.querySelector("x-box").onclick = () => say("clicked")</script>',
    );
    expect(await clicked('x-box >>> button')).toEqual(DONE);
  });

  test('a covered button in a shadow root is refused', async () => {
    await stage.show(host('open') + '<div id="ov" style="position:fixed;inset:0">Over</div>');
    expect(await clicked('x-box >>> button')).toMatchObject({ code: 'covered_by' });
  });
});

describe('receipts', () => {
  test('a page that moves the button away under the pointer is found out', async () => {
    await stage.show(
      `${button('position:absolute;left:50px;top:50px')}<script>addEventListener('mousemove', () => document.querySelector('button').style.left = '500px', {once: true})</script>`,
    );
    const { code, log } = await clicked('button');
    expect({ code, log }).toEqual({ code: 'not_received', log: [] });
  });

  test('a page that swallows the click before the button is found out', async () => {
    await stage.show(
      `<script>addEventListener('click', (e) => { e.stopImmediatePropagation(); e.preventDefault(); }, true)</script>${button()}`,
    );
    const { code, log } = await clicked('button');
    expect({ code, log }).toEqual({ code: 'not_received', log: [] });
  });

  test('an overlay that comes with the press gets the release, and that is told', async () => {
    await stage.show(
      `${button()}<script>document.querySelector('button').addEventListener('mousedown', () => { document.body.insertAdjacentHTML('beforeend', '<div id=late style="position:fixed;inset:0">Late</div>') })</script>`,
    );
    const { text, code, log } = await clicked('button');
    expect({ code, log }).toEqual({ code: 'not_received', log: [] });
    expect(text).toContain('did not receive it');
  });

  test('a menu item that acts on the press and goes is clicked', async () => {
    await stage.show(`<div role="menuitem" onmousedown="say('pressed'); this.remove()">Copy</div>`);
    const { text, code, log } = await clicked('div');
    expect({ code, log }).toEqual({ code: null, log: ['pressed'] });
    expect(text).toContain('gone before the release');
  });

  test('a page that overrides what scripts use changes nothing', async () => {
    await stage.show(
      `<script>
        window.requestAnimationFrame = () => 0;
        Element.prototype.getBoundingClientRect = () => ({ x: 0, y: 0, width: 0, height: 0 });
        Document.prototype.elementFromPoint = () => null; JSON.stringify = () => 'HIJACKED';
        window.MutationObserver = class { observe() {} }; EventTarget.prototype.addEventListener = () => {};
        Element.prototype.matches = () => true; Array.prototype.filter = () => [];
      </script>${button()}`,
    );
    expect(await clicked('button')).toEqual(DONE);
  });

  test('a form whose fields are called like what scripts read is no obstacle', async () => {
    await stage.show(
      `<form onsubmit="return false"><input name="parentElement"><input name="getRootNode"><input name="assignedSlot"><input name="matches">${button()}</form>`,
    );
    expect((await clicked('button')).log).toEqual(['clicked']);
  });
});

describe('buttons, counts and keys', () => {
  test('a double click is one', async () => {
    await stage.show(`<p ondblclick="say('double', event.detail)">Text</p>`);
    expect((await clicked('p', { count: 2 })).log).toEqual(['double 2']);
  });

  test('the right button opens what the page has for it', async () => {
    await stage.show(`<p oncontextmenu="say('menu', event.button); return false">Text</p>`);
    const { text, log } = await clicked('p', { button: 'right' });
    expect({ text, log }).toEqual({ text: 'Clicked right paragraph "Text".', log: ['menu 2'] });
  });

  test('the middle button is told apart', async () => {
    await stage.show(`<p onauxclick="say('aux', event.button)">Text</p>`);
    expect((await clicked('p', { button: 'middle' })).log).toEqual(['aux 1']);
  });

  test('modifiers are held', async () => {
    await stage.show(`<p onclick="say(event.ctrlKey, event.shiftKey, event.altKey, event.metaKey)">Text</p>`);
    expect((await clicked('p', { modifiers: ['Control', 'Shift'] })).log).toEqual(['true true false false']);
  });

  test('a place in a canvas is clicked by coordinates, and one outside the window is refused', async () => {
    await stage.show(
      `<body style="margin:0"><canvas width="300" height="200" onclick="say(event.offsetX, event.offsetY)"></canvas>`,
    );
    const inside = await stage.call('click', { x: 120, y: 80 });
    const outside = await stage.call('click', { x: 20_000, y: 80 });
    expect([inside.code, outside.code]).toEqual([null, 'out_of_view']);
    expect(await stage.read('log')).toEqual(['120 80']);
  });

  test('an option of a native list and a file input are not clicked', async () => {
    await stage.show('<select><option>One<option id="two">Two</select><input type="file">');
    expect(await clicked('#two')).toMatchObject({ code: 'use_fill' });
    expect(await clicked('input')).toMatchObject({ code: 'file_input' });
  });
});

test('a removed element is refused, and says what it was', async () => {
  await stage.show(button());
  const ref = await stage.ref('button');
  await stage.read('document.querySelector("button").remove()');
  expect(await stage.call('click', { ref })).toMatchObject({ code: 'stale_ref' });
  expect(await stage.call('click', { ref: 'e9999' })).toMatchObject({ code: 'stale_ref' });
  expect(await stage.call('click', { ref: 'button' })).toMatchObject({ code: 'bad_ref' });
});
