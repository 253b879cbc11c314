import { CliError } from '@deskhand/server-runtime';
import { PARTNER, type Part } from './cast.ts';
import { nameOfCell, type Cell } from './cells.ts';
import type { DrillServer, ToolAnswer } from './drill-server.ts';
import { ELEMENT_USES } from './element-uses.ts';
import { colourAt, isLike } from './pixel.ts';
import type { Actor, Received, Stage } from './stage.ts';
import { SHOWN, type Kind } from './tool-table.ts';
import { TOOL_USES, type Target, type ToolUse } from './tool-uses.ts';

/** What one try came to. */
export interface CellResult {
  readonly cell: Cell;
  readonly name: string;
  /** `ok`, or the code of a refusal. */
  readonly expected: string;
  /** The desktop does not have the tool. */
  readonly isLacking: boolean;
  readonly outcome: string;
  /** What is wrong, in words; empty when all is as it must be. */
  readonly wrong: readonly string[];
  readonly ms: number;
}

export interface DrillParts {
  readonly stage: Stage;
  readonly server: DrillServer;
}

/** Tried with a button that was pressed in the partner. */
const RELEASE = 'left_mouse_up';
/** Some desktops tell the place of the pointer only to who has moved it. */
const ASKING_FOR_POINTER = 'cursor_position';

const TIERS: Readonly<Record<Kind, string>> = {
  read: 'read',
  click: 'click',
  full: 'full',
  ungranted: 'none',
  denied: 'none',
  none: 'none',
};

/** Tries the cells one after another. */
export async function* runDrill(cells: readonly Cell[], parts: DrillParts): AsyncGenerator<CellResult> {
  const scale = await scaleOf(parts);
  for (const [attempt, cell] of cells.entries()) {
    const start = performance.now();
    const tried = await tryCell(cell, { ...parts, scale, attempt });
    const isLacking = parts.stage.lacks.has(cell.row.tool);
    const expected = expectedOf(cell, parts.stage);
    yield { cell, name: nameOfCell(cell), expected, isLacking, ...tried, ms: performance.now() - start };
  }
}

/** Pixels of a screenshot for one of the screen: tools take the former. */
async function scaleOf({ stage, server }: DrillParts): Promise<number> {
  const { structured, outcome, text } = await server.call('screenshot', {});
  if (outcome !== 'ok') {
    throw new CliError(`the server cannot see the desktop: ${text}`, {
      hint: 'Run: computer-use-mcp doctor',
    });
  }
  return Number(structured['width']) / stage.screen.width;
}

interface Surroundings extends DrillParts {
  readonly scale: number;
  readonly attempt: number;
}

interface Try {
  readonly cell: Cell;
  readonly use: ToolUse;
  readonly front: Actor;
  readonly target: Actor;
  readonly answer: ToolAnswer;
}

async function tryCell(cell: Cell, around: Surroundings): Promise<Pick<CellResult, 'outcome' | 'wrong'>> {
  const { stage, server, scale, attempt } = around;
  const use = TOOL_USES[cell.row.use] ?? ELEMENT_USES[cell.row.use];
  if (use === undefined) return { outcome: 'not tried', wrong: ['nobody wrote how to try it'] };
  const [front, target] = sides(cell, stage, use);
  const isLacking = stage.lacks.has(cell.row.tool);
  if (cell.row.tool === RELEASE && !isLacking) await holdPartner(around);
  if (cell.row.tool === ASKING_FOR_POINTER) await moveInPartner(around);
  await stage.bringToFront(front);
  if (use.by === 'keyboard' && target !== front) await stage.takeKeyboard(target);
  if (use.by === 'held') await stage.pointAt(target);
  // a button that may not stay down goes up as soon as the server looks after it, with or without a call
  const before = await stage.received();
  const element = use.finds === undefined ? {} : await found(use.finds, target, server);
  const input = use.arguments({ ...inPicture(target, scale), ...element }, attempt);
  const answer = await server.call(cell.row.tool, input);
  const tried: Try = { cell, use, front, target, answer };
  const after = await stage.received();
  const received = after.map((got, index) => ({
    ...got,
    releases: got.releases + (before[index]?.releases ?? 0),
  }));
  if (use.by === 'held' && !isLacking) await server.call(RELEASE, {});
  const wrong = [
    ...wrongOutcome(tried, stage),
    ...wrongInput(tried, stage, received),
    ...(await wrongEffect(tried, around)),
  ];
  return { outcome: answer.outcome, wrong };
}

/** The reference of an element by its name. */
async function found(
  query: string,
  { window }: Actor,
  server: DrillServer,
): Promise<{ readonly element: string }> {
  const { text } = await server.call('find_element', { ...window, query });
  return { element: /\b(e\d+) \w/u.exec(text)?.[1] ?? 'none' };
}

/** What a button was pressed in goes on getting it. */
async function holdPartner({ stage, server }: DrillParts): Promise<void> {
  const partner = actorOf(PARTNER, stage);
  await stage.bringToFront(partner);
  await stage.pointAt(partner);
  await stage.received();
  await server.call('left_mouse_down', {});
}

