import type { Rect } from '../core/geometry.ts';
import type { FieldPlace } from '../core/password-places.ts';

/** A window whose owner the window system proved, and whose contents are asked for. */
export interface ReadWindow {
  /** The process behind the window's socket. */
  readonly pid: number;
  /** Its inside in screen pixels. */
  readonly rect: Rect;
  /** The application's own word, only used to tell its windows apart. */
  readonly title: string;
}

/** Where a program keeps an element for as long as the program runs. */
export interface ElementAddress {
  /** The program's connection to the accessibility bus; never given to another one. */
  readonly connection: string;
  readonly path: string;
}

/** What an element can be besides being there; all others are left out. */
export type ElementState =
  | 'checked'
  | 'collapsed'
  | 'disabled'
  | 'editable'
  | 'expanded'
  | 'focused'
  | 'multi_line'
  | 'pressed'
  | 'read_only'
  | 'selected'
  | 'showing';

/** One thing inside a window. Every text is the application's own, made safe to show and cut to a length. */
export interface Element {
  readonly address: ElementAddress;
  readonly role: string;
  readonly name: string;
  /** What a field holds or a slider stands at; `null` for other elements, and always for password fields. */
  readonly value: string | null;
  readonly states: ReadonlySet<ElementState>;
  /** In screen pixels and cut to what its window shows; `null` when it has no place of its own. */
  readonly rect: Rect | null;
  /** In a menu or another window without a frame, which may reach over the edge of its window. */
  readonly isPopup: boolean;
  /** The characters that can be seen or scrolled to, when they were asked for; U+FFFC where a child is in them. */
  readonly text: string | null;
  readonly children: readonly Element[];
  /** Children that were not read, because there are too many. */
  readonly omitted: number;
}

/** What a window shows, from its frame down. */
export interface ElementTree {
  readonly root: Element;
  /** How many elements were read. */
  readonly count: number;
  /** Why reading ended before the end: too many elements, or no answer in time. */
  readonly stopped: 'count' | 'time' | null;
  /** False when the program does not say where its elements are on the screen closely enough to point at them. */
  readonly isPlaced: boolean;
}

export interface ReadOptions {
  readonly maxElements: number;
  readonly maxDepth: number;
  readonly timeoutMs: number;
  /** Reads the whole text of the elements too, and in documents what is scrolled away. */
  readonly withText: boolean;
  readonly signal: AbortSignal;
}

/** An element that was shown before, with the way to it. */
export interface ElementTrail {
  readonly address: ElementAddress;
  /** The elements around it, from its window's frame inwards. */
  readonly within: readonly ElementAddress[];
  readonly isPopup: boolean;
}

/** An element as it is now. */
export interface SeenElement {
  readonly role: string;
  readonly name: string;
  readonly states: ReadonlySet<ElementState>;
  /** What can be seen of it, in screen pixels; `null` when nothing can. */
  readonly visible: Rect | null;
  readonly isPlaced: boolean;
}

/** A password field that shows. */
export interface PasswordField extends FieldPlace {
  readonly isFocused: boolean;
}

export interface PasswordFields {
  readonly fields: readonly PasswordField[];
  /** Processes that take part in accessibility and could not be searched in time. */
  readonly silent: readonly number[];
}

/** What a process says of itself, before input goes to it. */
export interface Inside {
  /** A password field has the keyboard focus; false when that cannot be known. */
  readonly hasPasswordFocus: boolean;
  /** It shows an element of the role `terminal`; `null` when that cannot be known. */
  readonly showsTerminal: boolean | null;
}

/** What programs tell about the inside of their windows. Names nobody by it: owners come from the window system. */
export interface Accessibility {
  /**
   * What a window shows.
   *
   * @throws AccessibilityUnavailable, NoTree or ProgramSilent
   */
  read(window: ReadWindow, options: ReadOptions): Promise<ElementTree>;
  /**
   * One element again; `null` when the program has it no more.
   *
   * @throws AccessibilityUnavailable or ProgramSilent
   */
  look(window: ReadWindow, trail: ElementTrail, signal: AbortSignal): Promise<SeenElement | null>;
  /**
   * Puts a value into a field or onto a slider, and gives what it holds after that; `null` when it takes none.
   *
   * @throws AccessibilityUnavailable or ProgramSilent
   */
  setValue(window: ReadWindow, value: NewValue, signal: AbortSignal): Promise<string | null>;
  /** The password fields that processes show; `null` when no accessibility bus runs. */
  passwordFields(pids: readonly number[], signal: AbortSignal): Promise<PasswordFields | null>;
  /** Looks inside a process before input goes to it. Never throws. */
  inside(pid: number): Promise<Inside>;
  close(): void;
}

export interface NewValue {
  readonly address: ElementAddress;
  readonly value: string;
}

/** The role of fields whose contents are never read or written. */
export const PASSWORD_ROLE = 'password text';

/** The role of what passes keys on to a shell. */
export const TERMINAL_ROLE = 'terminal';
