import { z } from 'zod';

const viewport = z.object({
  width: z.int().min(50).max(10_000),
  height: z.int().min(50).max(10_000),
  scale: z.number().min(0.1).max(10).optional(),
  mobile: z.boolean().optional(),
  touch: z.boolean().optional(),
});

const geolocation = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  accuracy: z.number().min(0).optional(),
});

/** Bytes a second and milliseconds, of lines as they are known by these names. */
export const networks = {
  offline: { offline: true, latency: 0, downloadThroughput: 0, uploadThroughput: 0 },
  'slow-3g': { offline: false, latency: 2_000, downloadThroughput: 50_000, uploadThroughput: 50_000 },
  'fast-3g': { offline: false, latency: 560, downloadThroughput: 180_000, uploadThroughput: 84_000 },
  '4g': { offline: false, latency: 165, downloadThroughput: 1_000_000, uploadThroughput: 170_000 },
} as const;

/** What pages are made to believe. */
export const settingsShape = {
  viewport: viewport.optional(),
  network: z.enum(['offline', 'slow-3g', 'fast-3g', '4g']).optional(),
  cpu: z.number().min(1).max(50).optional().describe('Times slower'),
  geolocation: geolocation.optional(),
  locale: z.string().min(2).max(40).optional().describe('Such as de-DE'),
  timezone: z.string().min(1).max(60).optional().describe('Such as Europe/Berlin'),
  userAgent: z.string().min(1).max(500).optional(),
  colorScheme: z.enum(['light', 'dark']).optional(),
  reducedMotion: z.boolean().optional(),
} as const;

export type Settings = z.output<z.ZodObject<typeof settingsShape>>;
export type SettingName = keyof typeof settingsShape;

const NAMES = [
  'viewport',
  'network',
  'cpu',
  'geolocation',
  'locale',
  'timezone',
  'userAgent',
  'colorScheme',
  'reducedMotion',
] as const;
export const settingNames: readonly [SettingName, ...SettingName[]] = NAMES;
