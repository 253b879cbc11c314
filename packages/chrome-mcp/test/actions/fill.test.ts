import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const containing = (text: string): unknown => expect.stringContaining(text);
const lacking = (text: string): unknown => expect.not.stringContaining(text);
const matching = (text: RegExp): unknown => expect.stringMatching(text);

const plain = (text: string): string => text.replaceAll(/ \((?:f\d+)?e\d+\)/g, '');

/** Fills what a selector finds, and tells how that went and what is in it then. */
async function filled(selector: string, value: unknown) {
  const { text, code } = await stage.call('fill', { ref: await stage.ref(selector), value });
  const kept = await stage.read(
    `(() => { const e = document.querySelector(${JSON.stringify(selector)}); return e.value ?? e.innerText; })()`,
  );
  return { text: plain(text), code, kept, log: await stage.read('log') };
}

const LISTEN = `<script>for (const type of ['focus', 'beforeinput', 'input', 'change', 'blur'])
  document.addEventListener(type, (e) => { if (e.target.id !== '') say(type, e.target.id, e.isTrusted); }, true)</script>`;

describe('a field that something lies over', () => {
  const OVER = '<div id="ov" style="position:fixed;inset:0;background:#eee">Wait</div>';

  test('is refused with the name of that, and filled in when it is gone', async () => {
    await stage.show(`<input id="a" title="Name" value="old">${OVER}`);
    expect(await filled('#a', 'new')).toEqual({
      text: 'Not filled: textbox "Name": another element lies over it: "<div#ov>" "Wait". Deal with that first: close it, or answer it.',
      ...{ code: 'covered_by', kept: 'old', log: [] },
    });
    await stage.read('ov.remove()');
    expect(await filled('#a', 'new')).toMatchObject({ code: null, kept: 'new' });
  });

  test('of several the one that is free is filled in', async () => {
    await stage.show(
      '<input id="a" title="Name"><div style="position:relative"><input id="b" title="City"><div style="position:absolute;inset:0">Locked</div></div>',
    );
    const fields = [
      { ref: await stage.ref('#a'), value: '1' },
      { ref: await stage.ref('#b'), value: '2' },
    ];
    const { code, text } = await stage.call('fill_form', { fields });
    expect({ code, text: plain(text) }).toEqual({
      code: 'not_filled',
      text: 'Not filled: textbox "City": another element lies over it: "<div>" "Locked"; filled: textbox "Name". Deal with that first: close it, or answer it.',
    });
    expect(await stage.read('[a.value, b.value]')).toEqual(['1', '']);
  });

  test('one under a bar that sticks to the edge is scrolled out from it', async () => {
    await stage.show(
      '<div style="position:sticky;top:0;height:60px;background:#eee">Bar</div><div style="height:30px"></div><input id="a"><div style="height:3000px"></div>',
    );
    await stage.read('scrollTo(0, 80)');
    expect(await filled('#a', 'new')).toMatchObject({ code: null, kept: 'new' });
  });

  test.each([
    [
      'its floating label',
      '<label for="a" style="position:absolute;left:0;top:0;width:99%">Name</label><input id="a">',
    ],
    [
      'a control of the page that stands for it',
      '<select id="a" style="position:absolute;opacity:0"><option>new</select><span style="position:relative">Choose</span>',
    ],
  ])('%s does not count', async (_what, body) => {
    await stage.show(`<div style="position:relative">${body}</div>`);
    expect(await filled('#a', 'new')).toMatchObject({ code: null, kept: 'new' });
  });
});

