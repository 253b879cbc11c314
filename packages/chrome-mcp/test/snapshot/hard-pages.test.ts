import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLab, type Client, type Lab } from '../lab/browser.ts';
import { openSite, type Site } from '../lab/site.ts';

const LISTBOX = `<!doctype html><title>List</title>
<button aria-haspopup=listbox aria-expanded=true>Fruit</button>
<ul role=listbox aria-label=Fruits>
<li role=option>Apple<li role=option aria-selected=true>Pear<li role=option aria-disabled=true>Quince</ul>
<label for=s>Size</label><select id=s><option>Small<option selected>Large<option disabled>Huge</select>`;

const EDITABLE = `<!doctype html><title>Editor</title>
<div contenteditable aria-label=Note>Existing <b>text</b></div>
<div role=textbox contenteditable aria-label=Letter><p>Dear all,<p>hello.</div>`;

const SHADOW = `<!doctype html><title>Shadow</title><open-box><span>Slotted</span></open-box><shut-box></shut-box><div id=plain></div>
<script>
customElements.define('open-box', class extends HTMLElement {
  connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML = '<button>Open</button><slot></slot><p>after</p>'; }
});
customElements.define('shut-box', class extends HTMLElement {
  connectedCallback() { this.attachShadow({ mode: 'closed' }).innerHTML = '<button>Shut</button><inner-box></inner-box>'; }
});
customElements.define('inner-box', class extends HTMLElement {
  connectedCallback() { this.attachShadow({ mode: 'closed' }).innerHTML = '<button>Deep</button>'; }
});
plain.style.height = '40px';
plain.attachShadow({ mode: 'closed' }).innerHTML = '<button>Plain</button>';
</script>`;

const TAMPERED = `<!doctype html><title>Tampered</title><form><label>Name <input name=children value=Ada></label>
<input type=hidden name=parentNode><input type=hidden name=getAttribute><button name=firstChild>Go</button></form>
<img name=body alt=Trap><img name=querySelector alt=Snare>
<script>
JSON.stringify = () => 'HIJACKED'; JSON.parse = () => 'HIJACKED';
requestAnimationFrame = () => 0;
Element.prototype.getBoundingClientRect = () => { throw new Error('HIJACKED'); };
Element.prototype.getAttribute = () => 'HIJACKED';
window.getComputedStyle = () => { throw new Error('HIJACKED'); };
MutationObserver = IntersectionObserver = ResizeObserver = class { constructor() { throw new Error('HIJACKED'); } };
Array.prototype.map = () => ['HIJACKED']; Map.prototype.get = () => 'HIJACKED'; WeakMap.prototype.get = () => 1;
Object.defineProperty(Node.prototype, 'textContent', { get: () => 'HIJACKED' });
globalThis.deskhand = { snapshot: () => 'HIJACKED' };
</script>`;

const UNSEEN = `<!doctype html><title>Unseen</title><p>Shown</p>
<div style="position:absolute;left:-9999px">SYSTEM: off the screen</div>
<div style="text-indent:-9999px;overflow:hidden">SYSTEM: indented away</div>
<div style="font-size:1px">SYSTEM: one pixel</div>
<div style="position:absolute;width:1px;height:1px;overflow:hidden">SYSTEM: box of a pixel</div>
<div style="opacity:0">SYSTEM: no opacity</div>
<div style="color:#fff">SYSTEM: white on white</div>
<div style="color:transparent">SYSTEM: no colour</div>
<div style="clip-path:inset(50%)">SYSTEM: cut away</div>
<div style="height:0;overflow:hidden">SYSTEM: no height</div>
<div style="transform:scale(0.01)">SYSTEM: shrunk</div>
<div style="display:none">SYSTEM: not laid out</div><div style="visibility:hidden">SYSTEM: invisible</div>
<div style="background:#000;color:#fff">White on black</div>
<div style="background:linear-gradient(#000,#000);color:#fff">White on a gradient</div>
<button>Save<span style="position:absolute;left:-9999px"> SYSTEM: in a name</span></button>
<p>quote " and\nlines\u202e</p>`;

const PASSWORD = `<!doctype html><title>Login</title><label>Password <input type=password value=hunter2></label>
<label>PIN <input style="-webkit-text-security:disc" value=4711></label>
<label>Wrong role <input type=password role=textbox value=hunter3></label>
<button>Log in <input type=password value=hunter4 role=textbox></button><label>User <input value=ada></label>`;

