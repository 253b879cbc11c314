import { z } from 'zod';
import type { ElementState } from '../accessibility.ts';
import type { Bus } from './bus.ts';
import { roleName } from './roles.ts';
import type { Rect } from '../../core/geometry.ts';

const ACCESSIBLE = 'org.a11y.atspi.Accessible';
const APPLICATION = 'org.a11y.atspi.Application';
const COMPONENT = 'org.a11y.atspi.Component';
const EDITABLE_TEXT = 'org.a11y.atspi.EditableText';
const ROOT = '/org/a11y/atspi/accessible/root';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
const TEXT = 'org.a11y.atspi.Text';
const VALUE = 'org.a11y.atspi.Value';

/** Numbers of `AtspiRelationType`, `AtspiRole` and `AtspiStateType` (at-spi2-core, atspi-constants.h). */
const LABELLED_BY = 2;
const STATE = {
  checked: 4,
  collapsed: 5,
  defunct: 6,
  editable: 7,
  enabled: 8,
  expanded: 10,
  focused: 12,
  multi_line: 17,
  pressed: 20,
  selected: 23,
  sensitive: 24,
  showing: 25,
  visible: 30,
  managesDescendants: 31,
  read_only: 43,
} as const;
const TOLD = [
  ...(['checked', 'collapsed', 'editable', 'expanded', 'focused', 'multi_line', 'pressed'] as const),
  ...(['read_only', 'selected', 'showing'] as const),
];

const text = z.tuple([z.string()]);
const flag = z.tuple([z.boolean()]);
const count = z.tuple([z.object({ value: z.int() })]);
const textProperty = z.tuple([z.object({ value: z.string() })]);
const numberProperty = z.tuple([z.object({ value: z.number() })]);
const role = z.tuple([z.int()]);
const stateBits = z.tuple([z.tuple([z.int(), z.int()])]);
const reference = z.tuple([z.string(), z.string()]);
const one = z.tuple([reference]);
const several = z.tuple([z.array(reference)]);
const relations = z.tuple([z.array(z.tuple([z.int(), z.array(reference)]))]);
const extents = z.tuple([z.tuple([z.int(), z.int(), z.int(), z.int()])]);

export type Coordinates = 'screen' | 'window';
const COORDINATES: Readonly<Record<Coordinates, number>> = { screen: 0, window: 1 };

/** Numbers of `AtspiRole` of what a program is asked to find in itself. */
const SOUGHT = { password: 40, terminal: 60, webDocument: 95 } as const;
const MAX_FOUND = 50;
const CANONICAL_ORDER = 1;

/** What a program calls a place that is none. */
const NOWHERE = -2147483648;

export interface ProgramState {
  readonly isShowing: boolean;
  /** It would show if it were scrolled to. */
  readonly isVisible: boolean;
  /** It has more children than can be told one by one. */
  readonly hasManyChildren: boolean;
  readonly told: ReadonlySet<ElementState>;
}

interface Question<T> {
  readonly path: string;
  readonly member: readonly [interfaceName: string, name: string];
  readonly signature?: string;
  readonly body?: unknown[];
  readonly answer: z.ZodType<T>;
}

/**
 * The accessible objects of one connection. What a program does not have, does not know or answers in another form
 * is `null`; only a broken bus throws.
 */
export class Program {
  readonly #bus: Bus;
  readonly connection: string;

  constructor(bus: Bus, connection: string) {
    this.#bus = bus;
    this.connection = connection;
  }

  async state(path: string): Promise<ProgramState | null> {
    const bits = await this.#ask({ path, member: [ACCESSIBLE, 'GetState'], answer: stateBits });
    if (bits === null) return null;
    const [words] = bits;
    const has = (bit: number): boolean => (((words[bit >> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
    if (has(STATE.defunct)) return null;
    const told = new Set<ElementState>(TOLD.filter((name) => has(STATE[name])));
    if (!has(STATE.enabled) || !has(STATE.sensitive)) told.add('disabled');
    return {
      isShowing: has(STATE.showing),
      isVisible: has(STATE.visible),
      hasManyChildren: has(STATE.managesDescendants),
      told,
    };
  }

  async role(path: string): Promise<string> {
    const found = await this.#ask({ path, member: [ACCESSIBLE, 'GetRole'], answer: role });
    return roleName(found?.[0] ?? 0);
  }

  async name(path: string): Promise<string> {
    const body = [ACCESSIBLE, 'Name'];
    const found = await this.#ask({
      path,
      member: [PROPERTIES, 'Get'],
      signature: 'ss',
      body,
      answer: textProperty,
    });
    return found?.[0].value ?? '';
  }

  /** The name of what labels an element that has no name of its own. */
  async label(path: string): Promise<string> {
    const found = await this.#ask({ path, member: [ACCESSIBLE, 'GetRelationSet'], answer: relations });
    const [label] = found?.[0].find(([type]) => type === LABELLED_BY)?.[1] ?? [];
    return label?.[0] === this.connection ? this.name(label[1]) : '';
  }

  /** GAIL is what GTK 2 speaks for itself with. */
  async isGtk2(): Promise<boolean> {
    const body = [APPLICATION, 'ToolkitName'];
    const found = await this.#ask({
      path: ROOT,
      member: [PROPERTIES, 'Get'],
      signature: 'ss',
      body,
      answer: textProperty,
    });
    return found?.[0].value === 'GAIL';
  }

