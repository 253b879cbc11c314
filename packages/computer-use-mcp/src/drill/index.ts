export { KINDS, STANDS, SHOWN, TOOL_TABLE, CELLS } from './tool-table.ts';
export type { Cell, Kind, Stand, ToolRow } from './tool-table.ts';
export { TOOL_USES } from './tool-uses.ts';
export type { Input, ToolUse, Target } from './tool-uses.ts';
export { ELEMENT_PATTERNS, ELEMENT_TOOL_TABLE } from './element-tool-table.ts';
