import { CommandFailed, type CdpSession } from '../cdp/connection.ts';

/** A dialog that stops a page: alert, confirm, prompt, or the question whether to leave. */
export interface OpenDialog {
  readonly type: 'alert' | 'confirm' | 'prompt' | 'beforeunload';
  readonly message: string;
  /** What a prompt suggests. */
  readonly suggestion: string;
  readonly url: string;
}

export interface DialogHearing {
  opened(dialog: OpenDialog): void;
  closed(): void;
}

/** How long a page that was answered may take to ask again, or to go on. */
const NEXT_MS = 500;

/** Follows the dialogs of a page. A question whether to leave is answered with yes while a navigation is on. */
export class Dialogs {
  readonly #page: CdpSession;
  readonly #hearing: DialogHearing;
  #open: OpenDialog | null = null;
  #onOpen: (() => void) | null = null;
  #leaving = 0;
  #left = 0;

  constructor(page: CdpSession, hearing: DialogHearing) {
    this.#page = page;
    this.#hearing = hearing;
    page.on('Page.javascriptDialogOpening', ({ type, message, defaultPrompt = '', url }) => {
      if (type === 'beforeunload' && this.#leaving > 0) {
        this.#leave();
        return;
      }
      this.found({ type, message, suggestion: defaultPrompt, url });
    });
    page.on('Page.javascriptDialogClosed', () => this.forget());
  }

  get open(): OpenDialog | null {
    return this.#open;
  }

  /** One that was open before anybody listened, or opens now. */
  found(dialog: OpenDialog): void {
    this.#open = dialog;
    this.#hearing.opened(dialog);
    this.#onOpen?.();
  }

  /** Does something that may leave the page; says whether the page wanted to be asked. */
  async leaving<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly asked: boolean }> {
    const before = this.#left;
    this.#leaving += 1;
    try {
      const result = await work();
      return { result, asked: this.#left > before };
    } finally {
      this.#leaving -= 1;
    }
  }

  /** Says whether it was still there: a page that is left takes its dialogs with it. */
  async answer(accept: boolean, text: string | undefined, signal: AbortSignal): Promise<boolean> {
    const answered = this.#open;
    const params = { accept, ...(text !== undefined && { promptText: text }) };
    const isThere = await this.#page.send('Page.handleJavaScriptDialog', params, { signal }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof CommandFailed) return false;
        throw error;
      },
    );
    // the next one may be open already
    if (this.#open === answered) this.forget();
    return isThere;
  }

  /** The dialog that the page opens next in what it is at; `null` when it goes on without one. */
  async next(): Promise<OpenDialog | null> {
    const opened = new Promise<void>((resolve) => {
      this.#onOpen = resolve;
    });
    // nothing is answered while a script runs or a dialog is open; a page that is busy may ask later
    const goesOn = this.#page
      .send('Runtime.evaluate', { expression: '1' }, { signal: AbortSignal.timeout(NEXT_MS) })
      .catch(() => undefined);
    if (this.#open === null) await Promise.race([opened, goesOn]);
    this.#onOpen = null;
    return this.#open;
  }

  /** Answers no to what is open, so that the page may end. */
  async dismiss(): Promise<void> {
    if (this.#open === null) return;
    // the page goes away in any case
    await this.answer(false, undefined, AbortSignal.timeout(1_000)).catch(() => undefined);
  }

  forget(): void {
    if (this.#open === null) return;
    this.#open = null;
    this.#hearing.closed();
  }

  #leave(): void {
    this.#left += 1;
    // when it fails, the page is gone, which is what was wanted
    this.#page.send('Page.handleJavaScriptDialog', { accept: true }).catch(() => undefined);
  }
}
