import type { Protocol } from 'devtools-protocol';
import { z } from 'zod';
import type { Tab } from '../../browser/tab.ts';
import type { CdpSession } from '../../cdp/connection.ts';

/** A tool that a page offers to agents (WebMCP); all of its words are the page's. */
export interface PageTool {
  readonly name: string;
  readonly description: string;
  readonly frameId: string;
  /** JSON Schema, as the page wrote it. */
  readonly input: unknown;
  readonly annotations: Protocol.WebMCP.Annotation;
  readonly session: CdpSession;
}

/** What the pages of a session offer, by the events of the browser. */
export class OfferedTools {
  readonly #byTab = new Map<string, Map<string, PageTool>>();

  /** Gives the way to stop. */
  follow(tab: Tab): () => void {
    const tools = new Map<string, PageTool>();
    this.#byTab.set(tab.id, tools);
    const deaf = tab.sessions.follow((session) => listen(session, tools));
    return () => {
      deaf();
      this.#byTab.delete(tab.id);
    };
  }

  /** Those of documents that are there. */
  of(tab: Tab): readonly PageTool[] {
    const frames = new Set(tab.frames().map(({ id }) => id));
    return [...(this.#byTab.get(tab.id)?.values() ?? [])].filter(({ frameId }) => frames.has(frameId));
  }
}

const keyOf = ({ frameId, name }: Pick<PageTool, 'frameId' | 'name'>): string => `${frameId} ${name}`;

function listen(session: CdpSession, tools: Map<string, PageTool>): () => void {
  const stops = [
    session.on('WebMCP.toolsAdded', ({ tools: added }) => {
      for (const { name, description, frameId, inputSchema: input, annotations = {} } of added) {
        const tool = { name, description, frameId, input: z.unknown().parse(input), annotations, session };
        tools.set(keyOf(tool), tool);
      }
    }),
    session.on('WebMCP.toolsRemoved', ({ tools: removed }) => {
      for (const tool of removed) tools.delete(keyOf(tool));
    }),
  ];
  // a frame stays the same with another document, whose tools come after this
  stops.push(
    session.on('Page.frameNavigated', ({ frame }) => {
      for (const [key, { frameId }] of tools) if (frameId === frame.id) tools.delete(key);
    }),
  );
  // a browser without it offers none
  session.send('WebMCP.enable').catch(() => undefined);
  return () => {
    for (const stop of stops) stop();
    session.send('WebMCP.disable').catch(() => undefined); // its page is gone
  };
}
