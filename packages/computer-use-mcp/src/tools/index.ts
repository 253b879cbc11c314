import type { Tool } from '@deskhand/server-runtime';
import type { DesktopSession } from '../session.ts';
import { accessTools } from './access.ts';
import { applicationTools } from './applications.ts';
import { keyboardTools } from './keyboard.ts';
import { pointerTools } from './pointer.ts';
import { seeingTools } from './seeing.ts';
import { withStanding } from './standing.ts';

/** Every tool, in the order shown to the model. */
export const desktopTools = (session: DesktopSession): readonly Tool[] =>
  [
    ...accessTools(session),
    ...applicationTools(session),
    ...seeingTools(session),
    ...pointerTools(session),
    ...keyboardTools(session),
  ].map((tool) => withStanding(tool, session));
