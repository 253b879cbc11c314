import { inTime, safeLine } from '@deskhand/server-runtime';
import { intersection, type Rect } from '../../core/geometry.ts';
import {
  PASSWORD_ROLE,
  type Accessibility,
  type ElementTrail,
  type ElementTree,
  type Inside,
  type NewValue,
  type PasswordField,
  type PasswordFields,
  type ReadOptions,
  type ReadWindow,
  type SeenElement,
} from '../accessibility.ts';
import { NoTree, ProgramSilent } from '../failure.ts';
import type { Bus } from './bus.ts';
import { aborted } from './connection.ts';
import { searchPrograms, searchProcess } from './process-search.ts';
import { Program, type ProgramState } from './program.ts';
import { programsByPid, programsOf, topLevelsOf, wake } from './program-search.ts';
import { CLIPPING_ROLES, FIELD_ROLES, RANGE_ROLES } from './roles.ts';
import { SharedBus } from './shared-bus.ts';
import { NAME_LENGTH, TreeWalk } from './tree-walk.ts';
import { matchWindow, toPixels, type Placement } from './window-match.ts';

const LOOK_MS = 2000;
/** Pictures wait no longer than this for programs to say where their password fields are. */
const SEARCH_MS = 600;
/** With a bus that takes connections and says nothing. */
const CONNECT_AND_SEARCH_MS = 1500;
/** Keys wait no longer than this. */
const FOCUS_MS = 400;
/** A document that is still empty so long after its program was woken is an empty one. */
const FILL_MS = 1500;

/** Keeps text to the element around it, and not in elements of its own. */
const GECKO = 'Gecko';

interface Limits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly mayStart?: boolean;
}

export interface AtspiOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The accessibility bus of Linux desktops (AT-SPI 2). A program is found by the process id that the bus had from
 * the kernel, and only its own connection is ever asked: a name, an id or a child that leads to another program
 * counts for nothing.
 */
export class AtspiAccessibility implements Accessibility {
  readonly #shared: SharedBus;

  constructor({ env }: AtspiOptions) {
    this.#shared = new SharedBus(env);
  }