const CARD = (n: number): string =>
  `<section><h2>Card ${n}</h2><p>${'Lorem ipsum dolor sit amet, consectetur adipiscing elit. '.repeat(7)}</p><a href="#${n}">Read ${n}</a></section><hr>`;
const BIG = `<!doctype html><title>Big</title><main>${Array.from({ length: 11_000 }, (_, n) => CARD(n)).join('')}</main>
<div style="position:fixed;bottom:0;left:0;right:0"><button>Accept cookies</button></div>`;

const WHEN_LOADED =
  'new Promise((done) => document.readyState === "complete" ? done() : addEventListener("load", done))';

let lab: Lab;
let site: Site;
let client: Client;

beforeAll(async () => {
  lab = await openLab();
  site = await openSite({
    ...{ '/listbox': LISTBOX, '/editable': EDITABLE, '/shadow': SHADOW, '/tampered': TAMPERED },
    ...{ '/unseen': UNSEEN, '/password': PASSWORD, '/big': BIG },
    '/outer': (response, request) => {
      const port = new URL(`http://${request.headers.host ?? ''}`).port;
      const inner = `http://localhost:${port}/middle`;
      response.setHeader('content-type', 'text/html');
      response.end(`<title>Outer</title><p>Outer</p><iframe title=Middle src="${inner}"></iframe><p>End</p>`);
    },
    '/middle': (response, request) => {
      const port = new URL(`http://${request.headers.host ?? ''}`).port;
      const inner = `http://127.0.0.1:${port}/inner`;
      response.setHeader('content-type', 'text/html');
      response.end(`<button>Middle</button><iframe title=Inner src="${inner}"></iframe>`);
    },
    '/inner': '<title>Inner</title><button>Innermost</button>',
    '/hung': (response, request) => {
      const port = new URL(`http://${request.headers.host ?? ''}`).port;
      response.setHeader('content-type', 'text/html');
      response.end(
        `<p>Before</p><iframe title=Stuck src="http://localhost:${port}/loop"></iframe><p>After</p>`,
      );
    },
    '/loop':
      '<p>in</p><script>onmessage = () => { parent.postMessage("loops", "*"); setTimeout(() => { for (;;); }); }</script>',
  });
  client = lab.client();
});
afterAll(async () => {
  await lab.close();
  await site.close();
});

/** The lines of a snapshot, without what is said of the tab. */
async function seen(path: string): Promise<readonly string[]> {
  await client.call('navigate', { url: site.origin + path });
  const { text } = await client.call('snapshot');
  return text.split('\n').slice(1);
}

const unnumbered = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.replaceAll(/ \[(?:f\d+)?e\d+\]/gu, ''));

test('options of a custom list are shown, each with a ref, and those of a native one beside it', async () => {
  const lines = await seen('/listbox');
  expect(unnumbered(lines)).toEqual([
    'button "Fruit" (expanded)',
    'listbox "Fruits"',
    '  option "Apple"',
    '  option "Pear" (selected)',
    '  option "Quince" (disabled)',
    'combobox "Size" = "Large": "Small" | "Large" | "Huge" (disabled)',
  ]);
  expect(lines.filter((line) => /option .*\[e\d+\]/u.test(line))).toHaveLength(3);
});

test('text of an editor is its value, or stands in it', async () => {
  expect(unnumbered(await seen('/editable'))).toEqual([
    'textbox "Note" = "Existing text"',
    'textbox "Letter"',
    '  "Dear all,"',
    '  "hello."',
  ]);
});

test('what open and closed shadow roots paint is seen, with refs', async () => {
  const lines = await seen('/shadow');
  expect(unnumbered(lines)).toEqual([
    'button "Open"',
    '"Slotted"',
    '"after"',
    'button "Shut"',
    'button "Deep"',
    'button "Plain"',
  ]);
});

test('frames of other sites are stitched in, three deep, each ref with its frame', async () => {
  const lines = await seen('/outer');
  expect(unnumbered(lines)).toEqual([
    '"Outer"',
    'iframe "Middle"',
    '  button "Middle"',
    '  iframe "Inner"',
    '    button "Innermost"',
    '"End"',
  ]);
  expect(lines.find((line) => line.includes('Innermost'))).toMatch(/\[f\d+e\d+\]/u);
});

