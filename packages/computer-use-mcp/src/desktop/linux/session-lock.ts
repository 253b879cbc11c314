import { z } from 'zod';
import { Bus, NO_AUTO_START } from '../../accessibility/atspi/bus.ts';
import { sessionAddress, unixAddress } from '../../accessibility/atspi/bus-address.ts';
import type { Obstacle, Obstacles } from '../obstacle.ts';

const SYSTEM_BUS = 'unix:path=/run/dbus/system_bus_socket';
const LOGIN = 'org.freedesktop.login1';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
/** The desktops' own names for the same thing; the path of the object is the name with slashes. */
const SCREEN_SAVERS = ['freedesktop', 'gnome', 'cinnamon', 'mate', 'xfce'].map(
  (desktop) => `org.${desktop}.ScreenSaver`,
);
/** A bus that does not answer in this time tells nothing, */
const ANSWER_MS = 1000;
/** and is tried again after this one. */
const RETRY_MS = 30_000;

const flagReply = z.tuple([z.boolean()]);
const variant = <T extends z.ZodType>(value: T) => z.object({ value });
const userReply = z.tuple([z.object({ Display: variant(z.tuple([z.string(), z.string()])) })]);
const sessionReply = z.tuple([
  z.object({
    Id: variant(z.string()),
    Display: variant(z.string()),
    Active: variant(z.boolean()),
    LockedHint: variant(z.boolean()).optional(),
  }),
]);

type Env = Readonly<Record<string, string | undefined>>;

/** Says who holds the session locked; `null` when nobody does. */
type Question = () => Promise<string | null>;

/**
 * What logind and the screen savers of a session say of its lock, over D-Bus. A session without them is not locked as
 * far as this can tell.
 */
export class SessionLock implements Obstacles {
  readonly #env: Env;
  readonly #listeners = new Set<(obstacle: Obstacle) => void>();
  #buses: readonly Bus[] = [];
  #questions: readonly Question[] = [];
  #opening: Promise<void> | null = null;
  #openedAt = -Infinity;
  #by: string | null = null;
  #isClosed = false;

  /** `env`: with the DISPLAY that is acted on. */
  constructor(env: Env) {
    this.#env = env;
  }

  async current(): Promise<Obstacle | null> {
    const isDeaf = this.#buses.length < 2 || this.#buses.some(({ isLost }) => isLost);
    if (isDeaf && performance.now() > this.#openedAt + RETRY_MS) {
      this.#leave();
      this.#opening = this.#open();
    }
    await this.#opening;
    // whoever said so may have gone without another word
    if (this.#by !== null) await this.#ask();
    return this.#by === null ? null : { kind: 'locked', by: this.#by };
  }

  onAppear(listener: (obstacle: Obstacle) => void): void {
    this.#listeners.add(listener);
  }

  close(): void {
    this.#isClosed = true;
    this.#leave();
  }

  #leave(): void {
    for (const bus of this.#buses) bus.close();
    this.#buses = [];
    this.#questions = [];
  }

  async #open(): Promise<void> {
    this.#openedAt = performance.now();
    const { DBUS_SYSTEM_BUS_ADDRESS: given = '' } = this.#env;
    const system = given === '' ? SYSTEM_BUS : unixAddress(given);
    await Promise.all([
      this.#hear(system, (bus) => this.#login(bus)),
      this.#hear(sessionAddress(this.#env), (bus) => screenSavers(bus)),
    ]);
    await this.#ask();
  }

  async #hear(address: string | null, start: (bus: Bus) => Promise<readonly Question[]>): Promise<void> {
    if (address === null) return;
    try {
      const bus = await Bus.open(address, AbortSignal.timeout(ANSWER_MS));
      this.#buses = [...this.#buses, bus];
      if (this.#isClosed) this.#leave();
      const questions = await inTime(start(bus));
      this.#questions = [...this.#questions, ...questions];
      bus.onSignal(() => void this.#ask());
    } catch {
      // no such bus, or nobody there: it tells nothing then
    }
  }

  async #ask(): Promise<void> {
    const answers = await Promise.all(this.#questions.map((question) => answerTo(question)));
    const by = answers.find((answer) => answer !== null) ?? null;
    const isNew = by !== null && this.#by === null;
    this.#by = by;
    if (isNew) for (const listener of this.#listeners) listener({ kind: 'locked', by });
  }

  /** The graphical session of the person, when it is the one of the display. */
  async #login(bus: Bus): Promise<readonly Question[]> {
    const user = await bus.call(propertiesOf('/org/freedesktop/login1/user/self', 'User'));
    const path = userReply.parse(user)[0].Display.value[1];
    const read = async () => sessionReply.parse(await bus.call(propertiesOf(path, 'Session')))[0];
    const { Id, Display } = await read();
    const { DISPLAY: display = '', XDG_SESSION_ID: id = '' } = this.#env;
    const isOurs = Display.value === '' ? Id.value === id : Display.value === display.replace(/\.\d+$/u, '');
    if (!isOurs) return [];
    await bus.match(`type='signal',sender='${LOGIN}',interface='${PROPERTIES}',path='${path}'`);
    return [
      async () => {
        const { LockedHint, Active } = await read();
        if (LockedHint?.value === true) return 'the login manager says so';
        return Active.value ? null : 'another session is in front';
      },
    ];
  }
}

async function screenSavers(bus: Bus): Promise<readonly Question[]> {
  await bus.match("type='signal',member='ActiveChanged'");
  return SCREEN_SAVERS.map((name) => async () => {
    const path = `/${name.replaceAll('.', '/')}`;
    const saver = { destination: name, path, interface: name, flags: NO_AUTO_START };
    const [isActive] = flagReply.parse(await bus.call({ ...saver, member: 'GetActive' }));
    return isActive ? `${name} says so` : null;
  });
}

const propertiesOf = (path: string, what: 'User' | 'Session') => ({
  ...{ destination: LOGIN, path, interface: PROPERTIES, flags: NO_AUTO_START },
  ...{ member: 'GetAll', signature: 's', body: [`${LOGIN}.${what}`] },
});

async function answerTo(question: Question): Promise<string | null> {
  try {
    return await inTime(question());
  } catch {
    return null; // it is not there, or does not answer
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it did not answer in time')), ANSWER_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
