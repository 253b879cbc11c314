import type { HttpService } from '../http/http-service.ts';
import type { LocalDoor } from './local-door.ts';

/** How much time passes between two looks at whether anything is going on, at most. */
const LOOK_MS = 5_000;

/** All ways into one process. */
export class Doors {
  readonly #local: LocalDoor | undefined;
  readonly #http: HttpService | undefined;
  readonly #openedAt = Date.now();

  constructor({
    local,
    http,
  }: {
    readonly local?: LocalDoor | undefined;
    readonly http?: HttpService | undefined;
  }) {
    this.#local = local;
    this.#http = http;
  }

  get url(): string | undefined {
    return this.#http?.url;
  }

  get attached(): number {
    return this.#local?.attached ?? 0;
  }

  get running(): number {
    return (this.#local?.running ?? 0) + (this.#http?.active ?? 0);
  }

  /** Resolves when nobody was attached and nothing was asked for so long. */
  untilIdle(idleMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (signal.aborted) return;
        const left = this.#isBusy ? idleMs : this.#lastActivity + idleMs - Date.now();
        if (left <= 0) resolve();
        else setTimeout(look, Math.min(left, LOOK_MS)).unref();
      };
      look();
    });
  }

  get isEnding(): boolean {
    return this.#local?.isEnding ?? false;
  }

  /** Takes no more calls and lets those that run finish for so many ms; then everything is cut off. */
  async drain(ms: number): Promise<void> {
    await Promise.all([this.#local?.drain(AbortSignal.timeout(ms)), this.#http?.drain(ms)]);
    this.#local?.cutOff();
    await this.#http?.close();
  }

  /** Gives the local socket up. */
  close(): void {
    this.#local?.close();
  }

  get #isBusy(): boolean {
    return this.attached > 0 || this.running > 0;
  }

  get #lastActivity(): number {
    return Math.max(this.#openedAt, this.#local?.lastActivity ?? 0, this.#http?.lastActivity ?? 0);
  }
}
