import type { RecordedData, Recording } from 'x11';

import type { Closable } from './belongings.ts';
import type { Desktop } from './desktop.ts';
import { eventually } from './eventually.ts';
import { connectX, type XConnection } from './x-connection.ts';

/** One input event that entered the server, from whichever client or device. */
export interface InputEvent {
  readonly event: 'KeyPress' | 'KeyRelease' | 'ButtonPress' | 'ButtonRelease' | 'MotionNotify';
  /** The keycode or the button's number. */
  readonly detail: number;
  readonly rootX: number;
  readonly rootY: number;
  /** Modifiers and buttons held. */
  readonly state: number;
  /** The server's clock, in ms. */
  readonly time: number;
}

/** Watches all input of the server through the RECORD extension, grabs included. */
export interface Sentinel extends Closable {
  /** Every input event since the start or the last `forget`, up to now. */
  events(): Promise<readonly InputEvent[]>;
  forget(): Promise<void>;
}

const NAMES = ['KeyPress', 'KeyRelease', 'ButtonPress', 'ButtonRelease', 'MotionNotify'] as const;
const FIRST_EVENT = 2;
const EVENT_BYTES = 32;
const GET_FONT_PATH = 52;
const ALL_CLIENTS = 3;
const FROM_SERVER = 0;
const FROM_CLIENT = 1;
const STARTED = 4;

function inputEvents(data: Buffer): readonly InputEvent[] {
  const events: InputEvent[] = [];
  for (let at = 0; at + EVENT_BYTES <= data.length; at += EVENT_BYTES) {
    const event = NAMES[(data.readUInt8(at) & 0x7f) - FIRST_EVENT];
    if (!event) continue;
    events.push({
      event,
      detail: data.readUInt8(at + 1),
      rootX: data.readInt16LE(at + 20),
      rootY: data.readInt16LE(at + 22),
      state: data.readUInt16LE(at + 28),
      time: data.readUInt32LE(at + 4),
    });
  }
  return events;
}

async function recordingOf(x: XConnection): Promise<Recording> {
  return x.ask((client, done) => client.require('record', done));
}

export async function startSentinel(desktop: Desktop): Promise<Sentinel> {
  const watcher = desktop.own(await connectX(desktop));
  // Closed first: as long as its recording goes on, the server does not even hear that the watcher hangs up.
  const control = desktop.own(await connectX(desktop));
  const [recording, stream] = [await recordingOf(control), await recordingOf(watcher)];
  const context = control.client.AllocID();
  let [isStarted, marks] = [false, 0];
  let events: InputEvent[] = [];

  recording.CreateContext(
    context,
    0,
    [ALL_CLIENTS],
    [
      {
        deviceEvents: { first: FIRST_EVENT, last: FIRST_EVENT + NAMES.length - 1 },
        coreRequests: { first: GET_FONT_PATH, last: GET_FONT_PATH },
      },
    ],
  );
  await control.client.sync();
  const take = ({ category, data, xidBase }: RecordedData) => {
    if (category === STARTED) isStarted = true;
    if (category === FROM_CLIENT && xidBase === control.display.resource_base) marks += 1;
    if (category === FROM_SERVER) events.push(...inputEvents(data));
  };
  stream.EnableContext(context, take, () => true);
  await eventually('the sentinel', () => isStarted);

  /** A request that the recording shows too: what came before it has arrived when it arrives. */
  const catchUp = async () => {
    const expected = marks + 1;
    await control.ask<unknown>((client, done) => client.GetFontPath(done));
    await eventually('the recording to catch up', () => marks >= expected);
  };
  return {
    events: async () => {
      await catchUp();
      return [...events];
    },
    forget: async () => {
      await catchUp();
      events = [];
    },
    close: async () => {
      await control.close();
      await watcher.close();
    },
  };
}
