import type { Cover, Mount } from '@deskhand/sandbox';
import { ToolError } from '@deskhand/server-runtime';
import type { Deed, FolderRules, PathRules, Said } from './permissions/path-rules.ts';
import { covered } from './protection/covers.ts';

export interface SessionPathsParts {
  /** Where the folders of the session are. */
  readonly root: string;
  /** What the person wrote about files. */
  readonly rules: PathRules;
  readonly mounts: () => readonly Mount[];
}

/** What a session's paths mean, and what the person said of them. */
export class SessionPaths {
  readonly #parts: SessionPathsParts;
  /** What the person lets be read or written though it is covered, and the rule that had them asked. */
  readonly #opened = new Map<string, string | undefined>();
  readonly #rules = new Map<string, FolderRules>();

  constructor(parts: SessionPathsParts) {
    this.#parts = parts;
  }

  /** The mounted folder that a path is in, as tools name it, and its way from there. */
  placeOf(path: string): { readonly mount: Mount; readonly way: string } | null {
    if (!path.startsWith(`${this.#parts.root}/`)) return null;
    const [name = '', ...rest] = path.slice(this.#parts.root.length + 1).split('/');
    const mount = this.#parts.mounts().find((one) => one.name === name);
    return mount === undefined ? null : { mount, way: rest.join('/') };
  }

  /** What the person's rules say about a path, as tools name it, unless they opened it. */
  said(deed: Deed, path: string): Said | null {
    const place = this.placeOf(path);
    if (place === null) return null;
    const { mount, way } = place;
    const isOpened = (tool: Deed, part: string): boolean =>
      this.isOpened(tool, `${this.#parts.root}/${mount.name}/${part}`);
    return this.rulesOf(mount).said(deed, way, isOpened);
  }

  /** Whether a rule frees a path from being protected for its name. */
  isFreed(deed: Deed, path: string): boolean {
    const place = this.placeOf(path);
    return place !== null && this.rulesOf(place.mount).opens(deed, place.way);
  }

  rulesOf({ folder }: Pick<Mount, 'folder'>): FolderRules {
    const rules = this.#rules.get(folder) ?? this.#parts.rules.in(folder);
    this.#rules.set(folder, rules);
    return rules;
  }

  /** @throws ToolError for a folder of which nothing may be read */
  refuseDenied(mount: Mount): void {
    const rule = this.rulesOf(mount).deniesAll('Read');
    if (rule === null) return;
    throw new ToolError('denied_by_rule', `The rule ${rule} of the person denies all of ${mount.folder}`, {
      hint: 'Work without it, or tell them why you need it.',
    });
  }

  isOpened(deed: Deed, path: string): boolean {
    return this.#opened.has(`${deed} ${path}`);
  }

  /** What of a rule was opened, if anything. */
  isAnyOpened(rule: string): boolean {
    return [...this.#opened.values()].includes(rule);
  }

  /** Has a path be read or written that was covered, or that a rule has asked about. */
  noteOpened(deed: Deed, path: string, rule?: string): void {
    this.#opened.set(`${deed} ${path}`, rule);
  }

  /** A folder as it is mounted, with what is covered in it. @throws ToolError */
  async covered(mount: Mount, signal: AbortSignal): Promise<Mount> {
    this.refuseDenied(mount);
    const rules = this.rulesOf(mount);
    const access = rules.deniesAll('Edit') === null ? mount.access : 'ro';
    const { covers, ...rest } = await covered({ ...mount, access }, { rules, signal });
    const isOpened = (deed: Deed, path: string): boolean =>
      this.isOpened(deed, `${this.#parts.root}/${mount.name}/${path}`);
    const isNeeded = ({ path, kind }: Cover): boolean =>
      !(['Read', 'Edit'] as const).some((deed) => isCoverOf(deed, kind) && isOpened(deed, path));
    return { ...rest, covers: covers.filter(isNeeded) };
  }
}

/** Whether a cover keeps from that. */
export const isCoverOf = (deed: Deed, kind: Cover['kind']): boolean =>
  deed === 'Read' ? kind === 'file' || kind === 'folder' : kind === 'kept';
