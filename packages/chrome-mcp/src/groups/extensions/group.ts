import type { Group } from '../group.ts';
import { extensionConsole } from './extension-console.ts';
import { extensions } from './extensions.ts';

export const extensionsGroup: Group = {
  name: 'extensions',
  about: 'those that the person loaded',
  offers: ['extensions', 'extension_console'],
  open: (session) => ({
    tools: [extensions(session), extensionConsole(session)],
    close: () => undefined,
  }),
};
