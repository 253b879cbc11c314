import sharp from 'sharp';

import { pictureOf, type ScreenPicture } from '../lab/screen-picture.ts';
import type { Rect } from '../lab/windows.ts';
import type { Stage } from './stage.ts';
import type { ImageFile } from './story.ts';

/** One moment as the agent gets it and as it is. */
export interface Moment {
  readonly agent: ImageFile;
  readonly screen: ScreenPicture;
}

/** Frames and rounded corners are not looked at. */
const INSET = 8;
/** Compression changes black a little. */
const NEARLY_BLACK = 8;

/** Takes a screenshot as the agent does, and a picture of the same screen with xwd. */
export async function takeMoment({ agent, desktop }: Stage): Promise<Moment> {
  const screen = await pictureOf(desktop);
  const { images } = await agent.does('screenshot');
  const [image] = images;
  if (image === undefined) throw new Error('the screenshot came without a picture');
  return { agent: image, screen };
}

/** Takes both pictures and puts them into the report. */
export async function takeView(stage: Stage, title: string, caption: string): Promise<Moment> {
  const moment = await takeMoment(stage);
  const { desktop, story } = stage;
  const person = { mimeType: 'image/png', data: moment.screen.toPng() };
  story.show({ title, caption, agent: moment.agent, ...(desktop.wm === 'other' ? {} : { person }) });
  return moment;
}

function shareOf(pixels: Uint8Array): number {
  let black = 0;
  for (let at = 0; at + 2 < pixels.length; at += 3) {
    const isBlack = [0, 1, 2].every((channel) => (pixels[at + channel] ?? 0) <= NEARLY_BLACK);
    if (isBlack) black += 1;
  }
  return black / (pixels.length / 3);
}

/** How much of a window is black in the agent's picture, from 0 to 1. */
export async function blackForAgent({ agent, screen }: Moment, window: Rect): Promise<number> {
  const image = sharp(agent.data);
  const { width } = await image.metadata();
  const scale = width / screen.width;
  const region = {
    left: Math.round((window.x + INSET) * scale),
    top: Math.round((window.y + INSET) * scale),
    width: Math.round((window.width - 2 * INSET) * scale),
    height: Math.round((window.height - 2 * INSET) * scale),
  };
  return shareOf(await image.extract(region).removeAlpha().raw().toBuffer());
}

/** How much of a window is black on the screen, from 0 to 1. */
export function blackOnScreen({ screen }: Moment, window: Rect): number {
  let black = 0;
  let all = 0;
  for (let y = window.y + INSET; y < window.y + window.height - INSET; y += 1) {
    for (let x = window.x + INSET; x < window.x + window.width - INSET; x += 1) {
      all += 1;
      if (screen.at(x, y) === 0) black += 1;
    }
  }
  return black / all;
}

export const percent = (share: number): string =>
  `${(share * 100).toFixed(share < 1 && share > 0 ? 1 : 0)} %`;
