import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({
    '/slow': (response) => void setTimeout(() => response.end('late words'), 400),
    '/never': (response) => void response.writeHead(200, { 'content-type': 'text/plain' }).write('…'),
    '/next': '<!doctype html><title>Next</title><h1>Next page</h1>',
    '/poll': (response) => void response.end('tick'),
    '/report': (response) => void setTimeout(() => response.end('PK'), 400),
    '/stuck': () => undefined,
    '/attached': (response) =>
      void response.writeHead(200, { 'content-disposition': 'attachment; filename=a.zip' }).end('PK'),
  });
});
afterAll(() => stage.close());

const clicked = async (selector = 'button') => {
  const { code, text } = await stage.call('click', { ref: await stage.ref(selector) });
  return { code, text, log: await stage.read('typeof log === "undefined" ? null : log') };
};

describe('what an action waits for', () => {
  test('a page that fetches and then shows it', async () => {
    await stage.show(`<button onclick="fetch('/slow').then((r) => r.text()).then(say)">Go</button>`);
    expect((await clicked()).log).toEqual(['late words']);
  });

  test('the page that a link leads to, whose address is told', async () => {
    await stage.show('<a href="/next">Next</a>');
    const { code, text } = await clicked('a');
    expect(code).toBe(null);
    expect(text).toContain(`The page is now "${stage.site.origin}/next"`);
    expect(await stage.read('document.title')).toBe('Next');
  });

  test('an address that changes without a new page', async () => {
    await stage.show(`<button onclick="history.pushState({}, '', '/there')">Go</button>`);
    expect((await clicked()).text).toContain('/there"');
  });

  test('a request without an end, which is told', async () => {
    await stage.show(`<button onclick="fetch('/never').then((r) => r.text())">Go</button>`);
    const { code, text } = await clicked();
    expect(code).toBe(null);
    expect(text).toContain(`Still loading: "${stage.site.origin}/never"`);
  });

  test('a file that a link saves, whose name is told, when it comes late and when it does not come', async () => {
    await stage.show('<a href="/report" download="report.zip"><b>Get</b></a>');
    expect((await clicked('b')).text).toContain('A download began: "report.zip".');
    await stage.show('<a href="/stuck" download>Get</a>');
    expect((await clicked('a')).text).toContain('Still loading: what the link saves has not come yet.');
  });

  test('not for a page where the link leads to a file, or to another program', async () => {
    for (const [address, news] of [
      ['/attached', 'A download began: "a.zip".'],
      ['mailto:ann@example.com', 'Clicked link "Go"'],
    ] as const) {
      await stage.show(`<a href="${address}">Go</a>`);
      const { text } = await clicked('a');
      expect(text).toContain(news);
      expect(text).not.toContain('Still loading');
    }
  });

  test('not for a file of a link whose click the page took for itself', async () => {
    await stage.show('<a href="/stuck" download onclick="event.preventDefault(); say(`own`)">Get</a>');
    const { text, log } = await clicked('a');
    expect({ log, isLoading: text.includes('Still loading') }).toEqual({ log: ['own'], isLoading: false });
  });

  test('not for a page that polls and changes all the time', async () => {
    await stage.show(
      `<p>0</p><button onclick="say('clicked')">Go</button><script>setInterval(() => { fetch('/poll'); document.querySelector('p').textContent++ }, 50)</script>`,
    );
    const { text, log } = await clicked();
    expect({ log, isLoading: text.includes('Still loading') }).toEqual({
      log: ['clicked'],
      isLoading: false,
    });
  });
});

