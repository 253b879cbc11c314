import type { Judge, Judged, Scene, WindowInfo } from '@deskhand/computer-use-mcp/desktop';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { eventually } from '../../lab/eventually.ts';
import type { Actor, Stage } from './stage.ts';

type Decision = Judged['decision'];

const ALLOWED: Decision = { allowed: true, code: 'allowed', tier: 'full', needed: 'click', warnings: [] };
const REFUSED: Decision = {
  allowed: false,
  code: 'not_granted',
  tier: 'none',
  needed: 'click',
  blocker: 'recipient',
  app: null,
  message: 'no',
  hint: 'no',
};

const allow: Judge = () => ALLOWED;
const refuse: Judge = () => REFUSED;

const executableOf = ({ frontmost }: Pick<Scene, 'frontmost'>): string | null =>
  frontmost.kind === 'app' ? frontmost.app.executable : null;

const belongsTo =
  ({ pid }: { readonly pid: number }) =>
  ({ subject }: WindowInfo): boolean =>
    subject.kind === 'app' && subject.app.pid === pid;

const middleOf = ({ rect }: WindowInfo) => ({
  x: rect.x + Math.floor(rect.width / 2),
  y: rect.y + Math.floor(rect.height / 2),
});

/** What every adapter of the port has to do, on a real desktop or over a fake of its library. */
export function holdToContract(name: string, open: () => Promise<Stage>): void {
  describe(`the contract, ${name}`, () => {
    let stage: Stage;
    const { signal } = new AbortController();
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());

    const windowOf = (actor: { readonly pid: number }): Promise<WindowInfo> =>
      eventually('the window in the list', async () =>
        (await stage.desktop.windows()).find(belongsTo(actor)),
      );
    const click = async (actor: Actor, judge: Judge) =>
      stage.desktop.point(
        { kind: 'click', at: middleOf(await windowOf(actor)), button: 'left', count: 1, modifiers: [] },
        judge,
        signal,
      );
    const press = (keys: readonly string[], judge: Judge) => {
      let done = 0;
      const onDone = (count: number) => {
        done += count;
        return Promise.resolve();
      };
      const steps = { signal, onDone };
      const keystrokes = keys.map((key) => ({ modifiers: [], key }));
      return stage.desktop.press(keystrokes, judge, steps).then((judged) => ({ judged, done }));
    };
    const type = (text: string, judge: Judge) => {
      let done = 0;
      const onDone = (count: number) => {
        done += count;
        return Promise.resolve();
      };
      const steps = { signal, onDone };
      return stage.desktop.type(text, judge, steps).then((judged) => ({ judged, done }));
    };

    test('windows are named by the executable of the process that shows them', async () => {
      const { mine, stranger } = stage;
      for (const actor of [mine, stranger]) {
        const { subject } = await windowOf(actor);
        expect(subject.kind === 'app' && subject.app.executable).toBe(actor.executable);
      }
    });

    test('the one in front is the one that a person went to', async () => {
      const { desktop, mine, stranger } = stage;
      for (const actor of [stranger, mine]) {
        await actor.front();
        expect(executableOf(await desktop.frontmost())).toBe(actor.executable);
        expect((await windowOf(actor)).isActive).toBe(true);
      }
    });

    test('a window is brought to the front', async () => {
      const { desktop, mine, stranger } = stage;
      await stranger.front();
      expect(await desktop.activate((await windowOf(mine)).id, signal)).toBe(true);
      expect(executableOf(await desktop.frontmost())).toBe(mine.executable);
    });

    test('a window that is not there is not brought to the front', async () => {
      const soon = AbortSignal.timeout(500);
      await expect(stage.desktop.activate(0x7ffffff0, soon)).resolves.toBe(false);
    });

    test('the pointer is where it was moved', async () => {
      const { desktop, mine } = stage;
      await mine.front();
      const at = middleOf(await windowOf(mine));
      await desktop.point({ kind: 'move', at }, allow, signal);
      expect(await desktop.pointer()).toEqual(at);
    });

    test('a picture has what may be shown, and the rest is black', async () => {
      const { desktop, mine, stranger } = stage;
      await mine.front();
      const [own, other] = [await windowOf(mine), await windowOf(stranger)];
      const mayShow = (subject: Scene['frontmost']) => subject.kind === 'app' && subject.app.pid === mine.pid;
      const { pixels, width, height } = await desktop.capture(mayShow);
      expect({ width, height }).toEqual(await desktop.screen());
      const inside = ({ rect }: WindowInfo) => {
        const rows: Uint8Array[] = [];
        for (let y = rect.y; y < rect.y + rect.height; y++) {
          rows.push(pixels.subarray((y * width + rect.x) * 4, (y * width + rect.x + rect.width) * 4));
        }
        return Buffer.concat(rows);
      };
      expect(inside(other).every((byte) => byte === 0)).toBe(true);
      expect(inside(own).filter((byte) => byte !== 0).length).toBeGreaterThan(
        own.rect.width * own.rect.height,
      );
    });

    test('a click is judged with whom it reaches, and delivered once', async () => {
      const { mine, stranger } = stage;
      await mine.front();
      const before = [await mine.received(), await stranger.received()];
      const scenes: Scene[] = [];
      const { decision } = await click(mine, (scene) => {
        scenes.push(scene);
        return ALLOWED;
      });
      expect(decision.allowed).toBe(true);
      const pids = scenes.at(-1)?.recipients.map((who) => who.kind === 'app' && who.app.pid);
      expect(pids?.every((pid) => pid === mine.pid)).toBe(true);
      await eventually('the click', async () => (await mine.received()).clicks > (before[0]?.clicks ?? 0));
      expect((await mine.received()).clicks).toBe((before[0]?.clicks ?? 0) + 1);
      expect((await stranger.received()).clicks).toBe(before[1]?.clicks);
    });

    test('a click that is refused reaches nobody', async () => {
      const { mine, stranger } = stage;
      await mine.front();
      const before = [await mine.received(), await stranger.received()];
      expect(await click(mine, refuse)).toMatchObject({ decision: REFUSED });
      expect(await click(stranger, refuse)).toMatchObject({ decision: REFUSED });
      // what comes after it has arrived, and so would it have
      await click(mine, allow);
      await eventually('the click', async () => (await mine.received()).clicks > (before[0]?.clicks ?? 0));
      expect((await mine.received()).clicks).toBe((before[0]?.clicks ?? 0) + 1);
      expect((await stranger.received()).clicks).toBe(before[1]?.clicks);
    });

    test('who is under the pointer is judged, and not only who is in front', async () => {
      const { mine, stranger } = stage;
      await mine.front();
      const seen: Scene[] = [];
      await click(stranger, (scene) => {
        seen.push(scene);
        return REFUSED;
      });
      const pids = seen[0]?.recipients.map((who) => who.kind === 'app' && who.app.pid);
      expect(pids).toContain(stranger.pid);
      expect(executableOf(await stage.desktop.frontmost())).toBe(mine.executable);
    });

    test('keys go where they were judged to go', async () => {
      const { mine, stranger } = stage;
      await mine.front();
      const before = [await mine.received(), await stranger.received()];
      const { judged, done } = await press(['a', 'Tab'], allow);
      expect({ executable: executableOf(judged.scene), done }).toEqual({
        executable: mine.executable,
        done: 2,
      });
      await eventually('the keys', async () => (await mine.received()).keys >= (before[0]?.keys ?? 0) + 2);
      expect((await stranger.received()).keys).toBe(before[1]?.keys);
    });

    test('keys that are refused reach nobody, and those before them are counted', async () => {
      const { mine, stranger } = stage;
      await mine.front();
      const before = [await mine.received(), await stranger.received()];
      let asked = 0;
      const { judged, done } = await press(['a', 'b', 'c', 'd'], () => {
        asked += 1;
        return asked <= 2 ? ALLOWED : REFUSED;
      });
      expect({ decision: judged.decision, done }).toEqual({ decision: REFUSED, done: 2 });
      await eventually('the keys', async () => (await mine.received()).keys >= (before[0]?.keys ?? 0) + 2);
      expect((await mine.received()).keys).toBe((before[0]?.keys ?? 0) + 2);
      expect((await stranger.received()).keys).toBe(before[1]?.keys);
    });

    test('text that is refused reaches nobody', async () => {
      const { mine } = stage;
      await mine.front();
      const before = await mine.received();
      const { judged, done } = await type('abc', refuse);
      expect({ decision: judged.decision, done }).toEqual({ decision: REFUSED, done: 0 });
      await press(['a'], allow);
      await eventually('the key', async () => (await mine.received()).keys > before.keys);
      expect((await mine.received()).keys).toBe(before.keys + 1);
    });

    test('text arrives as it is', async () => {
      const text = stage.typable;
      const entry = await stage.openEntry();
      await windowOf(entry);
      const { judged, done } = await type(text, allow);
      expect({ allowed: judged.decision.allowed, done }).toEqual({
        allowed: true,
        done: Array.from(text).length,
      });
      await press(['Tab', 'Tab'], allow);
      // it ends by the last key, which can look as if another window had come to the front
      await press(['Return'], allow).catch((error: unknown) => {
        if (!(error instanceof Error) || error.name !== 'DeliveryUnsure') throw error;
      });
      expect(await entry.text()).toBe(text);
    });

    test('a window without a provable owner is nobody', async () => {
      const { nobody, desktop } = stage;
      if (nobody === null) return;
      const windows = await desktop.windows();
      expect(windows.some(belongsTo(nobody))).toBe(false);
      expect(windows.some(({ subject }) => subject.kind === 'unknown')).toBe(true);
    });

    test('an action that was given up beforehand does nothing', async () => {
      const { desktop, mine } = stage;
      await mine.front();
      const before = await mine.received();
      const steps = { signal: AbortSignal.abort(), onDone: () => Promise.resolve() };
      await expect(desktop.press([{ modifiers: [], key: 'a' }], allow, steps)).rejects.toThrow();
      await press(['a'], allow);
      await eventually('the key', async () => (await mine.received()).keys > before.keys);
      expect((await mine.received()).keys).toBe(before.keys + 1);
    });

    test('it closes, also twice, and before anything was asked', async () => {
      await stage.desktop.close();
      await expect(stage.desktop.close()).resolves.toBeUndefined();
    });
  });
}
