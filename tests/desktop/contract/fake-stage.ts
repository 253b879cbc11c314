import { NutDesktop } from '@deskhand/computer-use-mcp/desktop';

import { FakeComputer, type FakeComputerOptions, type FakeWindow } from './fake-computer.ts';
import type { Actor, Entry, Stage } from './stage.ts';

const PLACES = {
  macos: (name: string) => `/Applications/${name}.app`,
  windows: (name: string) => `C:\\Program Files\\${name}\\${name}.exe`,
};

/** Keys that end a dialog, as the last three that it gets. */
const OK = ['Tab', 'Tab', 'Return'];

function actorOf(computer: FakeComputer, window: FakeWindow): Actor {
  return {
    pid: window.pid,
    executable: computer.executableOf(window.path),
    front: () => {
      computer.front(window);
      return Promise.resolve();
    },
    received: () => Promise.resolve({ clicks: window.clicks, keys: window.keys.length }),
  };
}

function entryOf({ pid, keys }: FakeWindow): Entry {
  return {
    pid,
    text: () => {
      if (keys.slice(-OK.length).join() !== OK.join()) throw new Error(`OK was not pressed: ${keys.join()}`);
      return Promise.resolve(keys.slice(0, -OK.length).join(''));
    },
    close: () => Promise.resolve(),
  };
}

/** The adapter over libraries that only pretend, for systems that are not at hand. */
export function openFakeStage(options: FakeComputerOptions): Promise<Stage> {
  const { platform } = options;
  const computer = new FakeComputer(options);
  const desktop = new NutDesktop({
    platform,
    display: '',
    env: {},
    abortKey: null,
    isOwnDialog: () => false,
    load: () => Promise.resolve(computer.libraries),
    executablesOf: (pids) => Promise.resolve(computer.executablesOf(pids)),
  });
  const open = (name: string, pid: number, x: number) =>
    computer.open({
      pid,
      path: name === '' ? '' : PLACES[platform](name),
      rect: { x, y: 20, width: 80, height: 100 },
      fill: [200, 150, 100],
    });
  const stage: Stage = {
    desktop,
    mine: actorOf(computer, open('mine', 4001, 10)),
    stranger: actorOf(computer, open('stranger', 4002, 110)),
    nobody: open('', 4003, 210),
    typable: 'Hé said: "a=b" <c>; {d} 漢字 żЖ',
    openEntry: () => Promise.resolve(entryOf(open('entry', 4004, 310))),
    close: () => desktop.close(),
  };
  return Promise.resolve(stage);
}
