import type { Closable } from '../lab/belongings.ts';

/** What a server is asked to do; references are those of its own snapshots. */
export type Action =
  | { readonly do: 'navigate'; readonly url: string }
  | { readonly do: 'back' | 'reload' | 'snapshot' | 'tabs' }
  | { readonly do: 'screenshot' }
  | {
      readonly do: 'click';
      readonly ref: string;
      readonly button?: 'right' | 'middle';
      readonly count?: 2;
      readonly modifiers?: readonly ('Alt' | 'Control' | 'Shift')[];
    }
  | { readonly do: 'clickAt'; readonly x: number; readonly y: number }
  | { readonly do: 'hover'; readonly ref: string }
  | { readonly do: 'drag'; readonly from: string; readonly to: string }
  | { readonly do: 'dragBy'; readonly from: string; readonly by: readonly [right: number, down: number] }
  | { readonly do: 'fill'; readonly fields: readonly Field[] }
  | { readonly do: 'press'; readonly key: string; readonly ref?: string }
  | { readonly do: 'scrollTo'; readonly ref: string }
  | { readonly do: 'scrollBy'; readonly by: readonly [right: number, down: number]; readonly ref?: string }
  | { readonly do: 'scrollUntil'; readonly text: string; readonly ref?: string }
  | { readonly do: 'wait'; readonly text: string }
  | { readonly do: 'waitGone'; readonly text: string }
  /** Tabs count from 1, in the order in which they were opened; without one it is the current one. */
  | { readonly do: 'evaluate'; readonly script: string; readonly tab?: number }
  | { readonly do: 'newTab'; readonly url: string }
  | { readonly do: 'dialog'; readonly accept: boolean; readonly text?: string };

export interface Field {
  readonly ref: string;
  readonly role: string;
  readonly name: string;
  readonly value: string | boolean | readonly string[];
}

/** An answer as the client sees it. */
export interface Said {
  readonly isError: boolean;
  readonly text: string;
  /** Of the whole result, as JSON. */
  readonly bytes: number;
  readonly ms: number;
}

/** An element in the text of a snapshot. */
export interface Sighting {
  readonly role: string;
  readonly name: string;
  readonly ref: string;
}

/** A browser server in a process of its own, whatever its tools are called. */
export interface Driver extends Closable {
  readonly name: string;
  readonly pid: number;
  /** From the start of the process to the answer of `initialize`. */
  readonly startMs: number;
  /** Bytes of the answer to `tools/list`. */
  readonly toolBytes: number;
  /** `null` where the server has no tool for it by default. */
  act(action: Action, options?: { readonly deadlineMs?: number }): Promise<Said | null>;
  /** The elements that a snapshot shows, in its order. */
  sightings(snapshot: string): readonly Sighting[];
}

/** Did not answer in its time. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}
