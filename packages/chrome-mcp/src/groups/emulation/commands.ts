import type { CdpSession } from '../../cdp/connection.ts';
import { networks, type SettingName, type Settings } from './settings.ts';

/** What a browser says of itself without emulation. */
export interface Natural {
  readonly userAgent: string;
}

/** Has one session of a tab believe a setting, or what is natural where the setting is not there. */
export function apply(
  session: CdpSession,
  { name, settings, natural, isPage }: Application,
): readonly Promise<unknown>[] {
  switch (name) {
    case 'viewport':
      return isPage ? viewport(session, settings.viewport) : [];
    case 'network': {
      const line = settings.network === undefined ? OPEN : networks[settings.network];
      return [session.send('Network.emulateNetworkConditions', line)];
    }
    case 'cpu':
      return [session.send('Emulation.setCPUThrottlingRate', { rate: settings.cpu ?? 1 })];
    case 'geolocation': {
      const { geolocation } = settings;
      return geolocation === undefined
        ? [session.send('Emulation.clearGeolocationOverride')]
        : [session.send('Emulation.setGeolocationOverride', { accuracy: 10, ...defined(geolocation) })];
    }
    case 'locale':
      return [
        ...language(session, settings, natural),
        session.send('Emulation.setLocaleOverride', { locale: settings.locale ?? '' }),
      ];
    case 'timezone':
      return [session.send('Emulation.setTimezoneOverride', { timezoneId: settings.timezone ?? '' })];
    case 'userAgent':
      return language(session, settings, natural);
    case 'colorScheme':
    case 'reducedMotion':
      return [session.send('Emulation.setEmulatedMedia', { features: featuresOf(settings) })];
  }
}

export interface Application {
  readonly name: SettingName;
  readonly settings: Settings;
  readonly natural: Natural;
  /** Frames in other processes have no size of their own. */
  readonly isPage: boolean;
}

const OPEN = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };

function viewport(session: CdpSession, size: Settings['viewport']): readonly Promise<unknown>[] {
  if (size === undefined) {
    return [
      session.send('Emulation.clearDeviceMetricsOverride'),
      session.send('Emulation.setTouchEmulationEnabled', { enabled: false }),
    ];
  }
  const { width, height, scale: deviceScaleFactor = 0, mobile = false, touch = mobile } = size;
  return [
    session.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor, mobile }),
    session.send('Emulation.setTouchEmulationEnabled', { enabled: touch, maxTouchPoints: touch ? 5 : 1 }),
  ];
}

/** What servers are told of the browser and of the language is one command. */
const language = (
  session: CdpSession,
  { userAgent, locale }: Settings,
  natural: Natural,
): readonly Promise<unknown>[] => [
  session.send('Emulation.setUserAgentOverride', {
    userAgent: userAgent ?? (locale === undefined ? '' : natural.userAgent),
    ...(locale !== undefined && { acceptLanguage: locale }),
  }),
];

const featuresOf = ({ colorScheme, reducedMotion }: Settings): { name: string; value: string }[] => [
  { name: 'prefers-color-scheme', value: colorScheme ?? '' },
  {
    name: 'prefers-reduced-motion',
    value: reducedMotion === undefined ? '' : reducedMotion ? 'reduce' : 'no-preference',
  },
];

/** Without the parts that were not given, which the protocol does not take as undefined. */
const defined = ({
  latitude,
  longitude,
  accuracy,
}: NonNullable<Settings['geolocation']>): {
  latitude: number;
  longitude: number;
  accuracy?: number;
} => ({ latitude, longitude, ...(accuracy !== undefined && { accuracy }) });