describe('text', () => {
  test('a value is replaced with the events that typing gives', async () => {
    await stage.show(`<input id="a" value="old">${LISTEN}`);
    const { code, kept, log } = await filled('#a', 'new');
    expect({ code, kept, log }).toEqual({
      code: null,
      kept: 'new',
      log: ['focus a true', 'beforeinput a false', 'input a true'],
    });
  });

  test('the page hears of the change when the focus goes on', async () => {
    await stage.show(`<input id="a"><input id="b">${LISTEN}`);
    const fields = [
      { ref: await stage.ref('#a'), value: '1' },
      { ref: await stage.ref('#b'), value: '2' },
    ];
    await stage.call('fill_form', { fields });
    expect(await stage.read('log')).toContain('change a true');
  });

  test('an empty value clears', async () => {
    await stage.show('<input id="a" value="old">');
    expect(await filled('#a', '')).toMatchObject({ code: null, kept: '' });
  });

  test.each(['search', 'url', 'tel', 'email', 'number'])(
    'a field of type %s takes a number',
    async (type) => {
      await stage.show(`<input id="a" type="${type}" value="7">`);
      expect(await filled('#a', 42)).toMatchObject({ code: null, kept: '42' });
    },
  );

  test('a text area keeps its lines', async () => {
    await stage.show('<textarea id="a">old</textarea>');
    expect(await filled('#a', 'one\ntwo')).toMatchObject({
      code: null,
      kept: 'one\ntwo',
      text: lacking('made it'),
    });
  });

  test('what the page makes of a value is told: a length, a mask, a field of numbers', async () => {
    await stage.show(
      `<input id="a" maxlength="3"><input id="m" oninput="this.value = this.value.replace(/^(\\d{3})(\\d+)$/, '($1) $2')"><input id="n" type="number">`,
    );
    expect((await filled('#a', 'abcdef')).text).toContain('The page made it "abc"');
    expect((await filled('#m', '5551234')).text).toContain('The page made it "(555) 1234"');
    expect((await filled('#n', 'many')).text).toContain('The page made it ""');
  });

  test('a page that puts its own value back is found out', async () => {
    await stage.show('<input id="a" value="kept" oninput="setTimeout(() => { this.value = \'kept\' })">');
    expect((await filled('#a', 'new')).text).toContain('The page made it "kept"');
  });

  test('a field that a framework controls keeps what was filled in', async () => {
    // the page sees changes by a value of its own on the element, and writes back what it knows
    await stage.show(`<input id="a"><script>
      const own = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
      let tracked = '', state = '';
      Object.defineProperty(a, 'value', { get() { return own.get.call(this) }, set(v) { tracked = v; own.set.call(this, v) }, configurable: true });
      a.addEventListener('input', () => { const now = own.get.call(a); if (now === tracked) return; tracked = now; state = now; say('state', state); queueMicrotask(() => { a.value = state }) });
    </script>`);
    expect(await filled('#a', 'Ada')).toMatchObject({ code: null, kept: 'Ada', log: ['state Ada'] });
  });

  test('a password is filled in and never told, not even what the page made of it', async () => {
    await stage.show('<input id="a" type="password" maxlength="4">');
    const { text, kept } = await filled('#a', 'hunter22');
    expect(kept).toBe('hunt');
    expect(text).toContain('another value');
    expect(text).not.toContain('hunt');
  });

  test('an editable element is replaced, not added to', async () => {
    await stage.show('<div id="a" contenteditable><p>old <b>text</b></p><p>more</p></div>');
    expect(await filled('#a', 'new')).toMatchObject({ code: null, kept: matching(/^new\s*$/) });
  });

  test('lines of an editable element stay lines', async () => {
    await stage.show('<div id="a" contenteditable></div>');
    const { text, kept } = await filled('#a', 'one\ntwo');
    expect(kept).toMatch(/^one\n+two\s*$/);
    expect(text).not.toContain('made it');
  });

  test('what is not there to be written in is refused', async () => {
    await stage.show(
      '<input id="r" readonly><input id="d" disabled><input id="h" style="display:none"><button id="b">Go</button><p id="p">Text</p><input id="f" type="file">',
    );
    expect(await filled('#r', 'x')).toMatchObject({
      code: 'not_filled',
      text: containing('it is read-only'),
    });
    expect(await filled('#d', 'x')).toMatchObject({
      code: 'not_filled',
      text: containing('it is disabled'),
    });
    expect(await filled('#h', 'x')).toMatchObject({
      code: 'not_filled',
      text: containing('display: none'),
    });
    expect(await filled('#b', 'x')).toMatchObject({
      code: 'not_filled',
      text: containing('it is not a field'),
    });
    expect(await filled('#p', 'x')).toMatchObject({ code: 'not_filled' });
    expect(await filled('#f', 'x')).toMatchObject({ code: 'file_input' });
  });

  test('a field behind a modal dialog is refused', async () => {
    await stage.show('<input id="a"><dialog id="d"><input id="b"></dialog><script>d.showModal()</script>');
    expect(await filled('#a', 'x')).toMatchObject({ code: 'covered_by', kept: '' });
    expect(await filled('#b', 'x')).toMatchObject({ code: null, kept: 'x' });
  });

  test('a label, and a part of the page’s own with one field in it, stand for that field', async () => {
    await stage.show(
      `<label id="l" for="a">Name</label><input id="a"><x-field></x-field><script>document.querySelector('x-field').attachShadow({mode:'open'}).innerHTML = '<input>'</script>`,
    );
    expect(await stage.call('fill', { ref: await stage.ref('#l'), value: 'Ada' })).toMatchObject({
      code: null,
    });
    expect(await stage.call('fill', { ref: await stage.ref('x-field'), value: 'Bob' })).toMatchObject({
      code: null,
    });
    expect(
      await stage.read(
        `[a.value, document.querySelector('x-field').shadowRoot.querySelector('input').value]`,
      ),
    ).toEqual(['Ada', 'Bob']);
  });

  test('a field that is drawn anew when it is touched is filled in nevertheless, or said not to be', async () => {
    await stage.show(`<div id="box"><input id="a" onfocus="box.innerHTML = '<input id=a>'"></div>`);
    const { code, kept } = await filled('#a', 'x');
    expect(code === null ? kept : code).not.toBe('');
  });
});

