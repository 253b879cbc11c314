import { defineTool, type Tool } from '@deskhand/server-runtime';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { streamed } from '../../browser/stream.ts';
import type { BrowserSession } from '../../session.ts';

/** The most that one may have, in bytes. */
const MOST_BYTES = 200_000_000;

export const pdf = (session: BrowserSession): Tool =>
  defineTool({
    name: 'pdf',
    title: 'PDF',
    description: 'Prints the page to a PDF file in an allowed folder, or to a new file of the session.',
    input: z.object({
      path: z.string().min(1).optional(),
      landscape: z.boolean().default(false),
      background: z.boolean().default(true).describe('Colours and pictures behind'),
      pages: z.string().min(1).max(100).optional().describe('Such as 1-3, 5'),
      tab: z.string().optional(),
    }),
    annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: true },
    run: async ({ path, landscape, background, pages = '', tab: id }, call) => {
      const file = path === undefined ? await ownFile(session) : await session.fileAccess.create(path, call);
      try {
        const bytes = await session.inTab(
          id,
          async ({ page }, signal) => {
            const asked = {
              landscape,
              printBackground: background,
              pageRanges: pages,
              transferMode: 'ReturnAsStream',
            } as const;
            const { stream: handle = '' } = await page.send('Page.printToPDF', asked, { signal });
            let written = 0;
            for await (const part of streamed(page, { handle, most: MOST_BYTES }, signal)) {
              await file.handle.write(part);
              written += part.length;
            }
            return written;
          },
          call,
        );
        return { text: `${bytes} bytes are in ${file.path}`, structured: { path: file.path, bytes } };
      } finally {
        await file.handle.close();
      }
    },
  });

async function ownFile(session: BrowserSession): ReturnType<BrowserSession['fileAccess']['create']> {
  const path = await session.files.reserve('page', 'pdf');
  return { handle: await open(path, 'w'), path };
}
