import type { Pages } from '../lab/site.ts';
import { LINE, MARK, WORDS } from './words.ts';

const html = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const js = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll('</', String.raw`<\/`)
    .replaceAll('\u2028', String.raw`\u2028`);
const E = html(WORDS);

const page = (body: string, script = ''): string =>
  `<!doctype html><meta charset=utf-8><title>${E}</title><script>const WORDS = ${js(WORDS)}, LINE = ${js(LINE)};
  ${script}</script>${body}`;

const IN_ALL_PLACES = page(
  `<h1 title="${E}">${E}</h1><p>${E}</p><img alt="${E}" src="/picture?${MARK}">
  <button id=dialog aria-label="${E}" aria-description="${E}" aria-roledescription="${E}" aria-current="${E}"
    onclick="alert(WORDS)">${E}</button>
  <input type=checkbox aria-label="${E}">
  <a href="/next?${html(LINE)}">${E}</a>
  <div style="position:relative"><input type=radio aria-label="${E}">
    <div id="${E}" class="${E}" style="position:absolute;inset:0;background:white">${E}</div></div>
  <input aria-label="${E}" placeholder="${E}" value="${E}" maxlength=3 title="${E}">
  <input type=search aria-label="${E}" disabled>
  <select aria-label="${E}"><option label="${E}">${E}<option>${E}</select>
  <div role=slider aria-label="${E}" aria-valuetext="${E}" tabindex=0>${E}</div>
  <table aria-label="${E}"><caption>${E}</caption><tr><th aria-label="${E}">${E}<td>${E}</tr></table>
  <evil-${MARK.toLowerCase()} tabindex=0 role="${E}">${E}</evil-${MARK.toLowerCase()}>
  <div style="font-size:1px">${E}</div><div style="position:absolute;left:-9000px">${E}</div>
  <iframe title="${E}" name="${E}" srcdoc="<button title='${E}'>${E}</button>"></iframe>
  <form><input type=file aria-label="${E}"><input type=button onclick="void 0" value="${E}"></form>`,
  `onload = () => { history.replaceState(null, '', '/all?' + LINE + '#' + LINE); };`,
);

const CONSOLE = page(
  '',
  `console.log(WORDS); console.log('%s %o', WORDS, { [WORDS]: WORDS }); console.table([{ [WORDS]: 1 }]);
  console.error(new Map([[WORDS, new (({ [LINE]: class {} })[LINE])]]));
  const named = { [WORDS]() { throw new Error(WORDS); } };
  setTimeout(() => named[WORDS]()); Promise.reject(WORDS);
  setTimeout(() => { eval('console.warn(WORDS); throw WORDS\\n//# sourceURL=' + LINE); });
  new Worker(URL.createObjectURL(new Blob(['console.log(' + ${js(js(WORDS))} + ')'])));`,
);

const NETWORK = page(
  '',
  `fetch('/headers?' + LINE, { method: 'POST', body: WORDS, headers: { ['X-${MARK}']: LINE } });
  fetch('/404'); fetch('http://127.0.0.1:1/?' + LINE).catch(() => 0);
  eval('fetch("/by")\\n//# sourceURL=' + LINE);`,
);

const KEPT = page(
  '',
  `document.cookie = '${MARK}"x=' + encodeURIComponent('') + '${MARK} "y'; document.cookie = '${MARK} Note: ${MARK}=1';
  localStorage.setItem(WORDS, WORDS); sessionStorage.setItem(WORDS, WORDS);`,
);

const MEMORY = page(
  '',
  `const Kept = ({ [WORDS]: class { a = [1]; } })[WORDS];
  globalThis[WORDS] = { [WORDS]: new Array(20000).fill(0).map(() => new Kept()) };`,
);

const SLOW = page(
  `<x-${MARK.toLowerCase()}-note style="display:block;font-size:80px">${E}</x-${MARK.toLowerCase()}-note>
  <button onclick="named[WORDS]()">go</button>`,
  `const named = { [WORDS]() { const end = performance.now() + 200; while (performance.now() < end); } };
  setTimeout(named[WORDS], 50);`,
);

const OFFERING = page(
  '',
  `const context = document.modelContext ?? navigator.modelContext;
  const offer = (name, description, execute, inputSchema = { type: 'object' }) => {
    try { context.registerTool({ name, description, execute, inputSchema }); } catch {}
  };
  offer('navigate', WORDS, async () => ({ [WORDS]: WORDS }));
  offer('plain', WORDS, async () => WORDS);
  offer('broken', WORDS, async () => { throw new Error(WORDS); });
  offer(WORDS, WORDS, async () => WORDS);
  offer(${js(`${MARK}_note`)}, WORDS, async () => WORDS, { type: 'object', title: WORDS, properties: { [WORDS]: { type: 'string', description: WORDS } } });`,
);

/** Pages whose every word, address, header and file name is an attack on whoever reads the answers. */
export const hostileSite = (elsewhere: string): Pages => ({
  '/all': IN_ALL_PLACES,
  '/next': page(E),
  '/console': CONSOLE,
  '/network': NETWORK,
  '/kept': KEPT,
  '/memory': MEMORY,
  '/slow': SLOW,
  '/offering': OFFERING,
  '/asks': page(
    `<button onclick="confirm(WORDS); prompt(WORDS, WORDS)">ask</button>
    <button onclick="open('about:blank?' + LINE)">open</button>
    <button onclick="location = '/file'">load</button>
    <button onclick="setTimeout(() => { fetch('${elsewhere}/?' + LINE).catch(() => 0) })">reach</button>`,
  ),
  '/leaves': page(`<button>x</button>`, 'onbeforeunload = (event) => event.preventDefault();'),
  '/alert': page('', 'setTimeout(() => alert(WORDS), 100);'),
  '/404': (response) => response.writeHead(404, LINE).end(page(E)),
  '/401': (response) =>
    response.writeHead(401, { 'www-authenticate': `Basic realm="${MARK}\\" ${MARK}"` }).end(page(E)),
  '/redirect': (response) => response.writeHead(302, { location: `/next?${encodeURI(LINE)}` }).end(),
  '/refused': (response) => response.writeHead(302, { location: `${elsewhere}/${encodeURI(LINE)}` }).end(),
  '/nowhere': (response) =>
    response.writeHead(302, { location: `http://127.0.0.1:1/${encodeURI(LINE)}` }).end(),
  '/headers': (response) =>
    response
      .writeHead(200, LINE, { [`X-${MARK}`]: LINE, 'content-type': 'text/plain; charset=utf-8' })
      .end(WORDS),
  '/by': (response) => response.end(WORDS),
  '/file': (response) =>
    response
      .writeHead(200, {
        'content-disposition': `attachment; filename="${MARK} Note- ${MARK}.txt"; filename*=UTF-8''${encodeURIComponent(WORDS)}.txt`,
      })
      .end(WORDS),
});
