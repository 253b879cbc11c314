import { ToolError } from '@deskhand/server-runtime';
import type { Protocol } from 'devtools-protocol';
import type { Frame } from '../browser/frame.ts';
import type { Focused } from '../page/action-api.ts';
import { characterKey, keysLike, parseCombo, type Combo, type Key } from './keys.ts';
import { bitsOf, type Modifier } from './pointing.ts';
import { expect, notReceived, overdue } from './proof.ts';
import { originsAround } from './origin.ts';
import { nodeOf, notesOf, type Reached } from './reach.ts';
import { named, refusalError } from './refusal.ts';
import { WAIT_MS, type Scene } from './scene.ts';

export interface Press {
  /** Combinations with spaces between them. */
  readonly keys: string;
  /** Typed character by character after the keys. */
  readonly text?: string;
  readonly ref?: string;
}

/** What a combination does in a text on a Mac, where the page alone would not do it. */
const COMMANDS: Readonly<Record<string, string>> = {
  a: 'selectAll',
  c: 'copy',
  x: 'cut',
  v: 'paste',
  z: 'undo',
};

/**
 * Presses keys on an element, or where the focus is.
 *
 * @throws ToolError for a key that no keyboard knows, before anything is pressed
 */
export async function press(scene: Scene, { keys, text = '', ref }: Press): Promise<void> {
  const isSecret = scene.secrets.isNamedIn(keys);
  const meant = combosOf(keys, scene.secrets);
  const reached =
    ref === undefined ? await focusedNow(scene, isSecret) : await focusOn(scene, { ref, isSecret });
  scene.actsIn(reached.frame);
  // a page around the frame could take the focus while it is typed
  const origins = originsAround(reached.frame);
  const combos = meant.map((part) =>
    typeof part === 'string' ? { insert: scene.secrets.reveal(part, origins) } : part,
  );
  const typed = Array.from(text).map((character): Combo => ({ modifiers: [], key: characterKey(character) }));
  const events = [...combos, ...typed].flatMap((part): readonly Stroke[] =>
    'insert' in part ? [part] : eventsOf(part),
  );
  if (events.length === 0) return;
  const what = [keys, ...(text === '' ? [] : [`${typed.length} characters`])]
    .filter((part) => part !== '')
    .join(', ');
  const deed = { did: `Pressed ${what} in ${reached.name}`, notes: reached.notes };
  const sending = (): Promise<unknown> => Promise.all(events.map((event) => send(scene, event)));
  if (events.every((event) => 'insert' in event)) {
    // no key goes down, so that the page sees the whole at once and no part of it: there is nothing to prove it by
    await endWatch(scene, reached);
    await sending();
    scene.did(deed);
    return;
  }
  const wanted = { proof: 'keydown', count: 1 } as const;
  const proof = expect(scene, reached, wanted);
  proof
    .then((evidence) => (evidence !== 'gone' && evidence.received ? scene.did(deed) : undefined))
    .catch(() => undefined); // awaited below
  scene.began({
    did: `Sent ${what} to ${reached.name}`,
    notes: [...reached.notes, 'It was not proven: the page stands still.'],
  });
  const sent = sending();
  const evidence = await overdue(scene, reached, { wanted, proof, sent });
  if (evidence === 'gone' && scene.watch.navigations.length > 0) {
    scene.did({ ...deed, notes: [...deed.notes, 'Its page was left at once, before the receipt came.'] });
    return;
  }
  if (evidence === 'gone' || !evidence.received) notReceived(reached, evidence);
  await sent;
}

const endWatch = ({ signal }: Scene, { frame, ready }: Reached) =>
  frame.call('receipt', { watch: ready.watch, proof: 'keydown', count: 1, now: 'end' }, { signal });

type Stroke = KeyEvent | { readonly insert: string };

const send = (scene: Scene, event: Stroke): Promise<void> =>
  'insert' in event
    ? scene.tab.page.send('Input.insertText', { text: event.insert }, scene)
    : scene.tab.page.send('Input.dispatchKeyEvent', event, scene);

