import type { FrameSnapshot, SnapshotRequest } from './api.ts';

/** An element as an answer names it. */
export interface Party {
  readonly ref: number;
  /** Empty for what has none. */
  readonly role: string;
  readonly name: string;
  /** Tag, id and first class, as `div#overlay`. */
  readonly tag: string;
}

/** A place in the viewport of a frame, in CSS pixels. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Events that prove that an action arrived. */
export type Proof =
  | 'mousemove'
  | 'mousedown'
  | 'mouseup'
  | 'click'
  | 'auxclick'
  | 'contextmenu'
  | 'dragstart'
  | 'drop'
  | 'keydown';

export interface PrepareRequest {
  readonly ref: number;
  /** Another thing than the middle of it: CSS pixels from its top left corner. */
  readonly offset?: Spot;
  /** What is only passed over or dropped on may be disabled. */
  readonly mayBeDisabled?: boolean;
  /** The longest wait for what is disabled or moves. */
  readonly waitMs: number;
}

/** Why an element cannot be acted on. */
export type Obstacle =
  'stale' | 'hidden' | 'disabled' | 'moving' | 'covered' | 'outside' | 'untouchable' | 'option' | 'file';

export interface Refusal {
  readonly ok: false;
  readonly obstacle: Obstacle;
  /** What stands in the way, in words of this script. */
  readonly why: string;
  /** The element itself; for a stale one what it was, with a `ref` that no longer works. */
  readonly party: Party | null;
  readonly blocker: Party | null;
  readonly waitedMs: number;
}

export interface Ready extends Spot {
  readonly ok: true;
  readonly party: Party;
  /** The node was drawn anew and this is its only successor. */
  readonly healed: boolean;
  /** Why it had to wait; empty when it had not. */
  readonly waitedFor: string;
  readonly waitedMs: number;
  /** For `receipt`: what arrives from now on is noted. */
  readonly watch: number;
  /** A native list of options, whose click is the press alone. */
  readonly isSelect: boolean;
  /** Another document is inside. */
  readonly isFrame: boolean;
}

export type Prepared = Ready | Refusal;

export interface PassRequest extends Spot {
  /** The element that holds the inner frame in which `x` and `y` are. */
  readonly ref: number;
}

/** The same place in the viewport of the outer frame, or what lies over it. */
export type Passed =
  | (Spot & { readonly ok: true })
  | { readonly ok: false; readonly why: string; readonly blocker: Party | null };

export interface ReceiptRequest {
  readonly watch: number;
  readonly proof: Proof;
  /** How many of them. */
  readonly count: number;
  /** Answers at once with what was seen; `end` ends the watch too. */
  readonly now?: 'look' | 'end';
}

export interface Receipt {
  readonly received: boolean;
  /** Who got it instead, as far as this frame knows. */
  readonly by: Party | null;
  /** What the element saw, in order. */
  readonly seen: readonly string[];
  /** It is still in the page, and shown. */
  readonly isThere: boolean;
}

export interface FillField {
  readonly ref: number;
  readonly value: string | boolean | number | readonly string[];
  /** The value is not to be seen: neither in pictures nor in the answer. */
  readonly isSecret?: boolean;
}

export interface FillRequest {
  readonly fields: readonly FillField[];
  readonly waitMs: number;
}

export type FillProblem =
  | 'stale'
  | 'hidden'
  | 'disabled'
  | 'covered'
  | 'readonly'
  | 'unfocusable'
  | 'unfillable'
  | 'value'
  | 'file'
  | 'custom';

export type Filled =
  | {
      readonly ok: true;
      readonly party: Party;
      readonly healed: boolean;
      /** What the page holds now, when that is not what was asked for; never of a password. */
      readonly kept: string | null;
      readonly differs: boolean;
      /** It may have opened a list. */
      readonly isCombobox: boolean;
    }
  | {
      readonly ok: false;
      readonly problem: FillProblem;
      readonly why: string;
      /** Words of the page that the reason ends with. */
      readonly choices: readonly string[];
      readonly party: Party | null;
      /** What lies over it. */
      readonly blocker: Party | null;
    };