describe('dialogs, tabs and ends', () => {
  test.each(['onclick', 'onmousedown'])(
    'a dialog at %s ends the wait and is told with what was done',
    async (at) => {
      await stage.show(`<button ${at}="say(confirm('Delete it?'))">Go</button>`);
      const { code, text } = await stage.call('click', { ref: await stage.ref('button') });
      expect({ code, isTold: text.includes('(confirm) is open and says "Delete it?"') }).toEqual({
        code: null,
        isTold: true,
      });
      expect(await stage.call('handle_dialog', { accept: true })).toMatchObject({ code: null });
      expect(await stage.read('log')).toEqual(['true']);
    },
  );

  test('an action while a dialog is open is refused at once', async () => {
    await stage.show(`<button onclick="alert('Stop')">Go</button>`);
    const ref = await stage.ref('button');
    await stage.call('click', { ref });
    expect(await stage.call('click', { ref })).toMatchObject({ code: 'dialog_open' });
    await stage.call('handle_dialog', { accept: true });
  });

  test('a tab that opens is told', async () => {
    await stage.show('<a href="/next" target="_blank">New</a>');
    const { text } = await clicked('a');
    expect(text).toMatch(/new tab, t\d/);
  });
});

describe('several actions', () => {
  test('all are done in order, with one answer', async () => {
    await stage.show(
      `<input id="a"><select id="s"><option>One<option>Two</select><button onclick="say(a.value, s.value)">Go</button>`,
    );
    const steps = [
      { action: 'fill', ref: await stage.ref('#a'), value: 'Ada' },
      { action: 'fill', ref: await stage.ref('#s'), value: 'Two' },
      { action: 'click', ref: await stage.ref('button') },
    ];
    const { code, text } = await stage.call('act', { steps });
    expect({ code, lines: text.split('\n').length }).toEqual({ code: null, lines: 3 });
    expect(await stage.read('log')).toEqual(['Ada Two']);
  });

  test('the first failure ends them, and what was done and what was not is told', async () => {
    await stage.show(`<input id="a"><button disabled>Go</button><p onclick="say('never')">Text</p>`);
    const steps = [
      { action: 'fill', ref: await stage.ref('#a'), value: 'Ada' },
      { action: 'click', ref: await stage.ref('button') },
      { action: 'click', ref: await stage.ref('p') },
    ];
    const { code, text } = await stage.call('act', { steps });
    expect(code).toBe('step_failed');
    expect(text).toMatch(
      /^Step 2 failed \(element_disabled\): .* Done: Filled textbox \(e\d+\)\. Not run: 3 click\./,
    );
    expect(await stage.read('[a.value, log.length]')).toEqual(['Ada', 0]);
  });

  test('a step that is not right keeps all from being done', async () => {
    await stage.show('<input id="a">');
    const steps = [
      { action: 'fill', ref: await stage.ref('#a'), value: 'Ada' },
      { action: 'press_key', wrong: 'x' },
    ];
    expect(await stage.call('act', { steps })).toMatchObject({ code: 'invalid_arguments' });
    expect(await stage.read('a.value')).toBe('');
  });

  test('a dialog in the middle ends them', async () => {
    await stage.show(`<button onclick="alert('Stop')">Go</button><p onclick="say('never')">Text</p>`);
    const steps = [
      { action: 'click', ref: await stage.ref('button') },
      { action: 'click', ref: await stage.ref('p') },
    ];
    const { code, text } = await stage.call('act', { steps });
    expect(code).toBe('step_failed');
    expect(text).toContain('Not run: 2 click');
    await stage.call('handle_dialog', { accept: true });
    expect(await stage.read('log')).toEqual([]);
  });
});

