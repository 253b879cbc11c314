import { afterEach, test } from 'vitest';

import { rowFor, writeGrants } from '../desktop/grant-rows.ts';
import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { connectServer } from '../lab/tool-client.ts';
import { calcTasks } from './calc-tasks.ts';
import { galculatorTasks } from './galculator-tasks.ts';
import { gimpTasks } from './gimp-tasks.ts';
import { mousepadTasks } from './mousepad-tasks.ts';
import { settingsTasks } from './settings-tasks.ts';
import { thunarTasks } from './thunar-tasks.ts';
import { Worker, type Hand } from './worker.ts';

const TASKS = [
  ...mousepadTasks,
  ...galculatorTasks,
  ...calcTasks,
  ...gimpTasks,
  ...thunarTasks,
  ...settingsTasks,
];
const TASK_MS = 120_000;

/** Declares a test for each task, done by this hand on a desktop of its own. */
export function testTasks(hand: Hand): void {
  let desktop: Desktop;
  afterEach(() => desktop.close());

  test.each(TASKS)(
    '$title',
    async (task) => {
      desktop = await startDesktop({ wm: 'openbox', accessibility: true });
      writeGrants(
        desktop,
        task.apps.map((path) => rowFor(path)),
      );
      await task.prepare(desktop);
      await task.work(new Worker(await connectServer(desktop), hand), desktop);
      await task.check(desktop);
    },
    TASK_MS,
  );
}
