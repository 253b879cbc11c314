import { expect } from 'vitest';

import { openGalculator, type Galculator } from '../lab/galculator.ts';
import type { Desktop } from '../lab/desktop.ts';
import type { Task } from './task.ts';
import type { Worker } from './worker.ts';

const apps = ['/usr/bin/galculator'];
const calculators = new WeakMap<Desktop, Galculator>();

async function prepare(desktop: Desktop): Promise<void> {
  calculators.set(desktop, await openGalculator(desktop));
}

const shows = (value: string) => async (desktop: Desktop) => {
  expect(await calculators.get(desktop)?.lastValue()).toBe(value);
};

async function pressAll(worker: Worker, buttons: readonly string[]): Promise<void> {
  for (const button of buttons) await worker.press(button, { role: 'toggle button' });
}

export const galculatorTasks: readonly Task[] = [
  {
    title: 'work out 12.5 times 8',
    apps,
    prepare,
    work: (worker) => pressAll(worker, ['1', '2', '.', '5', '*', '8', '=']),
    check: shows('100'),
  },
  {
    title: 'find the root of 144 in the scientific mode',
    apps,
    prepare,
    work: async (worker) => {
      await worker.pick('View', 'Scientific Mode');
      await pressAll(worker, ['1', '4', '4', 'sqrt']);
    },
    check: shows('12'),
  },
];
