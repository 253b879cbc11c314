import { afterEach, describe, test } from 'vitest';

import { rowFor, writeGrants } from '../desktop/grant-rows.ts';
import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { connectServer } from '../lab/tool-client.ts';
import type { Task } from './task.ts';
import { Worker } from './worker.ts';

const TASK_MS = 240_000;

/** Declares a test for each task by each hand, on a desktop of its own. */
export function testTasks(tasks: readonly Task[]): void {
  let desktop: Desktop;
  afterEach(() => desktop.close());

  describe.each(['coordinates', 'elements'] as const)('by %s', (hand) => {
    test.each(tasks)(
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
  });
}
