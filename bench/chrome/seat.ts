import type { Action, Driver, Said, Sighting } from '@deskhand/tests/browser/driver';

/** A peer that needs longer has failed. */
const DEADLINE_MS = 100_000;

/** A server that a benchmark plays on. */
export class Seat {
  readonly driver: Driver;
  readonly #base: string;
  #page: string | null = null;
  #shown: readonly Sighting[] = [];

  constructor(driver: Driver, base: string) {
    this.driver = driver;
    this.#base = base;
  }

  /** @throws when the server refuses, which must not happen here */
  async act(action: Action): Promise<Said> {
    const said = await this.driver.act(action, { deadlineMs: DEADLINE_MS });
    if (said === null) throw new Error(`${this.driver.name} has no tool to ${action.do}`);
    if (said.isError) throw new Error(`${action.do}: ${said.text.slice(0, 300)}`);
    return said;
  }

  async open(page: string): Promise<Said> {
    this.#page = null;
    const said = await this.act({ do: 'navigate', url: this.#base + page });
    this.#page = page;
    return said;
  }

  async look(): Promise<Said> {
    const said = await this.act({ do: 'snapshot' });
    this.#shown = this.driver.sightings(said.text);
    return said;
  }

  /** Has a page open and looked at. */
  async at(page: string): Promise<void> {
    if (this.#page === page) return;
    await this.open(page);
    await this.look();
  }

  /** Of the last look. */
  find(role: string, name: string): Sighting {
    const found = this.#shown.find((one) => one.role === role && one.name === name);
    if (found === undefined) throw new Error(`no snapshot shows ${role} "${name}"`);
    return found;
  }

  async requireTrue(script: string): Promise<void> {
    const { text } = await this.act({ do: 'evaluate', script });
    if (!/\btrue\b/u.test(text)) throw new Error(`the page did not get it: ${script}`);
  }
}
