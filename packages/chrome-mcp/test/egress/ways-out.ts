import type { ServerResponse } from 'node:http';

/** The ways that a page, or what it starts, has to another origin; each ends in its name. */
const WAYS = [
  ...[
    'style',
    'style-import',
    'font',
    'image',
    'srcset',
    'frame',
    'object',
    'embed',
    'video',
    'script',
    'svg',
  ],
  ...['modulepreload', 'prefetch', 'preload', 'manifest', 'redirected', 'redirected-frame', 'refreshed'],
  ...[
    'fetch',
    'fetch-redirected',
    'xhr',
    'beacon',
    'kept',
    'events',
    'module',
    'popup',
    'socket',
    'form',
    'ping',
  ],
  ...['worker', 'worker-import', 'worker-socket', 'worker-in-worker', 'shared', 'service', 'service-answer'],
  ...['csp-report', 'source-map', 'blob-frame', 'data-frame', 'sandboxed'],
] as const;

/** A name that a page would have looked up; nobody has it. */
export const LOOKED_UP = 'words-of-the-page.leak.example';

/** Those that this browser takes, without a window, when it may. */
export const TAKEN = WAYS.filter((way) => !['manifest', 'source-map'].includes(way));

const inScript = (text: string): string => `<script>${text}</script>`;

/** A page that takes every way to `there`, from all that it can start, and says `/done` to its own server then. */
export const waysOut = (there: string, ports: { readonly udp: number; readonly tcp: number }): string => {
  const to = (way: string): string => `${there}/${way}`;
  const socket = there.replace('http', 'ws');
  return `<!doctype html><title>ways</title>
  <link rel=preconnect href="${there}"><link rel=dns-prefetch href="//${LOOKED_UP}">
  <link rel=prefetch href="${to('prefetch')}"><link rel=icon href="${to('icon')}">
  <link rel=modulepreload href="${to('modulepreload')}"><link rel=manifest href="${to('manifest')}">
  <link rel=preload as=image href="${to('preload')}"><link rel=stylesheet href="${to('style')}">
  <style>@import "${to('style-import')}"; @font-face { font-family: f; src: url("${to('font')}") }</style>
  <p style="font-family: f">words</p>
  <img src="${to('image')}"><img srcset="${to('srcset')} 1x"><svg><image href="${to('svg')}"/></svg>
  <iframe src="${to('frame')}"></iframe><object data="${to('object')}"></object><embed src="${to('embed')}">
  <iframe src="/redirect?to=redirected-frame"></iframe><iframe src="/refresh"></iframe>
  <iframe sandbox="allow-scripts" srcdoc="<script>fetch('${to('sandboxed')}', { mode: 'no-cors' })</script>"></iframe>
  <iframe src="data:text/html,<img src='${to('data-frame')}'>"></iframe>
  <video src="${to('video')}"></video><script src="${to('script')}"></script><script src="/mapped.js"></script>
  <form id=f action="${to('form')}" target=nowhere method=post></form><iframe name=nowhere></iframe>
  <button onclick="window.open('${to('popup')}')">Open</button><a id=a href="#x" ping="${to('ping')}">link</a>
  <script type=speculationrules>{"prefetch":[{"source":"list","urls":["${to('speculated')}"]}]}</script>
  ${inScript(`
    const there = ${JSON.stringify(there)}, quiet = { mode: 'no-cors' };
    const frame = document.createElement('iframe');
    const tries = [
      () => fetch(there + '/fetch', quiet),
      () => fetch('/redirect?to=fetch-redirected', quiet),
      () => { const x = new XMLHttpRequest(); x.open('GET', there + '/xhr'); x.send(); },
      () => fetch('/redirect?to=redirected'),
      () => navigator.sendBeacon(there + '/beacon', 'x'),
      () => fetch(there + '/kept', { keepalive: true, ...quiet }),
      () => new EventSource(there + '/events'),
      () => new WebSocket(${JSON.stringify(socket)} + '/socket'),
      () => import(there + '/module'),
      () => document.getElementById('f').submit(),
      () => document.getElementById('a').click(),
      () => new Worker('/worker.js'),
      () => new SharedWorker('/shared.js'),
      () => navigator.serviceWorker.register('/service.js').then(() => navigator.serviceWorker.ready)
        .then(() => { frame.src = '/served/page'; document.body.append(frame); }),
      () => { const inner = document.createElement('iframe');
        inner.src = URL.createObjectURL(new Blob(['<img src="' + there + '/blob-frame">'], { type: 'text/html' }));
        document.body.append(inner); },
      () => new WebTransport(there.replace('http:', 'https:') + '/transport').closed,
      () => {
        const urls = ['stun:127.0.0.1:${ports.udp}', 'turn:127.0.0.1:${ports.tcp}?transport=tcp'];
        const peer = new RTCPeerConnection({ iceServers: [{ urls, username: 'u', credential: 'p' }] });
        peer.createDataChannel('x');
        return peer.createOffer().then((offer) => peer.setLocalDescription(offer));
      },
    ];
    const go = () => {
      for (const attempt of tries) try { Promise.resolve(attempt()).catch(() => {}) } catch {}
      // what goes out late, such as beacons and prefetches, has gone by then
      setTimeout(() => fetch('/done'), 2000);
    };
    if (document.readyState === 'complete') go(); else addEventListener('load', go);
  `)}`;
};

/** The other answers of the page's own server. */
export function answerWay(path: string, there: string, response: ServerResponse): boolean {
  const { pathname, searchParams } = new URL(path, 'http://localhost');
  const scripts = scriptsTo(there)[pathname];
  if (pathname === '/redirect') {
    response.writeHead(302, { location: `${there}/${searchParams.get('to') ?? ''}` }).end();
  } else if (pathname === '/refresh') {
    response.setHeader('content-type', 'text/html');
    response.end(`<meta http-equiv=refresh content="0;url=${there}/refreshed">`);
  } else if (scripts !== undefined) {
    response.setHeader('content-type', 'text/javascript').end(scripts);
  } else if (pathname === '/served/page') {
    response.setHeader('content-type', 'text/html').end('<img src="/served/image">');
  } else {
    return false;
  }
  return true;
}

const scriptsTo = (there: string): Readonly<Record<string, string>> => {
  const quiet = '{ mode: "no-cors" }).catch(() => {})';
  const fetching = (way: string): string => `fetch("${there}/${way}", ${quiet};`;
  return {
    '/worker.js': `${fetching('worker')} new Worker('/inner.js');
      try { new WebSocket("${there.replace('http', 'ws')}/worker-socket") } catch {}
      try { importScripts("${there}/worker-import") } catch {}`,
    '/inner.js': fetching('worker-in-worker'),
    '/shared.js': fetching('shared'),
    '/service.js': `${fetching('service')}
      addEventListener('activate', (event) => event.waitUntil(clients.claim()));
      addEventListener('fetch', (event) => {
        if (event.request.url.endsWith('/served/image')) event.respondWith(fetch("${there}/service-answer", { mode: "no-cors" }));
      });`,
    '/mapped.js': `1;\n//# sourceMappingURL=${there}/source-map`,
  };
};