  async read(window: ReadWindow, options: ReadOptions): Promise<ElementTree> {
    const reading: { walk: TreeWalk | null } = { walk: null };
    return this.#within<ElementTree>(
      options,
      async (bus, deadline) => {
        const { program, match, popups, isWoken, mixesText } = await findWindow(bus, window, deadline);
        const patience = performance.now() + FILL_MS;
        for (;;) {
          const start = { program, match, popups, clip: window.rect, mixesText };
          const walk = new TreeWalk(start, { ...options, signal: deadline });
          reading.walk = walk;
          await walk.run();
          const tree = walk.result(false);
          if (tree === null)
            throw new NoTree('the window closed while it was read', 'Look at the windows again.');
          // a program that was just woken fills its documents a moment later
          if (!isWoken || !walk.hasEmptyDocument || performance.now() > patience) return tree;
        }
      },
      () => reading.walk?.result(true) ?? null,
    );
  }

  look(window: ReadWindow, trail: ElementTrail, signal: AbortSignal): Promise<SeenElement | null> {
    return this.#within({ timeoutMs: LOOK_MS, signal }, async (bus) => {
      const program = await programAt(bus, window, trail.address.connection);
      return program === null ? null : seen(program, window, trail);
    });
  }

  setValue(window: ReadWindow, { address, value }: NewValue, signal: AbortSignal): Promise<string | null> {
    return this.#within({ timeoutMs: LOOK_MS, signal }, async (bus) => {
      const program = await programAt(bus, window, address.connection);
      return program === null ? null : put(program, address.path, value);
    });
  }

  passwordFields(pids: readonly number[], signal: AbortSignal): Promise<PasswordFields | null> {
    return inTime(CONNECT_AND_SEARCH_MS, signal, async (limit) => {
      try {
        return await Promise.race([this.#searchPasswords(pids, signal), aborted(limit)]);
      } catch {
        signal.throwIfAborted();
        // without a bus no program has told of any field; one that says nothing may know of some
        return limit.aborted ? { fields: [], silent: pids } : null;
      }
    });
  }

  #searchPasswords(pids: readonly number[], signal: AbortSignal): Promise<PasswordFields> {
    const search = async (bus: Bus, deadline: AbortSignal): Promise<PasswordFields> => {
      const late = aborted(deadline);
      late.catch(() => undefined); // raced with below
      const listing = programsByPid(bus);
      const fieldsOf = async (pid: number): Promise<readonly PasswordField[]> =>
        (await searchPrograms((await listing).get(pid) ?? [], pid, { deadline })).passwords;
      const found = await Promise.all(
        pids.map(async (pid) => ({ pid, fields: await unlessLate(bus, fieldsOf(pid), late) })),
      );
      const silent = found.flatMap(({ pid, fields }) => (fields === null ? [pid] : []));
      if (deadline.aborted) this.#shared.retire(); // calls without an answer are left on it
      return { fields: found.flatMap(({ fields }) => fields ?? []), silent };
    };
    return this.#shared.use((bus) => inTime(SEARCH_MS, signal, (deadline) => search(bus, deadline)), false);
  }

  async inside(pid: number): Promise<Inside> {
    const timeout = AbortSignal.timeout(FOCUS_MS);
    const signal = new AbortController().signal;
    const seen = { terminal: false };
    const onTerminal = (): void => {
      seen.terminal = true;
    };
    try {
      const { passwords, isKnown } = await Promise.race([
        this.#within({ timeoutMs: FOCUS_MS, signal, mayStart: false }, (bus, deadline) =>
          searchProcess(bus, pid, { deadline, onTerminal }),
        ),
        aborted(timeout), // connecting takes its time too
      ]);
      const hasPasswordFocus = passwords.some(({ isFocused }) => isFocused);
      return { hasPasswordFocus, showsTerminal: isKnown ? seen.terminal : null };
    } catch {
      // without the bus nothing is known of any field, and of too large a program what was seen until then
      return { hasPasswordFocus: false, showsTerminal: seen.terminal ? true : null };
    }
  }

  close(): void {
    this.#shared.close();
  }

  /** Ends the work in time; then gives what there is by then, or says that nobody answered. */
  #within<T>(
    { timeoutMs, signal, mayStart = true }: Limits,
    work: (bus: Bus, deadline: AbortSignal) => Promise<T>,
    soFar: () => T | null = () => null,
  ): Promise<T> {
    const inIt = async (bus: Bus, deadline: AbortSignal): Promise<T> => {
      try {
        return await Promise.race([work(bus, deadline), aborted(deadline)]);
      } catch (error) {
        if (!deadline.aborted) throw error;
        this.#shared.retire(); // calls without an answer are left on it
        signal.throwIfAborted();
        const partial = soFar();
        if (partial !== null) return partial;
        throw new ProgramSilent(`it did not answer within ${timeoutMs / 1000} s`, { cause: error });
      }
    };
    return this.#shared.use((bus) => inTime(timeoutMs, signal, (deadline) => inIt(bus, deadline)), mayStart);
  }
}

/** What one process says of its fields; `null` when it does not say it in time. */
async function unlessLate(
  bus: Bus,
  search: Promise<readonly PasswordField[]>,
  late: Promise<never>,
): Promise<readonly PasswordField[] | null> {
  try {
    return await Promise.race([search, late]);
  } catch (error) {
    if (bus.isLost) throw error;
    return null; // too large, or too slow
  }
}

