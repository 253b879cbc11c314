import { safeLine } from '@deskhand/server-runtime';
import { intersection, type Rect } from '../../core/geometry.ts';
import {
  PASSWORD_ROLE,
  type Element,
  type ElementState,
  type ElementTree,
  type ReadOptions,
} from '../accessibility.ts';
import { readingOrder } from '../reading-order.ts';
import { textAround } from '../text-around.ts';
import type { Program } from './program.ts';
import { CLIPPING_ROLES, DOCUMENT_ROLES, FIELD_ROLES, POPUP_ROLES, RANGE_ROLES } from './roles.ts';
import { visibleChildren } from './visible-children.ts';
import { toPixels, type Match, type Placement } from './window-match.ts';

export const NAME_LENGTH = 120;
const VALUE_LENGTH = 200;
/** Characters of one element when its whole text is asked for. */
const TEXT_LENGTH = 200_000;

/** An element while it is read; one without a role is not known yet, or does not show. */
interface Draft {
  readonly path: string;
  readonly depth: number;
  readonly around: Around;
  found: Found | null;
  children: readonly Draft[];
  omitted: number;
  /** The text around its children, with the paths of all that are in it. */
  mixed: { readonly text: string; readonly paths: readonly (string | null)[] } | null;
}

/** What holds for everything inside an element. */
interface Around {
  readonly clip: Rect | null;
  readonly isPopup: boolean;
  readonly isDocument: boolean;
}

interface Found {
  readonly role: string;
  readonly states: ReadonlySet<ElementState>;
  readonly rect: Rect | null;
  name: string;
  value: string | null;
  text: string | null;
}

export interface WalkStart {
  readonly program: Program;
  readonly match: Match;
  /** Menus and the like, which stand beside the window. */
  readonly popups: readonly string[];
  /** What is outside of this does not show. */
  readonly clip: Rect;
  /** The program has no elements for text that stands beside others, as Gecko. */
  readonly mixesText: boolean;
}

/** Reads what a window shows. What was read so far can be had at any time. */
export class TreeWalk {
  readonly #program: Program;
  readonly #placement: Placement;
  readonly #options: ReadOptions;
  readonly #root: Draft;
  readonly #popups: readonly Draft[];
  readonly #mixesText: boolean;
  readonly #seen = new Set<string>();
  #isFull = false;
  /** GTK 2 never says that an entry of an open menu shows, and gives a place to those that do only. */
  #menusShowByPlace = false;
  #hasEmptyDocument = false;

  constructor({ program, match, popups, clip, mixesText }: WalkStart, options: ReadOptions) {
    this.#program = program;
    this.#placement = match.placement;
    this.#options = options;
    this.#mixesText = mixesText;
    this.#root = draftOf(match.path, 0, { clip, isPopup: false, isDocument: false });
    this.#seen.add(match.path);
    for (const path of popups) this.#seen.add(path);
    this.#popups = popups.map((path) => draftOf(path, 1, { clip: null, isPopup: true, isDocument: false }));
  }

  get hasEmptyDocument(): boolean {
    return this.#hasEmptyDocument;
  }

