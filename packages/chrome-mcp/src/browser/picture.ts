import type { Protocol } from 'devtools-protocol';
import type { Tab } from './tab.ts';

export interface Picture {
  /** Base64 of a JPEG. */
  readonly data: string;
  readonly width: number;
  readonly height: number;
  /** Pixels of the picture for each of the page's; coordinates of a click are the picture's divided by it. */
  readonly scale: number;
  /** Less than all that was asked for fits into it. */
  readonly isCut: boolean;
}

/** What models take without scaling it down again. */
const MOST_PIXELS = 1_150_000;
const LONGEST_SIDE = 1_568;
/** How much of a long page is shown in one picture, in screens. */
const MOST_SCREENS = 4;

type Clip = Pick<Protocol.Page.Viewport, 'x' | 'y' | 'width' | 'height'>;

/** A picture of what shows of the page, of a part of what shows, or of all of it. */
export async function picture(
  { page }: Tab,
  part: 'screen' | 'page' | Clip,
  signal: AbortSignal,
): Promise<Picture> {
  const metrics = await page.send('Page.getLayoutMetrics', undefined, { signal });
  const { pageX, pageY, clientWidth, clientHeight } = metrics.cssVisualViewport;
  const screen = { x: pageX, y: pageY, width: clientWidth, height: clientHeight };
  const { width, height } = metrics.cssContentSize;
  const whole = { x: 0, y: 0, width, height: Math.min(height, clientHeight * MOST_SCREENS) };
  const shifted = (box: Clip): Clip => ({ ...box, x: box.x + pageX, y: box.y + pageY });
  const clip = part === 'screen' ? screen : part === 'page' ? whole : shifted(part);
  const density = await devicePixels(page, signal);
  const scale = fit(clip);
  const { data } = await page.send(
    'Page.captureScreenshot',
    {
      ...{ format: 'jpeg', quality: 75, optimizeForSpeed: true, captureBeyondViewport: part !== 'screen' },
      clip: { ...clip, scale: scale / density },
    },
    { signal },
  );
  return {
    ...{ data, scale },
    width: Math.round(clip.width * scale),
    height: Math.round(clip.height * scale),
    isCut: part === 'page' && height > whole.height,
  };
}

/** How far it must be scaled down; never up. */
const fit = ({ width, height }: Clip): number =>
  Math.min(
    1,
    LONGEST_SIDE / Math.max(width, height, 1),
    Math.sqrt(MOST_PIXELS / Math.max(width * height, 1)),
  );

async function devicePixels(page: Tab['page'], signal: AbortSignal): Promise<number> {
  const expression = 'devicePixelRatio';
  const { result } = await page.send('Runtime.evaluate', { expression, returnByValue: true }, { signal });
  return typeof result.value === 'number' && result.value > 0 ? result.value : 1;
}
