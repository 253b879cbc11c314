import { PASSWORD_ROLE, TERMINAL_ROLE, type PasswordField } from '../accessibility.ts';
import type { Bus } from './bus.ts';
import { programsOf, topLevelsOf, wake, type FoundProgram } from './program-search.ts';
import type { Program } from './program.ts';

/** They search themselves, in a few milliseconds for thousands of elements, and have no endless sheets. */
const BROWSERS: ReadonlySet<string> = new Set(['Gecko', 'Chromium']);

/** Nothing is in these, or nothing that could be typed into. */
const WITHOUT_FIELDS: ReadonlySet<string> = new Set([
  ...['accelerator label', 'button', 'check box', 'check menu item', 'icon', 'image', 'label', 'level bar'],
  ...['menu', 'menu bar', 'menu item', 'popup menu', 'progress bar', 'radio button', 'radio menu item'],
  ...['scroll bar', 'separator', 'slider', 'status bar', TERMINAL_ROLE, 'toggle button', 'tool tip'],
]);

/** Elements looked at in one program; with more than these it counts as one that gave no answer. */
const MAX_LOOKED_AT = 3000;

/** A program has more elements than can be looked at in time. */
class TooMany extends Error {
  override readonly name = 'TooMany';
}

export interface SearchOptions {
  readonly deadline: AbortSignal;
  /** Told at once when a terminal shows: the search may end without a result. */
  readonly onTerminal?: () => void;
}

/** What a process shows. */
export interface Searched {
  readonly passwords: readonly PasswordField[];
  /** It takes part in accessibility. */
  readonly isKnown: boolean;
}

/**
 * Looks through what a process shows.
 *
 * @throws Error when the program is too large to be searched in time, or the bus broke
 */
export const searchProcess = async (bus: Bus, pid: number, options: SearchOptions): Promise<Searched> =>
  searchPrograms(await programsOf(bus, pid), pid, options);

/** The same of a process whose connections to the bus are known. */
export async function searchPrograms(
  programs: readonly FoundProgram[],
  pid: number,
  options: SearchOptions,
): Promise<Searched> {
  const found = await Promise.all(programs.map((program) => fieldsOf(program, options)));
  return { passwords: found.flat().map((field) => ({ ...field, pid })), isKnown: programs.length > 0 };
}

async function fieldsOf({ program, root }: FoundProgram, options: SearchOptions) {
  const [toolkit, { frames, popups }] = await Promise.all([
    program.toolkit(root),
    topLevelsOf(program, root),
  ]);
  const tops = [...frames.map(({ path }) => path), ...popups];
  const paths = BROWSERS.has(toolkit)
    ? await inBrowser(program, { root, tops }, options)
    : await byLooking(program, tops, options);
  const sizes = frames.flatMap(({ onScreen }) => onScreen ?? []);
  const fields = await Promise.all(
    paths.map(async (path) => {
      const [state, inWindow, onScreen] = await Promise.all([
        program.state(path),
        program.extents(path, 'window'),
        program.extents(path, 'screen'),
      ]);
      if (state === null) return null;
      return { inWindow, onScreen, frames: sizes, isFocused: state.told.has('focused') };
    }),
  );
  return fields.filter((field) => field !== null);
}

/** Chromium keeps no list of its elements, nor of those of a page, until it is asked for more than names. */
async function inBrowser(
  program: Program,
  { root, tops }: { readonly root: string; readonly tops: readonly string[] },
  options: SearchOptions,
): Promise<readonly string[]> {
  await Promise.all(tops.map((path) => wake(program, path, options.deadline)));
  const [found, pages, terminals] = await Promise.all([
    program.below(root, 'password'),
    program.below(root, 'webDocument'),
    program.below(root, 'terminal'),
  ]);
  const states = await Promise.all((terminals ?? []).map((path) => program.state(path)));
  if (states.some((state) => state?.isShowing === true)) options.onTerminal?.();
  await Promise.all((pages ?? []).map((page) => program.label(page)));
  return found ?? byLooking(program, tops, options);
}

async function byLooking(
  program: Program,
  tops: readonly string[],
  { deadline, onTerminal }: SearchOptions,
): Promise<readonly string[]> {
  const found: string[] = [];
  const seen = new Set<string>(tops);
  const visit = async (path: string): Promise<void> => {
    deadline.throwIfAborted();
    const [state, role] = await Promise.all([program.state(path), program.role(path)]);
    if (state?.isShowing !== true) return;
    if (role === PASSWORD_ROLE) found.push(path);
    if (role === TERMINAL_ROLE) onTerminal?.();
    // the cells of a sheet are countless, and none of them is a password field
    if (role === PASSWORD_ROLE || state.hasManyChildren || WITHOUT_FIELDS.has(role)) return;
    await below(path);
  };
  const below = async (path: string): Promise<void> => {
    const fresh = (await program.children(path)).flatMap((child) =>
      child === null || seen.has(child) ? [] : [child],
    );
    for (const child of fresh) seen.add(child);
    if (seen.size > MAX_LOOKED_AT) throw new TooMany('the program shows too much to be searched');
    await Promise.all(fresh.map(visit));
  };
  await Promise.all(tops.map(visit));
  return found;
}
