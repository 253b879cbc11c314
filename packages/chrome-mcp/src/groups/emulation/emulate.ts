import { defineTool, quoted, ToolError, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { Tab } from '../../browser/tab.ts';
import { CommandFailed } from '../../cdp/connection.ts';
import type { BrowserSession } from '../../session.ts';
import { deviceNames, devices } from './devices.ts';
import type { Emulation } from './emulation.ts';
import { settingNames, settingsShape, type Settings } from './settings.ts';

export const emulate = (session: BrowserSession, emulation: Emulation): Tool =>
  defineTool({
    name: 'emulate',
    title: 'Emulate',
    description:
      'Has pages of all tabs believe another device, line or place. Adds to what holds, which the answer tells; reset ends all or some.',
    input: z.object({
      device: z.enum(deviceNames).optional().describe('Viewport and user agent of it'),
      ...settingsShape,
      reset: z.union([z.literal('all'), z.array(z.enum(settingNames))]).optional(),
    }),
    annotations: { readOnly: false, destructive: false, idempotent: true, openWorld: true },
    run: async ({ device, reset, ...given }, { signal }) => {
      const tab = await session.tab(undefined, signal);
      const ended = Object.fromEntries(
        (reset === 'all' ? settingNames : (reset ?? [])).map((name) => [name, undefined]),
      );
      const named = settingNames.filter((name) => given[name] !== undefined);
      const change = {
        ...ended,
        ...(device !== undefined && devices[device]),
        ...Object.fromEntries(named.map((name) => [name, given[name]])),
      };
      try {
        await emulation.change(change, signal);
      } catch (error) {
        if (!(error instanceof CommandFailed)) throw error;
        throw new ToolError('invalid_arguments', `The browser does not take it: ${error.message}`, {
          hint: 'Locales are such as de-DE, time zones such as Europe/Berlin; what held before holds.',
          cause: error,
        });
      }
      if (given.geolocation !== undefined && session.isOurs) await allowPlace(tab, signal);
      return { text: toldOf(emulation.settings), structured: { ...emulation.settings } };
    },
  });

/** A person's own browser asks the person; one of ours has nobody to ask. */
async function allowPlace({ connection, targetId }: Tab, signal: AbortSignal): Promise<void> {
  const { browser } = connection;
  const { targetInfo } = await browser.send('Target.getTargetInfo', { targetId }, { signal });
  const { browserContextId } = targetInfo;
  const context = browserContextId === undefined ? {} : { browserContextId };
  await browser.send('Browser.grantPermissions', { permissions: ['geolocation'], ...context }, { signal });
}

function toldOf(settings: Settings): string {
  const { viewport, network, cpu, geolocation, locale, timezone, userAgent, colorScheme, reducedMotion } =
    settings;
  const told = [
    viewport && viewportText(viewport),
    network && `network ${network}`,
    cpu !== undefined && `processor ${cpu} times slower`,
    geolocation && `place ${geolocation.latitude}, ${geolocation.longitude}`,
    locale && `locale ${quoted(locale)}`,
    timezone && `time zone ${quoted(timezone)}`,
    userAgent && `user agent ${quoted(userAgent)}`,
    colorScheme && `colour scheme ${colorScheme}`,
    reducedMotion !== undefined && (reducedMotion ? 'reduced motion' : 'full motion'),
  ].filter((part) => typeof part === 'string');
  return told.length === 0 ? 'Nothing is emulated.' : `Holds in all tabs: ${told.join('; ')}.`;
}

function viewportText({ width, height, scale, mobile, touch }: NonNullable<Settings['viewport']>): string {
  const more = [
    scale === undefined ? '' : `at ${scale}`,
    mobile === true ? 'mobile' : '',
    touch === true ? 'touch' : '',
  ];
  return [`viewport ${width} x ${height}`, ...more.filter((part) => part !== '')].join(', ');
}
