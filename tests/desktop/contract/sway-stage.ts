import { loadBackend, type Backend } from '@deskhand/computer-use-mcp/desktop';

import { eventually } from '../../lab/eventually.ts';
import { startHyprland } from '../../lab/hyprland.ts';
import { startSway, type SwayLab } from '../../lab/sway.ts';
import { openOnSway, openTextOnSway } from '../../lab/wayland-application.ts';
import type { Actor, Stage } from './stage.ts';

async function actorNamed(lab: SwayLab, name: string): Promise<Actor> {
  const { executable, app } = await openTextOnSway(lab, name);
  return { pid: app.pid, executable, front: () => app.focus(), received: () => app.received() };
}

/** Sway without a screen, with three windows side by side. */
export async function openSwayStage(): Promise<Stage> {
  const lab = await startSway();
  const { socket, waylandDisplay } = lab;
  return stageOn(lab, { kind: 'sway', socket, waylandDisplay });
}

/** The same, seen through what speaks like Hyprland. */
export async function openHyprlandStage(): Promise<Stage> {
  const lab = await startHyprland();
  const { instance: folder, waylandDisplay } = lab;
  return stageOn(lab, { kind: 'hyprland', folder, waylandDisplay });
}

async function stageOn(lab: SwayLab, backend: Backend): Promise<Stage> {
  try {
    const make = await loadBackend(backend);
    const desktop = make({ isOwnDialog: () => false, abortKey: null, env: lab.env });
    const mine = await actorNamed(lab, 'mine');
    const stranger = await actorNamed(lab, 'stranger');
    return {
      desktop,
      mine,
      stranger,
      nobody: null,
      typable: 'Hé said: "a=b" <c>; {d} 漢字 🎉 żЖ',
      openEntry: async () => {
        const app = await openOnSway(lab, { command: 'zenity', args: ['--entry', '--text=Name'] });
        await eventually('the dialog to be in front', () => app.isFocused());
        return {
          pid: app.pid,
          text: async () => {
            await app.process.exited;
            return app.process.stdout().replace(/\n$/, '');
          },
          close: () => app.close(),
        };
      },
      close: async () => {
        await desktop.close();
        await lab.close();
      },
    };
  } catch (error) {
    await lab.close();
    throw error;
  }
}
