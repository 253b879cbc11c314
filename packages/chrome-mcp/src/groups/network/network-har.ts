import { defineTool, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { BrowserSession } from '../../session.ts';
import { version } from '../../version.ts';
import { requestBody, responseBody } from './body.ts';
import type { ExchangeLog } from './exchange-log.ts';
import { harOf, type HarPart } from './har.ts';

/** Bytes of bodies in one archive. */
const MOST_BODIES = 50_000_000;

export const networkHar = (session: BrowserSession, log: ExchangeLog): Tool =>
  defineTool({
    name: 'network_har',
    title: 'HAR file',
    description:
      'Writes the requests of a tab to a HAR file, secrets in headers masked, on demand with bodies.',
    input: z.object({ bodies: z.boolean().default(false), tab: z.string().optional() }),
    annotations: { readOnly: true, destructive: false, idempotent: false, openWorld: true },
    run: async ({ bodies, tab: id }, { signal }) => {
      const tab = await session.tab(id, signal);
      const parts: HarPart[] = [];
      let free = MOST_BODIES;
      for (const exchange of log.of(tab.id).toReversed()) {
        const isWanted = bodies && free > 0;
        const sent = isWanted ? await requestBody(exchange, signal) : exchange.postData;
        const got = isWanted ? await responseBody(exchange, signal) : null;
        free -= (sent?.length ?? 0) + (got?.data.length ?? 0);
        parts.push({ exchange, sent, got });
      }
      const path = await session.files.write('requests', 'har', harOf(parts, version));
      return {
        text: `${parts.length} requests are in ${path}`,
        structured: { path, requests: parts.length },
      };
    },
  });