export interface SettleRequest {
  /** Nothing changed for so long. */
  readonly quietMs: number;
  readonly capMs: number;
  /** What is read of the frame when it rests. */
  readonly look?: SnapshotRequest;
}

export interface Rested {
  /** It came to rest before the cap. */
  readonly rests: boolean;
  /** What was asked to be read; `null` when it was not, or it does not rest. */
  readonly shown: FrameSnapshot | null;
  /** The last click was that of a link to something that is saved, not shown. */
  readonly isSaving: boolean;
}

export interface FocusRequest {
  /** What to put the focus on; otherwise the element that has it is meant. */
  readonly ref?: number;
  readonly waitMs: number;
  /** What comes is not to be seen in pictures. */
  readonly isSecret?: boolean;
}

export type Focused =
  | {
      readonly ok: true;
      readonly party: Party;
      readonly healed: boolean;
      readonly watch: number;
      /** The focus is in the frame that this element holds. */
      readonly isFrame: boolean;
    }
  | Refusal;

export interface ScrollRequest {
  /** Within which element, or where to; the page otherwise. */
  readonly ref?: number;
  /** CSS pixels to scroll by. Without it the element itself is brought into view. */
  readonly by?: Spot;
}

export interface Travel {
  /** What was scrolled; `null` for the page. */
  readonly party: Party | null;
  /** By how much it moved. */
  readonly moved: Spot;
  /** Where it is, and how far it goes. */
  readonly at: Spot;
  readonly end: Spot;
}

export type Scrolled = (Travel & { readonly ok: true; readonly healed: boolean }) | Refusal;

export interface WheelRequest {
  /** Over this element, or the middle of the frame. */
  readonly ref?: number;
  readonly by: Spot;
}

/** Where the wheel would be turned, and what is met there; `null` when it cannot be brought under the pointer. */
export interface WheelAim extends Spot {
  readonly ok: true;
  readonly party: Party | null;
  /** How many elements, from the one that is met upwards, stand below what the browser would scroll. */
  readonly below: number;
}

/** What a turn of the wheel did. */
export interface Turned {
  readonly isHeard: boolean;
  /** The page kept it from scrolling, to do something of its own. */
  readonly isTaken: boolean;
  readonly scrolled: Travel | null;
}

export interface SeekRequest {
  readonly text: string;
  /** Within this element. */
  readonly ref?: number;
  /** For how long in this call; scrolling goes on with the next. */
  readonly capMs: number;
}

export type Sought =
  | { readonly ok: true; readonly party: Party | null; readonly isAtEnd: boolean; readonly steps: number }
  | Refusal;

export interface AwaitTextRequest {
  readonly text: string;
  /** Waits until it is not there. */
  readonly gone: boolean;
  readonly capMs: number;
}

/** The part of the page script that acts and watches. */
export interface ActionApi {
  /** Finds, waits for, scrolls to and tests one element, and begins to note what it receives. */
  prepare(request: PrepareRequest): Promise<Prepared>;
  /** What is at a place of the viewport, and begins to note what it receives. */
  pick(request: Spot): Promise<Prepared>;
  pass(request: PassRequest): Promise<Passed>;
  /** Answers when the proof is there, or when it cannot come any more; `null` when the watch was of another document. */
  receipt(request: ReceiptRequest): Promise<Receipt | null>;
  fill(request: FillRequest): Promise<readonly Filled[]>;
  /** Answers when the document rests, or the cap is reached. */
  settle(request: SettleRequest): Promise<Rested>;
  focus(request: FocusRequest): Promise<Focused>;
  scroll(request: ScrollRequest): Promise<Scrolled>;
  wheelAim(request: WheelRequest): WheelAim | Refusal;
  /** Listens to what a turn of the wheel over an element does, for `wheelTurned`. */
  wheelWatch(request: { readonly ref: number }): null;
  wheelTurned(): Promise<Turned>;
  /** Scrolls until a text shows. */
  seek(request: SeekRequest): Promise<Sought>;
  /** The element with the text, `'gone'`, or `null` when the time is up. */
  awaitText(request: AwaitTextRequest): Promise<Party | 'gone' | null>;
}
