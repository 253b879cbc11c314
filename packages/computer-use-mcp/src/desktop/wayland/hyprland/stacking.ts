import { intersection, type Rect } from '../../../core/geometry.ts';
import type { Client, Monitor } from './answers.ts';

/**
 * From the bottom to the top, as Hyprland draws windows and looks for the one under the pointer; it does not tell the
 * order. Floating windows of one rank come in the order in which they are told, tiled ones lie beside each other.
 */
const RANK = { tiled: 0, floating: 1, full: 2, over: 3 } as const;
/** What is on a special workspace is over the rest of its screen. */
const SPECIAL = 4;
const PINNED = 8;
/** It is not known what is over or under it: it is on top, and belongs to nobody. */
const DOUBTFUL = 9;

export interface StackedClient {
  readonly client: Client;
  readonly rect: Rect;
  readonly isShown: boolean;
  readonly isDoubtful: boolean;
}

interface Ranked extends StackedClient {
  readonly rank: number;
}

interface Workspaces {
  readonly shown: ReadonlySet<number>;
  readonly special: ReadonlySet<number>;
  /** With a window that covers the others. */
  readonly full: ReadonlySet<number>;
}

/** Puts windows in order, the topmost first. */
export function stack(clients: readonly Client[], monitors: readonly Monitor[]): readonly StackedClient[] {
  const special = new Set(
    monitors.map(({ specialWorkspace }) => specialWorkspace.id).filter((id) => id !== 0),
  );
  const shown = new Set([...monitors.map(({ activeWorkspace }) => activeWorkspace.id), ...special]);
  const mapped = clients.filter((client) => client.mapped);
  const full = new Set(mapped.filter(isFull).map(({ workspace }) => workspace.id));
  const ranked = mapped.map((client) => rankedIn({ shown, special, full }, client));
  const doubted = ranked.map((one) => (isEntangled(one, ranked) ? { ...one, rank: DOUBTFUL } : one));
  return doubted
    .toSorted((a, b) => a.rank - b.rank)
    .toReversed()
    .map(({ rank, ...one }) => ({ ...one, isDoubtful: rank === DOUBTFUL }));
}

const isFull = ({ hidden, fullscreen }: Client): boolean => !hidden && fullscreen > 0;

function rankedIn(workspaces: Workspaces, client: Client): Ranked {
  const { at, size, workspace, pinned, hidden } = client;
  return {
    client,
    rect: { x: at[0], y: at[1], width: size[0], height: size[1] },
    isShown: !hidden && (pinned || workspaces.shown.has(workspace.id)),
    isDoubtful: false,
    rank: rankOf(workspaces, client),
  };
}

function rankOf({ special, full }: Workspaces, client: Client): number {
  const { workspace, floating, pinned, fullscreen } = client;
  const isOver = client.overFullscreen ?? client.allowedOverFullscreen;
  const base = special.has(workspace.id) ? SPECIAL : 0;
  if (fullscreen > 0) return base + RANK.full;
  if (!floating) return base + RANK.tiled;
  if (!full.has(workspace.id)) return pinned ? PINNED : base + RANK.floating;
  if (isOver === undefined || (pinned && !isOver)) return DOUBTFUL;
  if (pinned) return PINNED;
  return base + (isOver ? RANK.over : RANK.floating);
}

/** Windows that should lie beside each other, and do not. */
function isEntangled(one: Ranked, all: readonly Ranked[]): boolean {
  const kind = one.rank % SPECIAL;
  const isLaidOut = one.rank < PINNED && (kind === RANK.tiled || kind === RANK.full);
  return (
    isLaidOut &&
    one.isShown &&
    all.some(
      (other) =>
        other !== one &&
        other.isShown &&
        other.rank === one.rank &&
        intersection(other.rect, one.rect) !== null,
    )
  );
}