/** Combinations, and names of secrets to type. */
function combosOf(keys: string, secrets: Scene['secrets']): readonly (Combo | string)[] {
  if (keys === ' ') return [{ modifiers: [], key: characterKey(' ') }];
  return keys
    .split(/\s+/u)
    .filter((part) => part !== '')
    .map((part) => {
      if (secrets.isNamedIn(part)) return part;
      const combo = parseCombo(part);
      if (!('unknown' in combo)) return combo;
      throw new ToolError(
        'unknown_key',
        `No key is called ${JSON.stringify(combo.unknown)}; nothing was pressed`,
        {
          hint: `Keys are called as in KeyboardEvent.key, joined by +: ${keysLike(combo.unknown).join(', ')}. Text goes into text, or through fill.`,
          details: { suggestions: keysLike(combo.unknown) },
        },
      );
    });
}

async function focusOn(
  scene: Scene,
  { ref, isSecret }: { readonly ref: string; readonly isSecret: boolean },
): Promise<Reached> {
  const { frame, node } = nodeOf(scene, ref);
  return reachedOf(frame, await frame.call('focus', { ref: node, waitMs: WAIT_MS, isSecret }, scene));
}

/** The element with the focus, in the frame that has it. */
async function focusedNow(scene: Scene, isSecret: boolean): Promise<Reached> {
  let frame = scene.tab.main;
  for (;;) {
    const focused = await frame.call('focus', { waitMs: 0, isSecret }, scene);
    if (!focused.ok || !focused.isFrame) return reachedOf(frame, focused);
    const inner = await childIn(frame, focused.party.ref, scene.signal);
    if (inner === null) return reachedOf(frame, focused);
    frame = inner;
  }
}

async function childIn(frame: Frame, owner: number, signal: AbortSignal): Promise<Frame | null> {
  for (const child of frame.children) if ((await child.ownerRef(signal)) === owner) return child;
  return null;
}

function reachedOf(frame: Frame, focused: Focused): Reached {
  if (!focused.ok) throw refusalError(focused, frame);
  const ready = { ...focused, x: 0, y: 0, waitedFor: '', waitedMs: 0, isSelect: false };
  return { frame, ready, spot: { x: 0, y: 0 }, name: named(focused.party, frame), notes: notesOf(ready) };
}

type KeyEvent = Protocol.Input.DispatchKeyEventRequest;

function eventsOf({ modifiers, key }: Combo): readonly KeyEvent[] {
  const held = modifiers.map((name) => modifierKey(name));
  const down = held.map((modifier, index) => keyEvent('rawKeyDown', modifier, modifiers.slice(0, index + 1)));
  const up = held.map((modifier, index) => keyEvent('keyUp', modifier, modifiers.slice(0, index))).reverse();
  return [...down, strike(key, modifiers), keyEvent('keyUp', key, modifiers), ...up];
}

function strike(key: Key, modifiers: readonly Modifier[]): KeyEvent {
  // with Control, Alt or Meta held a key is a command and types nothing
  const text = modifiers.some((modifier) => modifier !== 'Shift') ? '' : key.text;
  const command = modifiers.includes('Meta') ? COMMANDS[key.key.toLowerCase()] : undefined;
  return {
    ...keyEvent(text === '' ? 'rawKeyDown' : 'keyDown', key, modifiers),
    ...(text !== '' && { text, unmodifiedText: text }),
    ...(command !== undefined && { commands: [command] }),
  };
}

const modifierKey = (name: Modifier): Key => {
  const combo = parseCombo(name);
  return 'unknown' in combo ? characterKey(name) : combo.key;
};

const keyEvent = (type: KeyEvent['type'], key: Key, modifiers: readonly Modifier[]): KeyEvent => ({
  type,
  key: key.key,
  code: key.code,
  windowsVirtualKeyCode: key.keyCode,
  location: key.location,
  modifiers: bitsOf(modifiers),
});
