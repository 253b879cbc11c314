import { afterAll, beforeAll, expect, test } from 'vitest';
import { deltaOf } from '../../src/snapshot/delta.ts';
import { readView } from '../../src/snapshot/view.ts';
import { openLab, type Client, type Lab } from '../lab/browser.ts';
import { openSite, type Site } from '../lab/site.ts';

const TABLE = `<!doctype html><title>Table</title><table><tr><th>Id<th>Name<th>Act</tr>${Array.from(
  { length: 1000 },
  (_, n) => `<tr><td>${n}<td>Person ${n}<td><a href="#${n}">Open</a></tr>`,
).join('')}</table><p>End</p>`;

const FIELD = (n: number): string =>
  n % 10 === 9
    ? `<p><label for=f${n}>Choice ${n}</label><select id=f${n}><option>One<option>Two</select>`
    : `<p><label for=f${n}>Field number ${n}</label><input id=f${n}>`;
const FORM = `<!doctype html><title>Form</title><form>${Array.from({ length: 50 }, (_, n) => FIELD(n)).join('')}
<textarea aria-label=Notes></textarea><button>Save</button><button type=reset>Reset</button></form>`;

const PARTS = `<!doctype html><title>Parts</title><style>.hand { cursor: pointer }</style>
<div style="height:100px;overflow:auto"><p style="height:400px">Long</p></div>
<div class=hand>Tile <b>one</b></div><div class=hand><a href=#>Inner</a></div>
<details><summary>More</summary>Folded away</details><details open><summary>Less</summary>Folded out</details>
<label class=hand><input type=radio style="display:none" checked>Card</label>
<div aria-hidden=true>Painted all the same</div><canvas width=30 height=30 aria-label=Chart></canvas>
<button aria-pressed=true disabled>Bold</button><a href=# aria-current=page>Home</a>
<dialog aria-label=Ask>Sure?</dialog><script>document.querySelector('dialog').showModal()</script>`;

let lab: Lab;
let site: Site;
let client: Client;

beforeAll(async () => {
  lab = await openLab();
  site = await openSite({ '/table': TABLE, '/form': FORM, '/parts': PARTS });
  client = lab.client();
});
afterAll(async () => {
  await lab.close();
  await site.close();
});

async function seen(path: string): Promise<string> {
  await client.call('navigate', { url: site.origin + path });
  return (await client.call('snapshot')).text;
}

const unnumbered = (text: string): readonly string[] =>
  text
    .split('\n')
    .slice(1)
    .map((line) => line.replaceAll(/ \[(?:f\d+)?e\d+\]/gu, ''));

test('of a thousand rows those that are not on the screen are folded, and can be had in pages', async () => {
  const text = await seen('/table');
  expect(Buffer.byteLength(text)).toBeLessThan(4_000);
  expect(text).toContain('row: "0" | "Person 0" | link "Open"');
  expect(text).toMatch(/… \d+ more, e\d+\.\.e\d+; all: snapshot within e\d+, page 1/u);
  expect(text).toContain('"End"');
  const table = /table \[(?<ref>e\d+)\]/u.exec(text)?.groups?.['ref'] ?? '';
  const page = await client.call('snapshot', { within: table, page: 2 });
  expect(Buffer.byteLength(page.text)).toBeLessThan(21_000);
  expect(page.text).toContain('(page 3 goes on)');
});

test('a cell that says otherwise than it shows says both', async () => {
  const rows =
    '<tr aria-label="Third"><th aria-label="Deed">Do<td>x</tr><tr><td aria-label="2 of 3">••◦<td aria-label=""></tr>';
  await client.call('navigate', {
    url: `data:text/html;charset=utf-8,<table>${encodeURIComponent(rows)}</table>`,
  });
  expect(unnumbered((await client.call('snapshot')).text)).toEqual([
    'table',
    '  row "Third": rowheader "Deed" "Do" | "x"',
    '  row: cell "2 of 3" "••◦" | ',
  ]);
});

test('a folded row is had by its ref, and any row by its words', async () => {
  const text = await seen('/table');
  const last = /\.\.(?<ref>e\d+);/u.exec(text)?.groups?.['ref'] ?? '';
  const { text: row } = await client.call('snapshot', { within: last });
  expect(unnumbered(row)).toEqual(['row: "999" | "Person 999" | link "Open"']);
  const found = await client.call('find', { text: 'person 777' });
  expect(unnumbered(found.text)).toEqual(['cell "Person 777" (not on the screen)']);
});

test('a form of 53 fields takes less than 3,000 bytes', async () => {
  const text = await seen('/form');
  expect(Buffer.byteLength(text)).toBeLessThan(3_000);
  expect(text.match(/textbox|combobox|button/gu)).toHaveLength(53);
});

test('what serves as a control is one, and says in which state it is', async () => {
  expect(unnumbered(await seen('/parts'))).toEqual([
    'scrollable (scrolls: 0 px above, 332 px below): "Long"',
    'clickable "Tile one"',
    'link "Inner"',
    'button "More" (collapsed)',
    'button "Less" (expanded)',
    '"Folded out"',
    'radio "Card" (checked)',
    '"Painted all the same"',
    'canvas "Chart"',
    'button "Bold" (pressed, disabled)',
    'link "Home" (current page)',
    'dialog "Ask" (modal, focused): "Sure?"',
  ]);
});

test('what is different between two looks is a few lines', async () => {
  await seen('/form');
  const { main } = await client.session.tab();
  const signal = AbortSignal.timeout(15_000);
  const before = await readView(main, {}, { signal });
  expect(deltaOf(before, await readView(main, {}, { signal }))).toEqual({ lines: [], left: 0 });
  await client.call('evaluate', {
    script:
      'f0.value = "Ada"; f1.parentElement.remove(); document.body.append("Saved"); document.querySelector("button").disabled = true; 0',
  });
  const delta = deltaOf(before, await readView(main, {}, { signal }));
  expect(delta?.lines.map((line) => line.replaceAll(/ \[e\d+\]/gu, ''))).toEqual([
    '~ textbox "Field number 0" = "Ada"',
    '~ button "Save" (disabled)',
    '+ "Saved"',
    '- textbox "Field number 1"',
  ]);
  expect(delta?.left).toBe(0);
});

test('of another page there is no difference to tell', async () => {
  await seen('/form');
  const { main } = await client.session.tab();
  const signal = AbortSignal.timeout(15_000);
  const before = await readView(main, {}, { signal });
  await seen('/parts');
  expect(deltaOf(before, await readView(main, {}, { signal }))).toBeNull();
});

test('find takes roles and expressions, and says what is no expression', async () => {
  await seen('/form');
  const byRole = await client.call('find', { role: 'button' });
  expect(unnumbered(byRole.text)).toHaveLength(2);
  const byRegex = await client.call('find', { regex: 'number 4[0-3]$', role: 'textbox' });
  expect(unnumbered(byRegex.text)).toHaveLength(4);
  expect((await client.call('find', { regex: '(' })).code).toBe('bad_query');
  expect((await client.call('find')).code).toBe('bad_query');
  expect((await client.call('find', { text: 'nowhere to be found' })).text).toMatch(/^Nothing in t1/u);
});