describe('what an answer tells of the page', () => {
  test('what changed since the last look, and nothing before the first one', async () => {
    await stage.show(`<button onclick="out.textContent = 'Saved'">Save</button><p id="out">Not yet</p>`);
    const ref = await stage.ref('button');
    expect((await stage.call('click', { ref })).text).not.toContain('Changed');
    await stage.show(`<button onclick="out.textContent = 'Saved'">Save</button><p id="out">Not yet</p>`);
    await stage.call('snapshot');
    const { text } = await stage.call('click', { ref: await stage.ref('button') });
    expect(text).toMatch(/^Clicked button "Save" \(e\d+\)\.\nChanged:\n/);
    expect(text).toContain('Saved');
    expect(Buffer.byteLength(text)).toBeLessThan(400);
  });

  test('that nothing did, by saying nothing', async () => {
    await stage.show('<button>Save</button>');
    await stage.call('snapshot');
    const { text } = await stage.call('click', { ref: await stage.ref('button') });
    expect(text).toMatch(/^Clicked button "Save" \(e\d+\)\.(\nChanged:\n~ .*focused.*)?$/);
  });

  test('not the values that it was given, but what the page made of them and what else they changed', async () => {
    await stage.show(
      `<label>Name <input id="name" oninput="out.textContent = 'Hello'"></label>
      <label>Code <input id="code" maxlength="3"></label><p id="out">Nobody</p><button>Send</button>`,
    );
    await stage.call('snapshot');
    const fields = [
      { ref: await stage.ref('#name'), value: 'Ada' },
      { ref: await stage.ref('#code'), value: 'abcdef' },
    ];
    const { text } = await stage.call('fill_form', { fields });
    expect(text.replaceAll(/e\d+/g, 'e')).toBe(
      [
        'Filled textbox "Name" (e), textbox "Code" (e). The page made it "abc" in textbox "Code" (e).',
        'Changed:',
        '~ textbox "Code" [e] = "abc" (focused)',
        '+ "Hello"',
        '- "Nobody"',
      ].join('\n'),
    );
  });

  test('what the page changes a few moments after it got the value', async () => {
    await stage.show(
      `<input oninput="setTimeout(() => { out.textContent = 'Late' }, 20)"><p id="out">Not yet</p>`,
    );
    await stage.call('snapshot');
    const { text } = await stage.call('fill', { ref: await stage.ref('input'), value: 'Ada' });
    expect(text).toContain('+ "Late"');
  });

  test('nothing of the focus that an element lost, and what has it now', async () => {
    await stage.show('<input aria-label="Name"><button>Save</button>');
    await stage.call('click', { ref: await stage.ref('input') });
    await stage.call('snapshot');
    const { text } = await stage.call('click', { ref: await stage.ref('button') });
    expect(text.replaceAll(/e\d+/g, 'e')).toBe(
      'Clicked button "Save" (e).\nChanged:\n~ button "Save" [e] (focused)',
    );
  });

  test('that it is another page', async () => {
    await stage.show('<a href="/next">Next</a>');
    await stage.call('snapshot');
    expect((await clicked('a')).text).toContain('take a snapshot');
  });
});

test('elements that are called like what the script keeps change nothing', async () => {
  await stage.show(`<p id="deskhand">Text</p><button onclick="say('clicked')">Save</button>`);
  expect((await clicked()).log).toEqual(['clicked']);
});

describe('references', () => {
  test('an element that was drawn anew is found again, and the answer says so', async () => {
    await stage.show(`<div id="box"><button onclick="say('old')">Save</button></div>`);
    const ref = await stage.ref('button');
    await stage.call('act', { steps: [{ action: 'hover', ref }] });
    await stage.read(`box.innerHTML = '<button onclick="say(\\'new\\')">Save</button>'`);
    const { code, text } = await stage.call('click', { ref });
    expect({ code, isTold: text.includes('healed') }).toEqual({ code: null, isTold: true });
    expect(await stage.read('log')).toEqual(['new']);
  });

  test('one that was drawn anew as one of several like it is refused', async () => {
    await stage.show(`<div id="box"><button style="position:absolute;left:300px">Save</button></div>`);
    const ref = await stage.ref('button');
    await stage.call('act', { steps: [{ action: 'hover', ref }] });
    await stage.read(`box.innerHTML = '<button>Save</button><button>Save</button>'`);
    expect(await stage.call('click', { ref })).toMatchObject({ code: 'stale_ref' });
  });

  test('a counter whose label changes with each click keeps its reference', async () => {
    await stage.show(`<button onclick="this.textContent = Number(this.textContent) + 1">0</button>`);
    const ref = await stage.ref('button');
    for (let n = 0; n < 3; n++) expect(await stage.call('click', { ref })).toMatchObject({ code: null });
    expect(await stage.read('document.querySelector("button").textContent')).toBe('3');
  });
});
