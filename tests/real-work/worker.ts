import { codeOf } from '../desktop/answers.ts';
import { eventually } from '../lab/eventually.ts';
import type { ToolAnswer, ToolClient } from '../lab/tool-client.ts';

/** How a worker reaches what it wants: by pixels of the screenshot, or by references to elements. */
type Hand = 'coordinates' | 'elements';

/** One line of what the server says of a window. */
export interface Element {
  readonly ref: string;
  readonly role: string;
  /** Empty when the window gives it none. */
  readonly name: string;
  readonly middle: readonly [number, number];
}

/** What an element is called, and its role where the name alone could mean another one. */
export interface Wanted {
  readonly name: string | RegExp;
  readonly role?: string;
}

const LINE = /^\s*(e\d+) ([a-z ]+?)(?: "((?:[^"\\]|\\.)*)")?(?: = .*?)? (-?\d+),(-?\d+) (\d+)x(\d+)/;

function elementIn(line: string): Element | undefined {
  const [, ref = '', role = '', name = '', ...numbers] = LINE.exec(line) ?? [];
  const [x = 0, y = 0, width = 0, height = 0] = numbers.map(Number);
  if (ref === '') return undefined;
  return { ref, role, name, middle: [x + Math.floor(width / 2), y + Math.floor(height / 2)] };
}

/** Does a piece of work through the server alone, as a model would, and never looks behind the screen. */
export class Worker {
  readonly #server: ToolClient;
  readonly #hand: Hand;

  constructor(server: ToolClient, hand: Hand) {
    this.#server = server;
    this.#hand = hand;
  }

  /** The answer of a tool, which must not be a refusal; asked again when nothing was done for lack of time. */
  async use(tool: string, input: Readonly<Record<string, unknown>> = {}): Promise<ToolAnswer> {
    const answer = await eventually(`time for ${tool}`, async () => {
      const given = await this.#server.call(tool, input);
      return codeOf(given) !== 'desktop_busy' && given;
    });
    if (answer.isError) throw new Error(`${tool} ${JSON.stringify(input)}: ${answer.text}`);
    return answer;
  }

  /** All elements of the window in front that are meant, once there is one. */
  async seen({ name, role }: Wanted): Promise<readonly [Element, ...Element[]]> {
    const isMeant = (element: Element): boolean =>
      (role === undefined || element.role === role) &&
      (typeof name === 'string' ? element.name === name : name.test(element.name));
    let text = '';
    const found = eventually(`${role ?? 'element'} ${String(name)}`, async () => {
      ({ text } = await this.#server.call('get_ui_tree'));
      const elements = text.split('\n').flatMap((line) => elementIn(line) ?? []);
      const [first, ...more] = elements.filter(isMeant);
      return first && ([first, ...more] as const);
    });
    return found.catch((cause: unknown) => {
      throw new Error(`no ${role ?? 'element'} ${String(name)} in\n${text}`, { cause });
    });
  }

  /** Clicks one element, the first of its kind unless told. */
  async press(
    name: Wanted['name'],
    { role, at = 0 }: { readonly role?: string; readonly at?: number } = {},
  ): Promise<void> {
    const seen = await this.seen({ name, ...(role !== undefined && { role }) });
    const element = seen.at(at);
    if (element === undefined) throw new Error(`only ${seen.length} of ${String(name)}`);
    if (this.#hand === 'elements') await this.use('click_element', { element: element.ref });
    else await this.use('left_click', { coordinate: element.middle });
  }

  /** Opens menu after menu, and picks the last entry. */
  async pick(...path: readonly Wanted['name'][]): Promise<void> {
    for (const [level, name] of path.entries()) {
      await this.press(name, level === 0 ? { role: 'menu' } : {});
    }
  }

  async type(text: string): Promise<void> {
    await this.use('type', { text });
  }

  async key(text: string, repeat = 1): Promise<void> {
    await this.use('key', { text, repeat });
  }

  /** Puts a text in place of what an entry has. */
  async fill(
    name: Wanted['name'],
    text: string,
    more: { readonly role?: string; readonly at?: number } = {},
  ): Promise<void> {
    await this.press(name, more);
    await this.key('ctrl+a');
    await this.type(text);
  }

  /** Waits until a window with these words in its title is in front. */
  async front(title: string): Promise<void> {
    await eventually(`the window ${title}`, async () => {
      const { text } = await this.use('list_windows');
      return text.split('\n').some((line) => line.includes('active') && line.includes(title));
    });
  }
}