describe('editors with a model of their own', () => {
  const EDITOR = (heeds: string): string => `<div id="a" contenteditable>old</div><script>
    let range = [0, 0];
    document.addEventListener('selectionchange', () => { range = getSelection().toString() });
    a.addEventListener('beforeinput', (e) => { e.preventDefault(); ${heeds} });
  </script>`;

  test('one that does all by itself gets the text in the place of the old one', async () => {
    await stage.show(EDITOR(`a.textContent = a.textContent.replace(range, e.data)`));
    expect(await filled('#a', 'new')).toMatchObject({
      code: null,
      kept: 'new',
      text: lacking('made it'),
    });
  });

  test('one that takes nothing is found out', async () => {
    await stage.show(EDITOR(''));
    expect(await filled('#a', 'new')).toMatchObject({
      kept: 'old',
      text: containing('The page made it "old"'),
    });
  });
});

describe('lists', () => {
  const LIST =
    '<select id="a"><option value="1">One</option><option value="2">Two</option><option value="3" disabled>Three</option></select>';

  test.each([['2'], ['Two'], ['two']])('an option is chosen by %s', async (value) => {
    await stage.show(LIST + LISTEN);
    const { code, kept, log } = await filled('#a', value);
    expect({ code, kept, log }).toEqual({
      code: null,
      kept: '2',
      log: ['focus a true', 'input a false', 'change a false'],
    });
  });

  test('an option that is not there, or disabled, is refused with what there is', async () => {
    await stage.show(LIST);
    const { code, kept, text } = await filled('#a', 'Four');
    expect({ code, kept }).toEqual({ code: 'not_filled', kept: '1' });
    expect(text).toContain('One');
    expect(await filled('#a', 'Three')).toMatchObject({ code: 'not_filled', kept: '1' });
    expect(await filled('#a', ['One', 'Two'])).toMatchObject({ code: 'not_filled', kept: '1' });
  });

  test('several options of a list are chosen, and those before are not', async () => {
    await stage.show('<select id="a" multiple><option selected>One<option>Two<option>Three</select>');
    expect(await filled('#a', ['Two', 'Three'])).toMatchObject({ code: null });
    expect(await stage.read('[...a.selectedOptions].map((o) => o.label)')).toEqual(['Two', 'Three']);
  });

  test('a list of the page’s own is refused with how to use it', async () => {
    await stage.show('<div id="a" role="combobox" tabindex="0">Choose</div>');
    const { code, text } = await filled('#a', 'One');
    expect(code).toBe('not_filled');
    expect(text).toContain('click the option');
  });

  test('a field with a list that opens says so', async () => {
    await stage.show('<input id="a" role="combobox">');
    expect((await filled('#a', 'Lon')).text).toContain('may have opened a list');
  });
});

