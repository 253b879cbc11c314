import { TOOL_TABLE, TOOL_USES, type Kind } from '@deskhand/computer-use-mcp/drill';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { startSentinel, type Sentinel } from '../lab/sentinel.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import { isActive } from '../lab/windows.ts';
import { xdotool } from '../lab/xdotool.ts';
import { codeOf } from './answers.ts';
import { bringToFront, startCast, type Cast, type Player } from './cast.ts';
import { ledgerRows } from './ledger-rows.ts';

const KINDS: readonly Kind[] = ['read', 'click', 'full', 'ungranted', 'none'];

let desktop: Desktop;
let sentinel: Sentinel;
let cast: Cast;
let dry: ToolClient;
let real: ToolClient;

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'icewm' });
  sentinel = await startSentinel(desktop);
  cast = await startCast(desktop);
  dry = await connectServer(desktop, { args: ['--dry-run'] });
  real = await connectServer(desktop);
});
afterAll(() => desktop.close());

const acting = TOOL_TABLE.filter(
  ({ tool, use }) => ['pointer', 'keyboard'].includes(TOOL_USES[use]?.by ?? '') && tool !== 'read_clipboard',
);

test.each(acting.map((row) => ({ use: row.use, row })))(
  '$use decides as it would, and sends nothing',
  async ({ row }) => {
    for (const [attempt, kind] of KINDS.entries()) {
      const use = TOOL_USES[row.use];
      if (use === undefined) throw new Error(`nobody wrote how to try ${row.use}`);
      const [front, target] = [cast.partner, cast[kind]];
      await bringToFront(front);
      if (use.by === 'keyboard') await target.popup.takeFocus();
      await sentinel.forget();
      const answer = await dry.call(row.tool, use.arguments(target, attempt));
      expect({ kind, code: codeOf(answer), sent: (await sentinel.events()).length }).toEqual({
        ...{ kind, code: row.recipient[kind], sent: 0 },
      });
      if (answer.isError) continue;
      expect(answer.text).toMatch(/^Dry run, so this was not done: |^1\. Dry run/);
      expect(answer.structured).toMatchObject({ delivered: false, dry_run: true });
    }
  },
);

test('a button counts as held until it is let go of, and does not go down', async () => {
  const pointAt = async ({ place }: Player) => {
    await xdotool(desktop, 'mousemove', String(place.x + 100), String(place.y + 100));
    await sentinel.forget();
  };
  await bringToFront(cast.partner);
  await pointAt(cast.partner);
  const codes = [
    codeOf(await dry.call('left_mouse_up')),
    codeOf(await dry.call('left_mouse_down')),
    codeOf(
      await dry.call('left_click', { coordinate: [cast.partner.place.x + 30, cast.partner.place.y + 30] }),
    ),
    codeOf(await dry.call('left_mouse_up')),
    codeOf(await dry.call('left_mouse_down')),
  ];
  expect(codes).toEqual(['nothing_held', 'ok', 'input_in_use', 'ok', 'ok']);
  await pointAt(cast.click);
  expect(codeOf(await dry.call('left_mouse_up'))).toBe('tier_too_low');
  expect(await sentinel.events()).toEqual([]);
});

test('a refusal says the same as that of the real run', async () => {
  await bringToFront(cast.click);
  const [told, done] = [await dry.call('type', { text: 'hi' }), await real.call('type', { text: 'hi' })];
  expect(told.structured).toEqual(done.structured);
  expect(told.text).toBe(done.text);
});

test('windows stay where they are, and what is not running stays so', async () => {
  await bringToFront(cast.partner);
  const focused = await dry.call('focus_window', { window: cast.full.window.window });
  expect(focused.structured).toMatchObject({ delivered: false, dry_run: true });
  expect(await isActive(desktop.x, cast.partner.window.window)).toBe(true);
  await cast.full.window.close();
  const opened = await dry.call('open_application', { app: cast.full.executable });
  expect({ isError: opened.isError, text: opened.text }).toEqual({
    isError: false,
    text: 'Dry run, so this was not done: it would be started.',
  });
});

test('what only looks is done', async () => {
  const { text, images } = await dry.call('screenshot', {});
  expect({ isMarked: text.includes('Dry run'), pictures: images.length }).toEqual({
    ...{ isMarked: false, pictures: 1 },
  });
});

test('the record has the decision, marked', async () => {
  await bringToFront(cast.partner);
  await dry.call('left_click', { coordinate: [cast.partner.place.x + 30, cast.partner.place.y + 30] });
  await dry.close();
  const marked = ledgerRows(desktop).filter(({ decision }) =>
    JSON.stringify({ decision }).includes('"dryRun":true'),
  );
  expect(new Set(marked.map(({ phase }) => phase))).toEqual(new Set(['note']));
  expect(marked.length).toBeGreaterThan(0);
});
