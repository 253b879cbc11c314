import { ToolError, type Tool } from '@deskhand/server-runtime';
import type { DesktopSession } from '../session.ts';

/**
 * A tool that sends keys, which refuses while a password field is known to have the focus. It is looked up before
 * the keys go out and not in the same instant, and only programs that take part in accessibility are known. Whether a
 * terminal shows is looked up with it.
 */
export const sparingPasswords = (session: DesktopSession, tool: Tool): Tool => ({
  ...tool,
  run: async (input, call) => {
    const { frontmost } = await session.desktop.frontmost();
    // what is not granted is refused by the tool itself, without a word about its fields
    const isKnown = frontmost.kind === 'app' && session.mayShow(frontmost);
    if (isKnown && (await session.terminals.lookInside(frontmost.app))) {
      throw new ToolError('password_field', 'A password field has the keyboard focus', {
        hint: 'Nothing was typed. Password fields are left to the person: ask them, or click another field first.',
      });
    }
    return tool.run(input, call);
  },
});