describe('boxes', () => {
  test('a box is ticked and cleared, and one that is as it should be is left alone', async () => {
    await stage.show(`<input id="a" type="checkbox" onclick="say('click')">`);
    const a = await stage.ref('#a');
    for (const value of [true, true, false, 'on']) await stage.call('fill', { ref: a, value });
    expect(await stage.read('[a.checked, log.length]')).toEqual([true, 3]);
    expect(await stage.call('fill', { ref: a, value: 'maybe' })).toMatchObject({ code: 'not_filled' });
  });

  test('a radio button is chosen, and not cleared', async () => {
    await stage.show('<input id="a" type="radio" name="r"><input id="b" type="radio" name="r" checked>');
    const a = await stage.ref('#a');
    expect(await stage.call('fill', { ref: a, value: true })).toMatchObject({ code: null });
    expect(await stage.call('fill', { ref: a, value: false })).toMatchObject({ code: 'not_filled' });
    expect(await stage.read('[a.checked, b.checked]')).toEqual([true, false]);
  });

  test('a switch of the page’s own is turned, also when the page takes a moment', async () => {
    await stage.show(
      `<div id="a" role="switch" aria-checked="false" tabindex="0" onclick="setTimeout(() => this.setAttribute('aria-checked', 'true'), 20)">Dark</div>`,
    );
    const { code, text } = await stage.call('fill', { ref: await stage.ref('#a'), value: true });
    expect({ code, differs: text.includes('made it') }).toEqual({ code: null, differs: false });
  });

  test('a box that the page keeps as it was is told', async () => {
    await stage.show('<input id="a" type="checkbox" onclick="event.preventDefault()">');
    expect((await filled('#a', true)).text).toContain('The page made it "false"');
  });
});

describe('pickers', () => {
  test.each([
    ['date', '2026-01-31', '2026-01-31'],
    ['time', '13:45', '13:45'],
    ['datetime-local', '2026-01-31T13:45', '2026-01-31T13:45'],
    ['month', '2026-01', '2026-01'],
    ['week', '2026-W05', '2026-W05'],
    ['color', '#AABBCC', '#aabbcc'],
    ['range', 30, '30'],
  ])('a field of type %s takes %s', async (type, value, kept) => {
    await stage.show(
      `<input id="a" type="${type}" oninput="say('input', this.value)" onchange="say('change')">`,
    );
    expect(await filled('#a', value)).toMatchObject({ code: null, kept, log: [`input ${kept}`, 'change'] });
  });

  test.each([
    ['date', '31.1.2026', 'a date as 2026-01-31'],
    ['time', 'noon', 'a time as 13:45'],
    ['color', 'red', 'a colour as #aabbcc'],
    ['range', 'high', 'a number'],
  ])('a field of type %s refuses %s and says what it takes', async (type, value, hint) => {
    await stage.show(`<input id="a" type="${type}" oninput="say('input')">`);
    const { code, text, log } = await filled('#a', value);
    expect({ code, log }).toEqual({ code: 'not_filled', log: [] });
    expect(text).toContain(hint);
  });

  test('a slider that ends sooner says where it stands', async () => {
    await stage.show('<input id="a" type="range" min="0" max="50">');
    expect((await filled('#a', 80)).text).toContain('The page made it "50"');
  });
});

describe('a form', () => {
  test('ten fields are filled in at once', async () => {
    await stage.show(Array.from({ length: 10 }, (_, n) => `<input id="f${n}">`).join(''));
    const fields = [];
    for (let n = 0; n < 10; n++) fields.push({ ref: await stage.ref(`#f${n}`), value: `v${n}` });
    expect(await stage.call('fill_form', { fields })).toMatchObject({ code: null });
    expect(await stage.read('[...document.querySelectorAll("input")].map((i) => i.value)')).toEqual(
      fields.map(({ value }) => value),
    );
  });

  test('one that fails is told apart from those that were filled in', async () => {
    await stage.show('<input id="a" title="A"><input id="b" title="B" readonly><input id="c" title="C">');
    const fields = [];
    for (const id of ['#a', '#b', '#c']) fields.push({ ref: await stage.ref(id), value: 'x' });
    const { code, text } = await stage.call('fill_form', { fields });
    expect(code).toBe('not_filled');
    expect(plain(text)).toMatch(
      /^Not filled: textbox "B": it is read-only; filled: textbox "A", textbox "C"\./,
    );
    expect(await stage.read('[a.value, b.value, c.value]')).toEqual(['x', '', 'x']);
  });

  test('a field that another one enables is waited for', async () => {
    await stage.show(
      `<input id="a" oninput="setTimeout(() => { b.disabled = false }, 200)"><input id="b" disabled>`,
    );
    const fields = [
      { ref: await stage.ref('#a'), value: '1' },
      { ref: await stage.ref('#b'), value: '2' },
    ];
    expect(await stage.call('fill_form', { fields })).toMatchObject({ code: null });
    expect(await stage.read('b.value')).toBe('2');
  });
});