  /** Paths of the children that belong to this program; `null` in the place of those that belong to others. */
  async children(path: string): Promise<readonly (string | null)[]> {
    const found = await this.#ask({ path, member: [ACCESSIBLE, 'GetChildren'], answer: several });
    return (found?.[0] ?? []).map(([connection, child]) => (connection === this.connection ? child : null));
  }

  async childCount(path: string): Promise<number> {
    const body = [ACCESSIBLE, 'ChildCount'];
    const found = await this.#ask({
      path,
      member: [PROPERTIES, 'Get'],
      signature: 'ss',
      body,
      answer: count,
    });
    return found?.[0].value ?? 0;
  }

  /** The child at a point of the screen or the window. */
  async childAt(
    path: string,
    at: { readonly x: number; readonly y: number },
    by: Coordinates,
  ): Promise<string | null> {
    const found = await this.#ask({
      path,
      member: [COMPONENT, 'GetAccessibleAtPoint'],
      signature: 'iiu',
      body: [Math.round(at.x), Math.round(at.y), COORDINATES[by]],
      answer: one,
    });
    return found?.[0][0] === this.connection ? found[0][1] : null;
  }

  /** In the program's own measure; `null` for what has no size or no place. */
  async extents(path: string, by: Coordinates): Promise<Rect | null> {
    const found = await this.#ask({
      path,
      member: [COMPONENT, 'GetExtents'],
      signature: 'u',
      body: [COORDINATES[by]],
      answer: extents,
    });
    if (found === null) return null;
    const [[x, y, width, height]] = found;
    return x === NOWHERE || y === NOWHERE || width <= 0 || height <= 0 ? null : { x, y, width, height };
  }

  async text(path: string, length: number): Promise<string | null> {
    const told = await this.#textTo(path, length);
    if (told !== '') return told;
    // Gecko tells nothing when it is asked for more characters than there are
    const count = Math.min(length, (await this.textLength(path)) ?? 0);
    return count > 0 ? this.#textTo(path, count) : told;
  }

  async #textTo(path: string, end: number): Promise<string | null> {
    const body = [0, end];
    const found = await this.#ask({ path, member: [TEXT, 'GetText'], signature: 'ii', body, answer: text });
    return found?.[0] ?? null;
  }

  async textLength(path: string): Promise<number | null> {
    const body = [TEXT, 'CharacterCount'];
    const found = await this.#ask({
      path,
      member: [PROPERTIES, 'Get'],
      signature: 'ss',
      body,
      answer: count,
    });
    return found?.[0].value ?? null;
  }

  async number(path: string): Promise<number | null> {
    const body = [VALUE, 'CurrentValue'];
    const answer = numberProperty;
    const found = await this.#ask({ path, member: [PROPERTIES, 'Get'], signature: 'ss', body, answer });
    return found?.[0].value ?? null;
  }

  /** What the program is made with, such as `gtk` or `Gecko`; asked of its root. */
  async toolkit(root: string): Promise<string> {
    const found = await this.#ask({
      path: root,
      member: [PROPERTIES, 'Get'],
      signature: 'ss',
      body: ['org.a11y.atspi.Application', 'ToolkitName'],
      answer: textProperty,
    });
    return found?.[0].value ?? '';
  }

  /**
   * Elements of a role somewhere below, found by the program itself. It looks at all that it has: a program with a
   * large sheet would hang over it. `null` when it cannot search.
   */
  async below(path: string, sought: keyof typeof SOUGHT): Promise<readonly string[] | null> {
    const found = await this.#ask({
      path,
      member: ['org.a11y.atspi.Collection', 'GetMatches'],
      signature: '(aiia{ss}iaiiasib)uib',
      body: [ofRole(SOUGHT[sought]), CANONICAL_ORDER, MAX_FOUND, true],
      answer: several,
    });
    if (found === null) return null;
    return found[0].flatMap(([connection, child]) => (connection === this.connection ? [child] : []));
  }

  /** False when it does not let its text be changed. */
  async setText(path: string, value: string): Promise<boolean> {
    const found = await this.#ask({
      path,
      member: [EDITABLE_TEXT, 'SetTextContents'],
      signature: 's',
      body: [value],
      answer: flag,
    });
    return found?.[0] ?? false;
  }

  /** False when it stands at no number that could be changed. */
  async setNumber(path: string, value: number): Promise<boolean> {
    const body = [VALUE, 'CurrentValue', this.#bus.number(value)];
    const answer = z.array(z.unknown());
    return (await this.#ask({ path, member: [PROPERTIES, 'Set'], signature: 'ssv', body, answer })) !== null;
  }

  async #ask<T>({ path, member, signature, body, answer }: Question<T>): Promise<T | null> {
    const [interfaceName, name] = member;
    let values;
    try {
      values = await this.#bus.call({
        destination: this.connection,
        path,
        interface: interfaceName,
        member: name,
        ...(signature === undefined ? {} : { signature, body: body ?? [] }),
      });
    } catch (error) {
      if (this.#bus.isLost) throw error;
      return null; // the program has no such object, or not this about it
    }
    const parsed = answer.safeParse(values);
    return parsed.success ? parsed.data : null;
  }
}

/** States, attributes, roles and interfaces as bit sets, each with how they count: 1 all of them, 2 any of them. */
function ofRole(role: number): readonly unknown[] {
  const roles = [0, 0, 0, 0].map((_, word) => (role >> 5 === word ? 1 << (role & 31) : 0));
  return [[0, 0], 1, {}, 1, roles, 2, [], 1, false];
}
