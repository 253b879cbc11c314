import type { Case } from '../case.ts';

const html = { 'content-type': 'text/html' };

/** Pages that come late, not at all, or as something else. */
export const loading: readonly Case[] = [
  {
    name: 'a page that its server refuses with 500 says so',
    page: { '': (response) => void response.writeHead(500, html).end('<h1>Broken</h1>') },
    steps: [{ open: '', refused: /500/u }],
  },
  {
    name: 'a page that is not there says 404',
    page: { '': '<h1>Here</h1>' },
    steps: [{ open: 'nowhere', refused: /404/u }],
  },
  {
    name: 'a server that is not there is an error with its reason',
    page: '<h1>Here</h1>',
    steps: [
      { open: '' },
      { open: 'http://127.0.0.1:1/', refused: /REFUSED|UNSAFE|not allowed|reach|private/iu },
    ],
  },
  {
    name: 'a page that asks for a password is an error that says so',
    page: {
      '': (response) =>
        void response.writeHead(401, { ...html, 'www-authenticate': 'Basic realm="x"' }).end('no'),
    },
    steps: [{ open: '', refused: /401|auth|password/iu }],
  },
  {
    name: 'an answer without a page leaves the page',
    page: {
      '': '<h1>Stays</h1><a href="none">Nothing</a>',
      none: (response) => void response.writeHead(204).end(),
    },
    steps: [{ click: 'link "Nothing"' }, { see: ['Stays'] }],
  },
  {
    name: 'a click to a page that comes after a second is answered with that page',
    page: {
      '': '<a href="slow">Slow</a>',
      slow: (response) => void setTimeout(() => response.writeHead(200, html).end('<h1>Arrived</h1>'), 1_000),
    },
    steps: [{ click: 'link "Slow"' }, { see: ['Arrived'] }],
  },
  {
    name: 'words that a request brings a second after the click are there after the answer',
    page: {
      '': `<button onclick="fetch('data').then((r) => r.text()).then((t) => out.textContent = t)">Load</button><p id=out>Empty</p>`,
      data: (response) => void setTimeout(() => response.end('Fresh data'), 1_000),
    },
    steps: [{ click: 'button "Load"' }, { see: ['Fresh data'] }],
  },
  {
    name: 'a page that changes every 50 ms is used like any other',
    page: `<p id=n>0</p><button onclick="tell('pressed')">Go</button><script>let i = 0; setInterval(() => n.textContent = ++i, 50)</script>`,
    steps: [{ click: 'button "Go"' }],
    told: ['pressed'],
    deadlineMs: 10_000,
  },
  {
    name: 'a page whose picture never comes is used',
    page: {
      '': `<img src="never" alt=Never><button onclick="tell('pressed')">Go</button>`,
      never: () => undefined,
    },
    steps: [{ click: 'button "Go"' }],
    told: ['pressed'],
  },
  {
    name: 'a page that goes on by itself is followed',
    page: {
      '': '<script>location.replace("two")</script>',
      two: '<script>setTimeout(() => location.href = "three", 50)</script>',
      three: '<h1>Third</h1>',
    },
    steps: [{ open: '' }, { wait: 'Third' }, { see: ['Third'] }],
  },
  {
    name: 'a page that its server sends on twice is told with the last address',
    page: {
      '': (response) => void response.writeHead(302, { location: 'b' }).end(),
      b: (response) => void response.writeHead(302, { location: 'c' }).end(),
      c: '<h1>Landed</h1>',
    },
    steps: [{ open: '', says: /\/c\b/u }, { see: ['Landed'] }],
  },
  {
    name: 'a step back shows the page before as it is now',
    page: { '': '<h1>First</h1>', two: '<h1>Second</h1>' },
    steps: [{ open: '' }, { open: 'two' }, { go: 'back' }, { see: ['First'], lacks: ['Second'] }],
  },
  {
    name: 'a page with its own router is a new page without a load',
    page: `<a href="#" onclick="history.pushState(0, '', 'shop'); h.textContent = 'Shop'; return false">Shop</a><h1 id=h>Home</h1>`,
    steps: [{ click: 'link "Shop"' }, { see: ['heading "Shop"', 'shop'] }],
  },
  {
    name: 'a link to a file is told with its name, and the page stays',
    page: {
      '': '<a href="file" download>Get</a><h1>Stays</h1>',
      file: (response) =>
        void response
          .writeHead(200, {
            'content-type': 'application/zip',
            'content-disposition': 'attachment; filename=report.zip',
          })
          .end('PK'),
    },
    steps: [{ click: 'link "Get"', says: /report\.zip|download/iu }, { see: ['Stays'] }],
  },
  {
    name: 'an address that is a file is told as one',
    page: {
      '': '<h1>Stays</h1>',
      file: (response) =>
        void response
          .writeHead(200, {
            'content-type': 'application/zip',
            'content-disposition': 'attachment; filename=report.zip',
          })
          .end('PK'),
    },
    steps: [{ open: '' }, { open: 'file', says: /report\.zip|download/iu }, { see: ['Stays'] }],
  },
  {
    name: 'a script that blocks the page for two seconds is waited for',
    page: `<button onclick="const end = Date.now() + 2000; while (Date.now() < end); tell('pressed')">Slow</button>`,
    steps: [{ click: 'button "Slow"' }, { see: ['Slow'] }],
    told: ['pressed'],
    deadlineMs: 30_000,
  },
  {
    name: 'a script without end is ended or told, and the next page works',
    page: { '': `<button onclick="for (;;);">Loop</button>`, next: '<h1>Works</h1>' },
    steps: [
      { click: 'button "Loop"', orRefused: /without end|hung|time|answer/iu },
      { open: 'next' },
      { see: ['Works'] },
    ],
    deadlineMs: 40_000,
  },
];
