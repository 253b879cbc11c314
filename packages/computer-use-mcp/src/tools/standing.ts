import { ToolError, type Tool } from '@deskhand/server-runtime';
import { toToolError } from '../errors.ts';
import type { DesktopSession } from '../session.ts';

type Standing = Readonly<Record<string, unknown>>;

/** What is said of the desktop when it cannot be reached. */
const NOBODY: Standing = { tier: 'none', frontmost: null };

/**
 * Sees to what all answers have in common: refused or not, each says which application is in front and the tier
 * that counted, and failures of the desktop are answers too.
 */
export const withStanding = (tool: Tool, session: DesktopSession): Tool => ({
  ...tool,
  run: async (input, call) => {
    try {
      const result = await tool.run(input, call);
      return { ...result, structured: await stand(result.structured ?? {}, session) };
    } catch (error) {
      const known = toToolError(error);
      if (known === null) throw error;
      const { code, message, hint, cause } = known;
      const details = await stand(known.details, session);
      throw new ToolError(code, message, { details, cause, ...(hint === undefined ? {} : { hint }) });
    }
  },
});

async function stand(said: Standing, session: DesktopSession): Promise<Standing> {
  if (said['tier'] !== undefined) return said;
  try {
    return { ...session.describe(await session.desktop.frontmost()), ...said };
  } catch {
    return { ...NOBODY, ...said }; // the answer itself already says what is wrong with the desktop
  }
}