  async run(): Promise<void> {
    this.#menusShowByPlace = await this.#program.isGtk2();
    await Promise.all([this.#root, ...this.#popups].map((draft) => this.#fill(draft)));
  }

  /** `null` while not even the frame was read. */
  result(isOutOfTime: boolean): ElementTree | null {
    const root = this.#finished(this.#root);
    if (root === null) return null;
    const popups = this.#popups.flatMap((popup) => this.#finished(popup) ?? []);
    return {
      root: { ...root, children: [...root.children, ...popups] },
      count: this.#seen.size,
      stopped: isOutOfTime ? 'time' : this.#isFull ? 'count' : null,
      isPlaced: this.#placement.isExact,
    };
  }

  async #fill(draft: Draft): Promise<void> {
    const { path, around } = draft;
    const state = await this.#program.state(path);
    if (state === null || this.#options.signal.aborted) return;
    const isScrolledAway = this.#options.withText && around.isDocument && state.isVisible;
    const mayShow = state.isShowing || (around.isPopup && state.isVisible && this.#menusShowByPlace);
    if (!mayShow && !isScrolledAway) return;
    const [role, name, extents, children] = await Promise.all([
      this.#program.role(path),
      this.#program.name(path),
      this.#program.extents(path, this.#placement.by),
      state.hasManyChildren ? null : this.#program.children(path),
    ]);
    if (extents === null && !state.isShowing && !isScrolledAway) return;
    const whole = extents === null ? null : toPixels(extents, this.#placement);
    const rect = whole === null || around.clip === null ? whole : intersection(whole, around.clip);
    if (whole !== null && rect === null && !around.isPopup && !isScrolledAway) return;
    draft.found = {
      role,
      states: state.told,
      rect,
      name: safeLine(name, NAME_LENGTH),
      value: null,
      text: null,
    };
    if (role === PASSWORD_ROLE) return this.#nameField(draft.found, path);
    const all = children ?? (await this.#visibleChildren(path, rect));
    if (DOCUMENT_ROLES.has(role) && all.length === 0) this.#hasEmptyDocument = true;
    draft.children = this.#admit(draft, all, { role, rect });
    await Promise.all([
      this.#detail(draft.found, path, all.length === 0),
      this.#readAround(draft, role, all),
      ...draft.children.map((child) => this.#fill(child)),
    ]);
  }

  #visibleChildren(path: string, visible: Rect | null): Promise<readonly (string | null)[]> {
    return visibleChildren(this.#program, path, { visible, placement: this.#placement });
  }

  /** Drafts of the children that there is room for, each path once and none of another program. */
  #admit(
    parent: Draft,
    paths: readonly (string | null)[],
    { role, rect }: { readonly role: string; readonly rect: Rect | null },
  ): readonly Draft[] {
    const { maxElements, maxDepth } = this.#options;
    const isPopup = parent.around.isPopup || POPUP_ROLES.has(role);
    const isDocument = parent.around.isDocument || DOCUMENT_ROLES.has(role);
    const around = {
      clip: isPopup ? null : CLIPPING_ROLES.has(role) ? (rect ?? parent.around.clip) : parent.around.clip,
      isPopup,
      isDocument,
    };
    const admitted: Draft[] = [];
    for (const path of paths) {
      if (path === null || this.#seen.has(path)) continue;
      if (this.#seen.size >= maxElements || parent.depth >= maxDepth) {
        this.#isFull = true;
        parent.omitted += 1;
        continue;
      }
      this.#seen.add(path);
      admitted.push(draftOf(path, parent.depth + 1, around));
    }
    return admitted;
  }

  async #detail(found: Found, path: string, isLeaf: boolean): Promise<void> {
    const { withText } = this.#options;
    const isField = FIELD_ROLES.has(found.role);
    const isRange = RANGE_ROLES.has(found.role);
    const isTextual = isField || found.role === 'terminal' || (isLeaf && found.name === '');
    const [text, number] = await Promise.all([
      isField || (withText && isTextual)
        ? this.#program.text(path, withText ? TEXT_LENGTH : VALUE_LENGTH)
        : null,
      isRange ? this.#program.number(path) : null,
      isField || isRange ? this.#nameField(found, path) : null,
    ]);
    if (withText) found.text = text;
    if (isField && text !== null) found.value = safeLine(text, VALUE_LENGTH);
    else if (number !== null) found.value = String(Number(number.toFixed(4)));
  }

  async #readAround(draft: Draft, role: string, paths: readonly (string | null)[]): Promise<void> {
    const isText = draft.around.isDocument || DOCUMENT_ROLES.has(role);
    if (!this.#mixesText || !this.#options.withText || !isText || paths.length === 0) return;
    if (FIELD_ROLES.has(role)) return;
    const text = await this.#program.text(draft.path, TEXT_LENGTH);
    if (text !== null) draft.mixed = { text, paths };
  }

  async #nameField(found: Found, path: string): Promise<void> {
    if (found.name === '') found.name = safeLine(await this.#program.label(path), NAME_LENGTH);
  }

  #finished({ path, around, found, children, omitted, mixed }: Draft): Element | null {
    if (found === null) return null;
    const inside = children.flatMap((child) => this.#finished(child) ?? []);
    const kept = new Set(inside.map(({ address }) => address.path));
    const isKept = (child: string | null): boolean => child !== null && kept.has(child);
    const isText = around.isDocument || DOCUMENT_ROLES.has(found.role);
    return {
      ...found,
      text: mixed === null ? found.text : textAround(mixed.text, mixed.paths.map(isKept)),
      address: { connection: this.#program.connection, path },
      isPopup: around.isPopup,
      children: isText ? inside : readingOrder(inside),
      omitted,
    };
  }
}

const draftOf = (path: string, depth: number, around: Around): Draft => ({
  path,
  depth,
  around,
  found: null,
  children: [],
  omitted: 0,
  mixed: null,
});
