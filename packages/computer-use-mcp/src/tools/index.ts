import type { Tool } from '@deskhand/server-runtime';
import { dryTool } from '../dry-run.ts';
import { toToolError } from '../errors.ts';
import type { DesktopSession } from '../session.ts';
import { accessTools } from './access.ts';
import { applicationTools } from './applications.ts';
import { batchTools } from './batch.ts';
import { clipboardTools } from './clipboard.ts';
import { displayTools } from './displays.ts';
import { withEffect } from './effect.ts';
import { elementTools } from './elements.ts';
import { sparingHeldButtons } from './held-guard.ts';
import { holdingTools } from './holding.ts';
import { keyHoldingTools } from './key-holding.ts';
import { keyboardTools } from './keyboard.ts';
import { sparingPasswords } from './password-guard.ts';
import { personFirst } from './person-first.ts';
import { pictureTools } from './pictures.ts';
import { pointerTools } from './pointer.ts';
import { readingTools } from './reading.ts';
import { waitingTools } from './waiting.ts';
import { windowTools } from './windows.ts';

interface ToolOptions {
  /** The parts of the session do nothing, and answers say so. */
  readonly dryRun: boolean;
}

/** Every tool, in the order shown to the model. */
export const desktopTools = (session: DesktopSession, { dryRun }: ToolOptions): readonly Tool[] => {
  const truthful = (tool: Tool): Tool => (dryRun ? dryTool(tool) : tool);
  const telling = (tools: readonly Tool[]): readonly Tool[] =>
    tools.map((tool) => (dryRun ? dryTool(tool) : withEffect(session, tool)));
  return [
    ...accessTools(session),
    ...telling(applicationTools(session)),
    ...pictureTools(session),
    ...displayTools(session),
    ...windowTools(session),
    ...waitingTools(session),
    ...telling([...pointerTools(session), ...holdingTools(session)]),
    ...telling(
      [...keyboardTools(session), ...keyHoldingTools(session)].map((tool) => sparingPasswords(session, tool)),
    ),
    ...clipboardTools(session).map(truthful),
    ...telling(elementTools(session)),
    ...readingTools(session),
    ...batchTools(session).map(truthful),
  ].map((tool) => withDesktopErrors(personFirst(session, sparingHeldButtons(session, tool))));
};

/** Failures of the desktop are answers, not bugs. */
const withDesktopErrors = (tool: Tool): Tool => ({
  ...tool,
  run: async (input, call) => {
    try {
      return await tool.run(input, call);
    } catch (error) {
      throw toToolError(error) ?? error;
    }
  },
});
