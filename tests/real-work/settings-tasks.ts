import { expect } from 'vitest';

import { openApplication } from '../lab/application.ts';
import type { Desktop } from '../lab/desktop.ts';
import { run } from '../lab/owned-process.ts';
import type { Task } from './task.ts';

/** What the settings service has, asked by its own command. */
async function setting(desktop: Desktop, channel: string, property: string): Promise<string> {
  const { env, folder: cwd } = desktop;
  const value = await run({ command: 'xfconf-query', args: ['-c', channel, '-p', property], env, cwd });
  return value.trim();
}

const dialog = (command: string) => async (desktop: Desktop) => {
  const app = await openApplication(desktop, { command });
  await app.activate();
};

export const settingsTasks: readonly Task[] = [
  {
    title: 'make the mouse left-handed',
    apps: ['/usr/bin/xfce4-mouse-settings'],
    prepare: dialog('xfce4-mouse-settings'),
    work: async (worker) => {
      await worker.press('Left-handed', { role: 'radio button' });
      await worker.press('Close', { role: 'button' });
    },
    check: async (desktop) => {
      const hand = () => setting(desktop, 'pointers', '/Xvfb_mouse/RightHanded').catch(() => 'not set');
      await expect.poll(hand).toBe('false');
    },
  },
  {
    title: 'switch the sounds of events on',
    apps: ['/usr/bin/xfce4-appearance-settings'],
    prepare: dialog('xfce4-appearance-settings'),
    work: async (worker) => {
      await worker.press('Settings', { role: 'page tab' });
      await worker.press(/event sounds/, { role: 'check box' });
      await worker.press('Close', { role: 'button' });
    },
    check: async (desktop) => {
      const sounds = () => setting(desktop, 'xsettings', '/Net/EnableEventSounds').catch(() => 'not set');
      await expect.poll(sounds).toBe('true');
    },
  },
];
