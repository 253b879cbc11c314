import {
  defineTool,
  quoted,
  ToolError,
  untrustedAnswer,
  type CallContext,
  type Tool,
} from '@deskhand/server-runtime';
import { constants } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { Download } from '../../browser/downloads.ts';
import type { BrowserSession } from '../../session.ts';
import { fitting } from '../answer-size.ts';

export const downloads = (session: BrowserSession): Tool =>
  defineTool({
    name: 'downloads',
    title: 'Downloads',
    description:
      'Lists what pages had the browser fetch, waits for what is on its way, or moves one to an allowed folder.',
    input: z.object({
      action: z.enum(['list', 'wait', 'move']).default('list'),
      number: z.int().positive().optional().describe('Of the list, for move'),
      to: z.string().min(1).optional().describe('Path of the new file; a folder if it ends with /'),
    }),
    annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: true },
    run: async ({ action, number, to }, call) => {
      if (action === 'wait') await session.downloaded(call.signal);
      if (action !== 'move') return { text: listed(session.downloads) };
      if (number === undefined || to === undefined) {
        throw new ToolError('invalid_arguments', 'move needs number and to', {
          hint: 'Such as {"number": 1, "to": "report.pdf"}.',
        });
      }
      return { text: `Moved to ${quoted(await move(session, { number, to }, call))}.` };
    },
  });

function listed(all: readonly Download[]): string {
  const { lines, left } = fitting(all.map(lineOf));
  const more = left === 0 ? [] : [`(and ${left} more)`];
  return untrustedAnswer(`${all.length} downloads`, [...lines, ...more], { from: 'pages' });
}

const lineOf = ({ name, url, path, bytes, state }: Download, index: number): string =>
  `${index + 1}: ${quoted(name, 100)}, ${bytes} bytes, ${state}, from ${quoted(url, 200)}${path === null ? '' : `, at ${quoted(path)}`}`;

async function move(
  session: BrowserSession,
  { number, to }: { readonly number: number; readonly to: string },
  call: CallContext,
): Promise<string> {
  const download = session.downloads[number - 1];
  if (download?.path == null) {
    throw new ToolError('no_such_file', `No download ${number} is whole and kept here`, {
      hint: 'downloads lists them.',
    });
  }
  const from = await open(download.path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const target = await session.fileAccess.create(to.endsWith('/') ? `${to}${download.name}` : to, call);
    // the stream closes the new file
    await pipeline(from.createReadStream({ autoClose: false }), target.handle.createWriteStream(), {
      signal: call.signal,
    });
    await rm(download.path, { force: true });
    session.movedDownload(download, target.path);
    return target.path;
  } finally {
    await from.close();
  }
}
