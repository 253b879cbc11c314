import { ELEMENT_PATTERNS, ELEMENT_TOOL_TABLE, type ElementCells } from './element-tool-table.ts';
import type { Kind, ToolRow } from './tool-table.ts';
import type { ToolUse } from './tool-uses.ts';

/** Names of what every window says that it has in it. */
export const BUTTON = 'button of the drill';
export const FIELD = 'field of the drill';

const cellsOf = (pattern: ElementCells): ToolRow['frontmost'] => {
  const [read, click, full, ungranted, denied] = ELEMENT_PATTERNS[pattern];
  return { read, click, full, ungranted, denied, none: pattern === 'anything' ? 'ok' : 'protected_app' };
};

/** The tools for elements, as the table of the others has them. */
export const ELEMENT_ROWS: readonly ToolRow[] = ELEMENT_TOOL_TABLE.map(([tool, frontmost, recipient]) => ({
  ...{ tool, use: tool },
  ...{ frontmost: cellsOf(frontmost), recipient: cellsOf(recipient) },
}));

/** Who may not be read gives no reference that could be used. */
const UNREADABLE: ReadonlySet<Kind> = new Set(['ungranted', 'denied', 'none']);

export const canBeTried = ({ tool }: ToolRow, stand: string, kind: Kind): boolean =>
  ELEMENT_USES[tool]?.finds === undefined || stand === 'frontmost' || !UNREADABLE.has(kind);

/** By the name of the tool. */
export const ELEMENT_USES: Readonly<Record<string, ToolUse>> = {
  get_ui_tree: { by: 'nothing', arguments: ({ window }) => window, input: [] },
  find_element: { by: 'nothing', arguments: ({ window }) => ({ ...window, query: BUTTON }), input: [] },
  read_page: { by: 'nothing', arguments: ({ window }) => window, input: [] },
  click_element: {
    ...{ by: 'pointer', finds: BUTTON, arguments: ({ element }) => ({ element }) },
    input: [
      ['MotionNotify', 0],
      ['ButtonPress', 1],
      ['ButtonRelease', 1],
    ],
  },
  set_value: {
    ...{ by: 'nothing', finds: FIELD, input: [] },
    arguments: ({ element }, attempt) => ({ element, value: `value ${attempt}` }),
  },
};
