import { defineTool, quoted, untrustedAnswer, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { BrowserSession } from '../../session.ts';
import { fitting } from '../answer-size.ts';
import { loadedExtensions, workerOf } from './loaded.ts';

export const extensions = (session: BrowserSession): Tool =>
  defineTool({
    name: 'extensions',
    title: 'Extensions',
    description: 'Lists the extensions that the person loaded, and whether their service workers run.',
    input: z.object({}),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
    run: async (_, { signal }) => {
      const { browser } = (await session.browser(signal)).connection;
      const all = await loadedExtensions(browser, signal);
      const told = all.map(async (one) => {
        const runs = (await workerOf(browser, one, signal)) === null ? 'does not run' : 'runs';
        const state = one.enabled ? '' : ', switched off';
        return `${one.id} ${quoted(one.name, 80)} ${quoted(one.version, 20)}${state}, service worker ${runs}`;
      });
      const { lines, left } = fitting(await Promise.all(told));
      const more = left === 0 ? [] : [`(${left} more do not fit)`];
      return {
        text: untrustedAnswer(`${all.length} extensions`, [...lines, ...more], { from: 'extensions' }),
      };
    },
  });
