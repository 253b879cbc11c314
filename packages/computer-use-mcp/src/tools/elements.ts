import { defineTool, untrustedAnswer, type CallContext, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { ElementTree, ReadOptions } from '../accessibility/accessibility.ts';
import { elementAt, findElements } from '../accessibility/element-search.ts';
import { ElementTable } from '../accessibility/element-table.ts';
import { elementLine, treeText, type Located } from '../accessibility/tree-text.ts';
import type { DesktopSession } from '../session.ts';
import { clickElement } from './element-click.ts';
import { knownElement, stale } from './element-target.ts';
import { setValue } from './element-value.ts';
import { readTree, readableWindow, type ReadableWindow } from './readable-window.ts';

const MAX_TREE_BYTES = 16_000;
const MAX_MATCHES = 15;
const TREE = { maxElements: 1000, maxDepth: 60, timeoutMs: 3000, withText: false } as const;
const SEARCH = { ...TREE, maxElements: 4000, timeoutMs: 5000 } as const;

const LOOKS = { readOnly: true, destructive: false, idempotent: true, openWorld: true } as const;

const window = z.uint32().optional().describe('Default: the one in front');

/** What is inside the windows, as their programs tell it. References hold within the session. */
export function elementTools(session: DesktopSession): readonly Tool[] {
  const table = new ElementTable();
  return [
    getUiTree(session, table),
    findElement(session, table),
    clickElement(session, table),
    setValue(session, table),
  ];
}

const getUiTree = (session: DesktopSession, table: ElementTable): Tool =>
  defineTool({
    name: 'get_ui_tree',
    title: 'Elements of a window',
    description:
      'Lists the elements that a window shows: reference, role, name, value, place in the screenshot.',
    input: z.object({
      window,
      element: z.string().optional().describe('Only what is in this element'),
    }),
    annotations: LOOKS,
    run: async (input, call) => {
      const part = input.element === undefined ? null : knownElement(table, input.element);
      const id = part?.window.id ?? input.window;
      const { tree, read } = await readFor(session, { tool: 'get_ui_tree', id, limits: TREE }, call);
      const frame = await session.frame();
      const start = part === null ? startOf(tree) : elementAt(startOf(tree), part.address.path);
      if (part !== null && start === null) throw stale(part.ref, 'the window does not show it');
      const options = { frame, table, window: { id: read.info.id, app: read.app }, maxBytes: MAX_TREE_BYTES };
      const { lines, shown, isCut } = treeText(start ?? startOf(tree), options);
      const cut = isCut ? ['(cut here; get_ui_tree with element lists one part of it whole)'] : [];
      return {
        text: untrustedAnswer(`${headline(read)}, frame ${frame.id}`, [...lines, ...cut, ...notesOn(tree)]),
        structured: {
          window: read.info.id,
          frame: frame.id,
          shown,
          complete: !isCut && tree.stopped === null,
        },
      };
    },
  });

const findElement = (session: DesktopSession, table: ElementTable): Tool =>
  defineTool({
    name: 'find_element',
    title: 'Find an element',
    description: 'Finds elements by words of their name, value or role, the best match first.',
    input: z.object({ query: z.string().min(1).describe('Such as save button'), window }),
    annotations: LOOKS,
    run: async ({ query, window: id }, call) => {
      const { tree, read } = await readFor(session, { tool: 'find_element', id, limits: SEARCH }, call);
      const frame = await session.frame();
      const found = findElements(startOf(tree), query);
      const options = { frame, table, window: { id: read.info.id, app: read.app } };
      const lines = found.slice(0, MAX_MATCHES).map((located) => elementLine(located, options));
      const more = found.length > MAX_MATCHES ? [`(${found.length - MAX_MATCHES} more)`] : [];
      const notes = [...more, ...notesOn(tree)];
      const none = `Nothing in ${headline(read)} has all these words. Use fewer words, or get_ui_tree.`;
      return {
        text:
          found.length === 0
            ? [none, ...notes].join('\n')
            : untrustedAnswer(`${found.length} in ${headline(read)}, frame ${frame.id}`, [
                ...lines,
                ...notes,
              ]),
        structured: { window: read.info.id, frame: frame.id, found: found.length },
      };
    },
  });

interface Reading {
  readonly tool: 'get_ui_tree' | 'find_element';
  readonly id: number | undefined;
  readonly limits: Omit<ReadOptions, 'signal'>;
}

async function readFor(session: DesktopSession, { tool, id, limits }: Reading, call: CallContext) {
  const wanted = await readableWindow(session, { tool, window: id }, call);
  const { tree, window: read } = await readTree(session, wanted, { ...limits, signal: call.signal });
  return { tree, read };
}

const startOf = ({ root }: ElementTree): Located => ({ element: root, within: [] });

const headline = ({ info, appName }: ReadableWindow): string => `window ${info.id} of ${appName}`;

function notesOn({ stopped, isPlaced, count }: ElementTree): readonly string[] {
  return [
    ...(stopped === 'time' ? ['(the program stopped answering; this is what it told until then)'] : []),
    ...(stopped === 'count' ? [`(the window has more than these; ${count} were read)`] : []),
    ...(isPlaced ? [] : ['(places can be off by a few pixels: click by a screenshot)']),
  ];
}
