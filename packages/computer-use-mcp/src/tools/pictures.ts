import { defineTool, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import { capturePart, fitInto, type Frame } from '../core/frame.ts';
import { area } from '../core/geometry.ts';
import { PictureIds } from '../picture-ids.ts';
import { crop, encode } from '../picture.ts';
import type { DesktopSession } from '../session.ts';
import type { Sight } from '../sight.ts';
import { locateRegion, region } from './region.ts';

const LOOKS = { readOnly: true, destructive: false, idempotent: true, openWorld: true } as const;

export const pictureTools = (session: DesktopSession): readonly Tool[] => [
  screenshot(session, new PictureIds()),
  zoom(session),
];

const screenshot = (session: DesktopSession, ids: PictureIds): Tool =>
  defineTool({
    name: 'screenshot',
    title: 'Screenshot',
    description:
      'Takes a picture of the screen. Coordinates are pixels of the last one; with its frame id as frame, a tool refuses them when it is out of date. What is not granted is black.',
    input: z.object({ since: z.string().optional().describe('No image if still this picture') }),
    annotations: LOOKS,
    run: async ({ since }, call) => {
      const frame = await session.frame();
      const sight = await session.see(frame.display, call);
      const { capture } = sight;
      const picture = ids.idOf(capture.pixels, frame.id);
      if (since === picture) {
        return {
          text: `Nothing changed since ${picture}.`,
          structured: { frame: frame.id, picture, unchanged: true },
        };
      }
      const image = await encode(capture, frame.image);
      const { width, height } = frame.image;
      const share = area(capture.masked) / (capture.width * capture.height);
      const hidden =
        share === 0
          ? ''
          : ` ${Math.ceil(share * 100)} % of it is black: windows of applications that are not granted.`;
      const note = await displayNote(session, frame);
      return {
        text: `Screenshot ${picture} of ${width} x ${height} pixels, frame ${frame.id}.${hidden}${passwordNote(sight)}${note}`,
        images: [image],
        structured: {
          frame: frame.id,
          picture,
          unchanged: false,
          width,
          height,
          screen: { width: frame.display.width, height: frame.display.height },
          ...(note === '' ? {} : { display: frame.display.name }),
          hiddenShare: Number(share.toFixed(4)),
        },
      };
    },
  });

/** What is said of password fields, when there is something to say. */
function passwordNote({ hidesPasswords, silent }: Sight): string {
  const hidden = hidesPasswords ? ' Password fields are black.' : '';
  return silent.length === 0
    ? hidden
    : `${hidden} Not known in time: where ${silent.length === 1 ? 'a program has' : `${silent.length} programs have`} password fields.`;
}

/** Where the picture is from, when there is more than one place. */
async function displayNote(session: DesktopSession, { display }: Frame): Promise<string> {
  const displays = await session.displays();
  if (displays.length < 2) return '';
  const others = displays.flatMap(({ name }) => (name === display.name ? [] : [name]));
  return ` It shows display ${display.name}; switch_display changes to ${others.join(' or ')}.`;
}

const zoom = (session: DesktopSession): Tool =>
  defineTool({
    name: 'zoom',
    title: 'Zoom',
    description:
      'Shows a part of the screen in full detail, to read small text. Coordinates stay those of the screenshot.',
    input: z.object({
      region,
      frame: z.string().optional(),
    }),
    annotations: LOOKS,
    run: async ({ region: corners, frame: frameId }, call) => {
      const { frame, rect } = await locateRegion(session, { region: corners, frame: frameId });
      const sight = await session.see(frame.display, call);
      const part = crop(sight.capture, capturePart(frame.display, rect));
      const size = fitInto(part, frame.image);
      const [x0 = 0, , x1 = 0] = corners;
      return {
        text: `Detail of [${corners.join(', ')}], ${(size.width / (x1 - x0)).toFixed(1)} times as large. Coordinates are still those of frame ${frame.id}.${passwordNote(sight)}`,
        images: [await encode(part, size, 'detail')],
        structured: { frame: frame.id, region: corners, width: size.width, height: size.height },
      };
    },
  });
