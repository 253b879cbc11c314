import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { openApplication, type Application } from './application.ts';
import type { Desktop } from './desktop.ts';

/** Reaches nothing but this machine, and asks a new person nothing. */
const PREFERENCES = {
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': 9,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': 9,
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.safebrowsing.downloads.remote.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
} as const;

/** Opens Firefox on a page, in a profile that nothing else uses, and waits until its window shows. */
export async function openFirefox(desktop: Desktop, url: string): Promise<Application> {
  const profile = join(desktop.folder, `firefox-${performance.now()}`);
  await mkdir(profile);
  const lines = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  await writeFile(join(profile, 'user.js'), lines.join('\n'));
  const args = [
    '--no-remote',
    '--new-instance',
    '--profile',
    profile,
    '--width',
    '800',
    '--height',
    '600',
    url,
  ];
  return openApplication(desktop, { command: 'firefox-esr', args, env: { MOZ_CRASHREPORTER_DISABLE: '1' } });
}