async function moveInPartner({ stage, server, scale }: Surroundings): Promise<void> {
  const partner = actorOf(PARTNER, stage);
  await stage.bringToFront(partner);
  const { x, y } = inPicture(partner, scale).place;
  await server.call('mouse_move', { coordinate: [x + 1, y + 1] });
}

function actorOf(wanted: Part, { actors }: Stage): Actor {
  const found = actors.find(({ part }) => part === wanted);
  if (found === undefined) throw new Error(`nobody plays ${wanted.name}`);
  return found;
}

/** Who is in front, and who is aimed at: one of them is the part, and where that cannot be, both. */
function sides({ stand, part }: Cell, stage: Stage, { by }: ToolUse): readonly [Actor, Actor] {
  const pair = [actorOf(part, stage), actorOf(PARTNER, stage)] as const;
  if (by === 'keyboard' && !stage.keepsFront) return [pair[0], pair[0]];
  return stand === 'frontmost' ? pair : [pair[1], pair[0]];
}

function inPicture({ executable, window, place }: Actor, scale: number): Target {
  const scaled = (value: number): number => Math.round(value * scale);
  const { x, y, width, height } = place;
  return {
    executable,
    window,
    place: { x: scaled(x), y: scaled(y), width: scaled(width), height: scaled(height) },
  };
}

const expectedOf = ({ row, stand, part }: Cell, { lacks }: Stage): string =>
  lacks.get(row.tool) ?? row[stand][part.kind];

function wrongOutcome({ cell, use, answer }: Try, stage: Stage): readonly string[] {
  const expected = expectedOf(cell, stage);
  const said = answer.outcome === 'ok' ? 'it was done' : `it was refused with ${answer.outcome}`;
  if (answer.outcome !== expected) {
    const must = expected === 'ok' ? 'done' : `refused with ${expected}`;
    return [`${said}, and must be ${must} (it says: ${answer.text})`];
  }
  const tier = TIERS[cell.part.kind];
  if (stage.lacks.has(cell.row.tool)) return [];
  const isTold = expected === 'ok' || use.by === 'nothing' || answer.structured['tier'] === tier;
  return isTold ? [] : [`the answer gives the tier ${String(answer.structured['tier'])}, and it is ${tier}`];
}

/** Nobody may get input but the one aimed at, and the one in front the modifier keys that are held meanwhile. */
function wrongInput(
  { cell, use, front, target }: Try,
  stage: Stage,
  received: readonly Received[],
): readonly string[] {
  const isDone = expectedOf(cell, stage) === 'ok';
  const has = (sort: 'Key' | 'other'): boolean =>
    isDone && use.input.some(([event]) => event.startsWith('Key') === (sort === 'Key'));
  const pointed = (actor: Actor): boolean =>
    cell.row.tool === RELEASE
      ? !stage.lacks.has(RELEASE) && actor.part === PARTNER
      : has('other') && actor === target;
  const keyed = use.by === 'keyboard' ? [target] : [front, target];
  return stage.actors.flatMap((actor, index) => {
    const { pointer = 0, keys = 0, releases = 0 } = received[index] ?? {};
    const { name } = actor.part;
    const mayPoint = pointed(actor);
    const isReached = cell.row.tool === RELEASE ? releases > 0 : pointer > 0;
    const mayKey = has('Key') && keyed.includes(actor);
    return [
      ...(pointer > 0 && !mayPoint ? [`${name} got ${pointer} pointer events that it must not get`] : []),
      ...(keys > 0 && !mayKey ? [`${name} got ${keys} key events that it must not get`] : []),
      ...(!isReached && mayPoint ? [`no pointer event reached ${name}`] : []),
      ...(keys === 0 && mayKey && use.by === 'keyboard' ? [`no key reached ${name}`] : []),
    ];
  });
}

/** What the answer shows, and which window is in front now. */
async function wrongEffect(
  { cell, front, target, answer }: Try,
  { stage, scale }: Surroundings,
): Promise<readonly string[]> {
  const { tool } = cell.row;
  if (tool === 'open_application' || tool === 'focus_window') {
    const wanted = expectedOf(cell, stage) === 'ok' ? target : front;
    return (await stage.isInFront(wanted)) ? [] : [`${wanted.part.name} is not in front`];
  }
  const shown = stage.actors.find(({ part }) => part === cell.part);
  if (shown === undefined || answer.outcome !== 'ok') return [];
  const isVisible = SHOWN[cell.part.kind];
  const only = isVisible ? 'is hidden, and must be shown' : 'is shown, and must be hidden';
  if (tool === 'list_windows' && answer.text.includes(shown.title) !== isVisible)
    return [`its title ${only}`];
  const [image] = answer.images;
  if (tool !== 'screenshot' || image === undefined) return [];
  const { x, y, width, height } = inPicture(shown, scale).place;
  const colour = await colourAt(image, { x: x + width / 2, y: y + height / 2 });
  return isLike(colour, isVisible ? shown.colour : 0) ? [] : [`its window ${only}`];
}
