import { ToolError, type Tool } from '@deskhand/server-runtime';
import type { DesktopSession } from '../session.ts';

/** What the session that holds a button may do with it. */
const WITH_BUTTON_DOWN: ReadonlySet<string> = new Set([
  ...['mouse_move', 'left_mouse_up', 'left_mouse_down', 'key', 'hold_key', 'type', 'computer_batch'],
]);

/** A tool that acts, which refuses while a button is held that its action would be mixed with. */
export const sparingHeldButtons = (session: DesktopSession, tool: Tool): Tool =>
  tool.annotations.readOnly || tool.always === true
    ? tool
    : {
        ...tool,
        run: async (input, call) => {
          const { holding } = session.desktop;
          await holding?.untilLetGo();
          const holder = holding?.heldBy() ?? null;
          if (holder !== null && holder !== call.session) throw heldByAnother();
          if (holder !== null && !WITH_BUTTON_DOWN.has(tool.name)) throw heldByYou();
          return tool.run(input, call);
        },
      };

const heldByAnother = (): ToolError =>
  new ToolError('input_in_use', 'Another session holds a mouse button', {
    hint: 'Try again later: it is let go of after a minute at the latest.',
  });

const heldByYou = (): ToolError =>
  new ToolError('input_in_use', 'The left button is down', {
    hint: 'Use mouse_move to drag, and left_mouse_up first for anything else.',
  });