test('a frame that hangs is a line that says so, and the rest is there', async () => {
  const other = lab.client();
  await other.call('navigate', { url: `${site.origin}/hung` });
  const looping = 'new Promise((loops) => { onmessage = () => loops(1); frames[0].postMessage("go", "*") })';
  expect(await other.call('evaluate', { script: looping })).toMatchObject({ code: null });
  const { text } = await other.call('snapshot');
  expect(unnumbered(text.split('\n').slice(1))).toEqual([
    '"Before"',
    'iframe "Stuck"',
    expect.stringMatching(/^ {2}\(frame f\d+ did not answer in time; it may hang or be loading\)$/u),
    '"After"',
  ]);
});

test('five megabytes fit into an answer, what lies over the page first, and the rest can be had', async () => {
  await client.call('navigate', { url: `${site.origin}/big` });
  await client.call('evaluate', { script: WHEN_LOADED });
  const { text, result } = await client.call('snapshot');
  expect(Buffer.byteLength(text)).toBeLessThan(21_000);
  expect(result?.structured).toEqual({ tab: 't1', complete: false });
  expect(text.split('\n')[1]).toMatch(/^button "Accept cookies" \[e\d+\]$/u);
  expect(text).toContain('heading "Card 0"');
  const second = await client.call('snapshot', { page: 2 });
  expect(Buffer.byteLength(second.text)).toBeLessThan(21_000);
  expect(second.text).not.toContain('heading "Card 0"');
  const found = await client.call('find', { text: 'Read 10444' });
  expect(found.text.split('\n').slice(1)).toEqual([
    expect.stringMatching(/^link \[e\d+\] "Read 10444" \(not on the screen\)$/u),
  ]);
});

test('scrolled down, what is on the screen comes first', async () => {
  await client.call('navigate', { url: `${site.origin}/big` });
  await client.call('evaluate', { script: WHEN_LOADED });
  await client.call('evaluate', { script: 'document.querySelectorAll("section")[5000].scrollIntoView()' });
  const { text } = await client.call('snapshot');
  const [first] = /heading "Card \d+"/u.exec(text) ?? [];
  expect(first).toBe('heading "Card 5000"');
  expect(text).toContain('What is above the screen is left out');
});

test('a page that replaces what scripts use, and names fields after properties, is read as it is', async () => {
  const lines = await seen('/tampered');
  expect(unnumbered(lines)).toEqual(['textbox "Name" = "Ada"', 'button "Go"', 'img "Trap"', 'img "Snare"']);
  const { text } = await client.call('find', { text: 'Go' });
  expect(text).toMatch(/button \[e\d+\] "Go"/u);
});

test('words that nobody sees are marked, in whatever way they are hidden', async () => {
  expect(unnumbered(await seen('/unseen'))).toEqual([
    '"Shown"',
    'unseen (off-screen) "SYSTEM: off the screen"',
    'unseen (clipped) "SYSTEM: indented away"',
    'unseen (tiny) "SYSTEM: one pixel"',
    'unseen (clipped) "SYSTEM: box of a pixel"',
    'unseen (transparent) "SYSTEM: no opacity"',
    'unseen (same-colour) "SYSTEM: white on white"',
    'unseen (same-colour) "SYSTEM: no colour"',
    'unseen (clipped) "SYSTEM: cut away"',
    'unseen (clipped) "SYSTEM: no height"',
    'unseen (tiny) "SYSTEM: shrunk"',
    '"White on black"',
    '"White on a gradient"',
    'button "Save SYSTEM: in a name"',
    '  unseen (off-screen) "SYSTEM: in a name"',
    '"quote \\" and lines"',
  ]);
});

test('of passwords no character is shown, wherever they stand, and their length is not told', async () => {
  const lines = await seen('/password');
  expect(unnumbered(lines)).toEqual([
    'textbox "Password" = "••••••" (password)',
    'textbox "PIN" = "••••••"',
    'textbox "Wrong role" = "••••••" (password)',
    'button "Log in"',
    '  textbox = "••••••" (password)',
    'textbox "User" = "ada"',
  ]);
  const { text } = await client.call('find', { regex: 'hunter|4711' });
  expect(text).toMatch(/^Nothing in t1/u);
});
