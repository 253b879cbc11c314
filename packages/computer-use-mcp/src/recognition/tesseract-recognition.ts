import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { RecognitionUnavailable, type RecognisedLine, type Recognition } from './recognition.ts';
import { TesseractWorker, type WorkerFiles } from './tesseract-worker.ts';

const SCRIPT = 'tesseract.js/src/worker-script/node/index.js';
const DATA_PACKAGE = '@tesseract.js-data/eng/package.json';
const DATA_FOLDER = '4.0.0_best_int';
/** The reader holds 100 MB while it runs, and starts again in a second. */
const IDLE_MS = 60_000;

const INSTALL =
  'Take a screenshot instead. To have text recognised, a person runs "npm install tesseract.js @tesseract.js-data/eng" where @deskhand/computer-use-mcp is installed.';

export interface TesseractOptions {
  /** Finds a file of an installed package. */
  readonly resolve?: (id: string) => string;
  readonly idleMs?: number;
}

/** English by tesseract.js, which is installed or not. Runs only while something is read and for a minute after. */
export class TesseractRecognition implements Recognition {
  readonly #resolve: (id: string) => string;
  readonly #idleMs: number;
  #worker: Promise<TesseractWorker> | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  constructor(options: TesseractOptions = {}) {
    const { resolve = createRequire(import.meta.url).resolve, idleMs = IDLE_MS } = options;
    this.#resolve = resolve;
    this.#idleMs = idleMs;
  }

  get isRunning(): boolean {
    return this.#worker !== null;
  }

  read(png: Uint8Array, signal: AbortSignal): Promise<readonly RecognisedLine[]> {
    const reading = this.#turn.then(() => this.#read(png, signal));
    this.#turn = reading.catch(() => undefined); // whoever comes next has a reading of their own
    return reading;
  }

  close(): void {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = null;
    void worker?.then(
      (started) => started.end(),
      () => undefined, // it never started
    );
  }

  async #read(png: Uint8Array, signal: AbortSignal): Promise<readonly RecognisedLine[]> {
    signal.throwIfAborted();
    clearTimeout(this.#idle);
    const onAbort = (): void => this.close(); // nothing else stops it in the middle of a picture
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      this.#worker ??= TesseractWorker.start(this.#files());
      return await (await this.#worker).read(png);
    } catch (error) {
      this.close();
      signal.throwIfAborted();
      if (error instanceof RecognitionUnavailable) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new RecognitionUnavailable(`text recognition failed: ${why}`, INSTALL, { cause: error });
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#idle = setTimeout(() => this.close(), this.#idleMs).unref();
    }
  }

  #files(): WorkerFiles {
    try {
      return {
        script: this.#resolve(SCRIPT),
        data: join(dirname(this.#resolve(DATA_PACKAGE)), DATA_FOLDER),
      };
    } catch (cause) {
      throw new RecognitionUnavailable('text recognition is not installed', INSTALL, { cause });
    }
  }
}
