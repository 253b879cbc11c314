import { startFakeMessages, type Reply } from '@deskhand/fake-messages';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startHost, type HostEvent } from '../demo/job/host-run.ts';
import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { KEY, sitDown, type Person } from '../lab/person.ts';

const DONE: Reply = { text: 'Done.' };
const STOPPED = 130;

let desktop: Desktop;
let person: Person;

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox', seat: true });
  person = await sitDown(desktop);
});
afterAll(() => desktop.close());

type Call = NonNullable<Reply['toolCalls']>[number];

const wait = (duration: number): Call => ({ name: 'computer-use__wait', input: { duration } });

/** Ends without an error where it is stopped, and says which of its actions was. */
const batch = (duration: number): Call => ({
  name: 'computer-use__computer_batch',
  input: {
    actions: [
      { action: 'wait', duration: 0.1 },
      { action: 'wait', duration },
    ],
  },
});

/** A wait at the desktop, and a command after it, as one answer of the model. */
const waitAndTouch = (waits: Call, file: string): Reply => ({
  toolCalls: [waits, { name: 'workspace__Bash', input: { command: `touch ${file}` } }],
});

const stops = 'a person who presses Escape stops the session';
const goesOn = 'a session that nobody stops goes on';

test.each([
  { who: stops, at: 'a wait', call: wait(60), isPressed: true, ends: STOPPED },
  { who: goesOn, at: 'a wait', call: wait(0.1), isPressed: false, ends: 0 },
  { who: stops, at: 'a batch', call: batch(60), isPressed: true, ends: STOPPED },
  { who: goesOn, at: 'a batch', call: batch(0.1), isPressed: false, ends: 0 },
])('$who in $at, with all that was to come', async ({ at, call, isPressed, ends }) => {
  const folder = join(desktop.folder, 'work');
  const file = `${at} ${String(isPressed)}.txt`.replaceAll(' ', '-');
  mkdirSync(folder, { recursive: true });
  const api = await startFakeMessages({
    steps: isPressed
      ? [{ reply: waitAndTouch(call, file) }]
      : [{ reply: waitAndTouch(call, file) }, { reply: DONE }],
  });
  const codes: (string | null)[] = [];
  let pressing: NodeJS.Timeout | undefined;
  const hear = (event: HostEvent): void => {
    // pressed until the server listens
    if (event.kind === 'call-started' && isPressed)
      pressing ??= setInterval(() => person.press(KEY.escape), 50);
    if (event.kind === 'call-ended') {
      clearInterval(pressing);
      codes.push(event.code);
    }
  };
  const host = startHost(desktop, {
    args: ['run', 'Wait', '--mount', `work=${folder}`, '--servers', 'computer-use,workspace', '--json'],
    env: { ANTHROPIC_API_KEY: 'none', ANTHROPIC_BASE_URL: api.url },
    cwd: desktop.folder,
    hear,
  });
  try {
    expect([await host.ended, codes], host.problem()).toEqual([
      ends,
      isPressed ? ['aborted_by_person'] : [null, null],
    ]);
    expect(existsSync(join(folder, file))).toBe(!isPressed);
    api.done();
  } finally {
    clearInterval(pressing);
    await api.close();
  }
});