async function findWindow(bus: Bus, window: ReadWindow, deadline: AbortSignal) {
  const programs = await programsOf(bus, window.pid);
  for (const { program, root } of programs) {
    const { frames, popups } = await topLevelsOf(program, root);
    const match = matchWindow(window, frames);
    if (match === null) continue;
    const [isWoken, toolkit] = await Promise.all([
      wake(program, match.path, deadline),
      program.toolkit(root),
    ]);
    return { program, match, popups, isWoken, mixesText: toolkit === GECKO };
  }
  throw programs.length === 0
    ? new NoTree(
        'the program does not take part in accessibility',
        'Use screenshot and coordinates. Chromium, Electron and Qt programs take part when accessibility is on before they start: a person can run "gsettings set org.gnome.desktop.interface toolkit-accessibility true", or start a browser with --force-renderer-accessibility.',
      )
    : new NoTree(
        'the program does not say which of its windows this one is',
        'Use screenshot and coordinates; moving or resizing the window can help.',
      );
}

/** The program behind a connection, when it is the process that owns the window. */
async function programAt(bus: Bus, { pid }: ReadWindow, connection: string): Promise<Program | null> {
  try {
    if ((await bus.pidOf(connection)) === pid) return new Program(bus, connection);
  } catch (error) {
    if (bus.isLost) throw error; // else the connection is closed
  }
  return null;
}

async function seen(program: Program, window: ReadWindow, trail: ElementTrail): Promise<SeenElement | null> {
  const { path } = trail.address;
  const frame = trail.within[0]?.path ?? path;
  const [state, role, ownName, title, onScreen] = await Promise.all([
    program.state(path),
    program.role(path),
    program.name(path),
    program.name(frame),
    program.extents(frame, 'screen'),
  ]);
  const match = matchWindow(window, [{ path: frame, title, onScreen }]);
  if (state === null || match === null) return null;
  const isNameless =
    ownName === '' && (FIELD_ROLES.has(role) || RANGE_ROLES.has(role) || role === PASSWORD_ROLE);
  return {
    role,
    name: safeLine(isNameless ? await program.label(path) : ownName, NAME_LENGTH),
    states: state.told,
    visible: (await maybeShows(program, state, trail))
      ? await visibleRect(program, { window, trail, placement: match.placement })
      : null,
    isPlaced: match.placement.isExact,
  };
}

/** Whether it shows if it has a place. */
const maybeShows = async (
  program: Program,
  state: ProgramState,
  { isPopup }: ElementTrail,
): Promise<boolean> => state.isShowing || (isPopup && state.isVisible && (await program.isGtk2()));

interface Sight {
  readonly window: ReadWindow;
  readonly trail: ElementTrail;
  readonly placement: Placement;
}

async function visibleRect(program: Program, { window, trail, placement }: Sight): Promise<Rect | null> {
  const own = await program.extents(trail.address.path, placement.by);
  if (own === null) return null;
  const clips = trail.isPopup
    ? []
    : await Promise.all(
        trail.within.map(async ({ path }) => {
          const [role, extents] = await Promise.all([
            program.role(path),
            program.extents(path, placement.by),
          ]);
          return CLIPPING_ROLES.has(role) ? extents : null;
        }),
      );
  const inWindow = trail.isPopup
    ? toPixels(own, placement)
    : intersection(toPixels(own, placement), window.rect);
  return clips.reduce<Rect | null>(
    (rect, clip) => (clip === null || rect === null ? rect : intersection(rect, toPixels(clip, placement))),
    inWindow,
  );
}

async function put(program: Program, path: string, value: string): Promise<string | null> {
  const [role, state] = await Promise.all([program.role(path), program.state(path)]);
  if (role === PASSWORD_ROLE || state === null) return null;
  const number = value.trim() === '' ? NaN : Number(value);
  if (RANGE_ROLES.has(role) && Number.isFinite(number) && (await program.setNumber(path, number))) {
    const now = await program.number(path);
    return now === null ? null : String(now);
  }
  if (!(await program.setText(path, value))) return null;
  // more than was written, to see what was added
  return program.text(path, value.length + NAME_LENGTH);
}
