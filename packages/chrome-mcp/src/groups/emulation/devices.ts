import type { Settings } from './settings.ts';

type Device = Required<Pick<Settings, 'viewport' | 'userAgent'>>;

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const IPAD =
  'Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const ANDROID =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36';

const handheld = (width: number, height: number, scale: number, userAgent: string): Device => ({
  viewport: { width, height, scale, mobile: true, touch: true },
  userAgent,
});

/** Sizes in CSS pixels, of the page without the bars of a browser's window. */
export const devices = {
  'iPhone SE': handheld(375, 667, 2, IPHONE),
  'iPhone 16': handheld(393, 852, 3, IPHONE),
  iPad: handheld(820, 1180, 2, IPAD),
  'Pixel 9': handheld(412, 923, 2.625, ANDROID),
  'Galaxy S24': handheld(360, 780, 3, ANDROID),
} as const satisfies Readonly<Record<string, Device>>;

export const deviceNames = ['iPhone SE', 'iPhone 16', 'iPad', 'Pixel 9', 'Galaxy S24'] as const;
