import type { Protocol } from 'devtools-protocol';
import { CdpFrame, type Frame } from '../../src/browser/frame.ts';
import { formatRef } from '../../src/core/ref.ts';
import { openLab, type Answer } from '../lab/browser.ts';
import { openSite, type Pages, type Site } from '../lab/site.ts';

/** A browser with one tab, and pages to act on. */
export interface Stage {
  readonly site: Site;
  /** The state folder of its browser. */
  readonly home: string;
  /** Opens a page of the site. */
  open(path: string): Promise<void>;
  /** Opens a page with this body. */
  show(body: string): Promise<void>;
  /** The reference of what a selector finds; `>>>` goes into a shadow root, `url: ` before it names a frame. */
  ref(selector: string, frameUrl?: string): Promise<string>;
  call(tool: string, input?: Record<string, unknown>): Promise<Answer>;
  /** What a script in the page gives. */
  read(script: string): Promise<unknown>;
  close(): Promise<void>;
}

const EMPTY = '<!doctype html><title>Stage</title><body></body>';

export async function openStage(pages: Pages = {}): Promise<Stage> {
  const lab = await openLab();
  const site = await openSite({ '/': EMPTY, ...pages });
  const client = lab.client();
  const { session } = client;
  const call: Stage['call'] = (tool, input) => client.call(tool, input);
  const read = async (script: string): Promise<unknown> => {
    const tab = await session.tab();
    const { result } = await tab.page.send('Runtime.evaluate', {
      expression: script,
      returnByValue: true,
      awaitPromise: true,
    });
    return result.value;
  };
  const open = async (path: string): Promise<void> => {
    const { code, text } = await call('navigate', { url: site.origin + path });
    if (code !== null) throw new Error(text);
  };
  await open('/');
  return {
    ...{ site, home: lab.home, call, read, open },
    show: async (body) => {
      await open('/');
      const { page, main } = await session.tab();
      const html = `<!doctype html><title>Stage</title>${LOG}${body}`;
      await page.send('Page.setDocumentContent', { frameId: main.id, html });
    },
    ref: async (selector, frameUrl) => {
      const tab = await session.tab();
      const frame =
        frameUrl === undefined ? tab.main : tab.frames().find(({ url }) => url.includes(frameUrl));
      if (!(frame instanceof CdpFrame)) throw new Error(`there is no frame ${frameUrl ?? ''}`);
      const backendNodeId = await find(frame, selector);
      const node = await frame.refOf(backendNodeId, new AbortController().signal);
      return formatRef({ frame: frame.ordinal, node });
    },
    close: async () => {
      await lab.close();
      await site.close();
    },
  };
}

/** `log` of the page collects what happens; `say` adds to it. */
const LOG = '<script>const log = []; const say = (...words) => log.push(words.join(" "));</script>';

async function find(frame: Frame, selector: string): Promise<number> {
  const { root } = await frame.session.send('DOM.getDocument', { depth: -1, pierce: true });
  const top = documentOf(root, frame.id) ?? root;
  let scope = top;
  for (const part of selector.split('>>>')) {
    const within = scope.shadowRoots?.[0] ?? scope;
    const { nodeId } = await frame.session.send('DOM.querySelector', {
      nodeId: within.nodeId,
      selector: part.trim(),
    });
    const found = nodeId === 0 ? null : nodeWith(top, nodeId);
    if (found === null) throw new Error(`nothing is ${selector}`);
    scope = found;
  }
  return scope.backendNodeId;
}

const below = (node: Protocol.DOM.Node): readonly Protocol.DOM.Node[] => [
  ...(node.children ?? []),
  ...(node.shadowRoots ?? []),
  ...(node.contentDocument === undefined ? [] : [node.contentDocument]),
];

const nodeWith = (node: Protocol.DOM.Node, nodeId: number): Protocol.DOM.Node | null => {
  if (node.nodeId === nodeId) return node;
  for (const child of below(node)) {
    const found = nodeWith(child, nodeId);
    if (found !== null) return found;
  }
  return null;
};

const documentOf = (node: Protocol.DOM.Node, frameId: string): Protocol.DOM.Node | null => {
  if (node.frameId === frameId && node.contentDocument !== undefined) return node.contentDocument;
  for (const child of below(node)) {
    const found = documentOf(child, frameId);
    if (found !== null) return found;
  }
  return null;
};
