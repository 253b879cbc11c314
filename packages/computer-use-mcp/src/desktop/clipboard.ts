import type { Subject } from '@deskhand/tier-policy';
import type { Judge, Judged } from './desktop.ts';

/** Who reads or writes, told apart by identity: one agent does not see what another one wrote. */
export type ClipboardUser = object;

export interface ReadRules {
  readonly by: ClipboardUser;
  /** As for a key: whoever is in front and has the focus. */
  readonly judge: Judge;
  /** May the agent see what this application copied? */
  readonly mayRead: (owner: Subject) => boolean;
}

/** What was found on the clipboard; `owner` is whoever copied it. */
export type Found =
  | { readonly kind: 'text'; readonly owner: Subject; readonly text: string; readonly isCut: boolean }
  /** The agent's own text, that it wrote before. */
  | { readonly kind: 'own'; readonly text: string }
  | { readonly kind: 'empty' }
  /** Something, but no text. */
  | { readonly kind: 'other'; readonly owner: Subject }
  /** Marked by its owner as a password. */
  | { readonly kind: 'secret'; readonly owner: Subject }
  /** Nothing was asked of the owner: it may not be read. */
  | { readonly kind: 'foreign'; readonly owner: Subject }
  /** Its owner did not answer in time. */
  | { readonly kind: 'silent'; readonly owner: Subject };

export interface ReadClipboard extends Judged {
  /** `null` when the decision is a refusal. */
  readonly found: Found | null;
}

export interface WriteRules {
  readonly by: ClipboardUser;
  readonly judge: Judge;
  /** Asked for each paste, when it happens, and answers without waiting. Everybody else is as if nothing was written. */
  readonly mayPaste: (requestor: Subject) => boolean;
}

/** Why what the person had copied could not be kept, so that nothing was written. */
export type NotKept = 'secret' | 'silent' | 'too_large';

export interface WrittenClipboard extends Judged {
  readonly notKept: NotKept | null;
  /** How long the text can be pasted, counted anew with each paste. */
  readonly offeredMs: number;
}

/**
 * The clipboard of a desktop. What an agent writes is given only to those who may have it; to all others the
 * clipboard still holds what the person copied last.
 */
export interface Clipboard {
  /** Text alone, at most `MAX_CLIPBOARD_BYTES` of it. */
  read(rules: ReadRules, signal: AbortSignal): Promise<ReadClipboard>;
  write(text: string, rules: WriteRules, signal: AbortSignal): Promise<WrittenClipboard>;
  /** Takes back what this user wrote, if it is still there. */
  withdraw(by: ClipboardUser): void;
  close(): Promise<void>;
}

/** Of one text that is read or written, in UTF-8; with its marks it fits into one answer. */
export const MAX_CLIPBOARD_BYTES = 128 * 1024;
