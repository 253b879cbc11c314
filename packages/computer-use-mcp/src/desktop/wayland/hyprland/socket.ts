import { createConnection, type Socket } from 'node:net';

const ANSWER_MS = 3000;
const BATCH = '[[BATCH]]';
/** Between the answers to a batch. */
const BETWEEN = '\n\n\n';

/** Asks Hyprland one thing over its socket, which is closed after each answer: it stands still until then. */
export function ask(path: string, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    const pieces: Buffer[] = [];
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error('Hyprland does not answer')));
    socket.on('connect', () => socket.write(request));
    socket.on('data', (bytes: Buffer) => pieces.push(bytes));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(pieces).toString()));
  });
}

/** The answers to several questions, all of the same instant. */
export async function askTogether(path: string, requests: readonly string[]): Promise<readonly unknown[]> {
  const answer = await ask(path, `${BATCH}${requests.join(';')}`);
  const parts = answer.split(BETWEEN).filter((part) => part.trim() !== '');
  if (parts.length !== requests.length) throw new Error('Hyprland did not answer everything');
  return parts.map((part, index) => parsed(part, requests[index] ?? ''));
}

function parsed(text: string, request: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Hyprland does not answer ${request}: ${text.trim().slice(0, 80)}`, { cause: error });
  }
}

/** Events that change neither windows nor focus; taking a picture makes some of them. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...['windowtitle', 'windowtitlev2', 'activelayout', 'submap', 'urgent', 'bell'],
  ...['screencast', 'screencastv2'],
]);
const OF_FOCUS: ReadonlySet<string> = new Set([
  'activewindow',
  'activewindowv2',
  'focusedmon',
  'focusedmonv2',
]);

/** Hears what Hyprland tells of itself. */
export class HyprlandEvents {
  readonly #socket: Socket;
  #rest = '';
  #isLost = false;
  /** How many events there were. */
  count = 0;
  /** How many of them were about windows or the focus, */
  changes = 0;
  /** and how many not only about the focus. */
  moves = 0;
  /** The address of the last window that got the focus, and the count of the event that said so. */
  focused: { readonly address: string; readonly at: number } | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#hear(text));
    socket.on('error', () => this.close());
    socket.on('close', () => this.close());
  }

  static async open(path: string): Promise<HyprlandEvents> {
    const socket = createConnection(path);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new HyprlandEvents(socket);
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  close(): void {
    this.#isLost = true;
    this.#socket.destroy();
  }

  #hear(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
  }

  #take(line: string): void {
    const [name = '', data = ''] = line.split('>>', 2);
    this.count += 1;
    if (HARMLESS.has(name)) return;
    this.changes += 1;
    if (!OF_FOCUS.has(name)) this.moves += 1;
    if (name === 'activewindowv2') this.focused = { address: data, at: this.count };
  }
}
