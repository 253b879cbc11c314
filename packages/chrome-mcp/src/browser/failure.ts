import type { OpenDialog } from './dialog.ts';

/** No browser could be started or joined. */
export class BrowserUnavailable extends Error {
  override readonly name = 'BrowserUnavailable';
  /** What mends it. */
  readonly hint: string;

  constructor(message: string, { hint, cause }: { readonly hint: string; readonly cause?: unknown }) {
    super(message, cause === undefined ? undefined : { cause });
    this.hint = hint;
  }
}

/** The page stands still until somebody answers its dialog. */
export class DialogOpen extends Error {
  override readonly name = 'DialogOpen';
  readonly dialog: OpenDialog;
  /** The tab that has it, when it is another one that shares the process of the page. */
  readonly elsewhere: string | null;

  constructor(dialog: OpenDialog, elsewhere: string | null = null) {
    super(`A dialog of type ${dialog.type} is open`);
    this.dialog = dialog;
    this.elsewhere = elsewhere;
  }
}

/** The process that shows the page is gone. */
export class TabCrashed extends Error {
  override readonly name = 'TabCrashed';
}

/** The tab, or the whole browser, was closed. */
export class TabClosed extends Error {
  override readonly name = 'TabClosed';
}

/**
 * The time of a call was up. `leaving`: the page was being left, for an address that did not answer; `stopped`: a
 * script that ran without end was ended; `deaf`: the page answers nothing.
 */
export class TimeUp extends Error {
  override readonly name = 'TimeUp';
  readonly page: 'answers' | 'leaving' | 'stopped' | 'deaf';

  constructor(page: TimeUp['page'], ms: number) {
    super(`${ms} ms were over`);
    this.page = page;
  }
}

/** The document that was worked on was replaced by another one, or its frame removed. */
export class DocumentGone extends Error {
  override readonly name = 'DocumentGone';
}
