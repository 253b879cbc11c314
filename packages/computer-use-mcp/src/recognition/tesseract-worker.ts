import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import type { RecognisedLine } from './recognition.ts';

const reply = z.discriminatedUnion('status', [
  z.object({ status: z.literal('progress') }),
  z.object({ status: z.enum(['resolve', 'reject']), jobId: z.string(), data: z.unknown() }),
]);

const page = z.object({
  blocks: z
    .array(
      z.object({
        paragraphs: z.array(
          z.object({ lines: z.array(z.object({ text: z.string(), confidence: z.number() })) }),
        ),
      }),
    )
    .nullable(),
});

/** Tesseract's numbers: only its neural network, and a page that it divides into columns and lines itself. */
const NEURAL_ONLY = 1;
const WHOLE_PAGE = '3';

export interface WorkerFiles {
  /** The worker script of tesseract.js. */
  readonly script: string;
  /** The folder of `eng.traineddata.gz`. */
  readonly data: string;
}

interface Asked {
  readonly resolve: (data: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The worker script of tesseract.js in a thread of our own. The library's own way to start it ends the process when
 * the thread fails, and lets it write between the messages on standard output.
 */
export class TesseractWorker {
  readonly #worker: Worker;
  readonly #asked = new Map<string, Asked>();
  #last = 0;
  #failure: Error | null = null;

  private constructor(script: string) {
    this.#worker = new Worker(script, { env: {}, stdout: true, stderr: true });
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
    this.#worker.on('message', (message: unknown) => this.#hear(message));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('the reader ended')));
    this.#worker.unref();
  }

  /** Loads everything from local files; a file that is missing is never fetched from elsewhere. */
  static async start({ script, data }: WorkerFiles): Promise<TesseractWorker> {
    const worker = new TesseractWorker(script);
    const langs = ['eng'];
    try {
      await worker.#ask('load', { options: { lstmOnly: true, logging: false } });
      const options = { langPath: data, cacheMethod: 'none', gzip: true, lstmOnly: true };
      await worker.#ask('loadLanguage', { langs, options });
      await worker.#ask('initialize', { langs, oem: NEURAL_ONLY, config: {} });
      await worker.#ask('setParameters', { params: { tessedit_pageseg_mode: WHOLE_PAGE } });
      return worker;
    } catch (error) {
      worker.end();
      throw error;
    }
  }

  async read(png: Uint8Array): Promise<readonly RecognisedLine[]> {
    const payload = { image: png, options: {}, output: { text: false, blocks: true } };
    const { blocks } = page.parse(await this.#ask('recognize', payload));
    return (blocks ?? []).flatMap(({ paragraphs }) => paragraphs.flatMap(({ lines }) => lines));
  }

  /** What was asked and not answered yet fails. */
  end(): void {
    this.#fail(new Error('the reader was ended'));
    void this.#worker.terminate();
  }

  #ask(action: string, payload: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    this.#last += 1;
    const jobId = String(this.#last);
    return new Promise((resolve, reject) => {
      this.#asked.set(jobId, { resolve, reject });
      this.#worker.postMessage({ workerId: 'reader', jobId, action, payload });
    });
  }

  #hear(message: unknown): void {
    const said = reply.safeParse(message);
    if (!said.success || said.data.status === 'progress') return;
    const { status, jobId, data } = said.data;
    const asked = this.#asked.get(jobId);
    this.#asked.delete(jobId);
    if (status === 'resolve') asked?.resolve(data);
    else asked?.reject(new Error(String(data)));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
  }
}
