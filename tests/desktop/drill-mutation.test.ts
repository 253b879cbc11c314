import {
  ALL_PARTS,
  TOOL_TABLE,
  cellsOf,
  makeExecutables,
  openX11Stage,
  runDrill,
  startDrillServer,
  writeGrants,
  type Cell,
  type CellResult,
  type Stage,
} from '@deskhand/computer-use-mcp/drill';
import {
  APP_CLASSES,
  TIERS,
  TOOL_NAMES,
  TOOL_NEEDS,
  tierOfClass,
  type Tier,
  type ToolName,
} from '@deskhand/tier-policy';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { inRepository } from '../lab/workspace.ts';
import { credentialsOf } from '../lab/x-server.ts';
import { optionsFor, type BrokenRule, type Mutant } from './mutant.ts';

/** Unbundled, so that a rule can be broken as it is loaded. */
const SERVER = 'packages/computer-use-mcp/dist/cli/main.js';

/** Who plays a class. */
const PLAYED_BY: Readonly<Record<string, string>> = {
  ...{ app: 'editor', fileManager: 'files', settings: 'settings', terminal: 'terminal', ide: 'IDE' },
  ...{ remote: 'remote', runBox: 'launcher', shellUi: 'panel', browser: 'browser', trading: 'trading' },
  ...{ inputSource: 'input tool', password: 'passwords', authPrompt: 'prompt', lockScreen: 'lock screen' },
  ...{ agentHost: 'agent', self: 'own dialog' },
};

/** Classes that no window of the drill can be of. */
const NOT_PLAYED = {
  dialogHost: 'known by a folder of the system that the drill cannot write to',
  interpreter: 'of the tier of any application, and known by what it runs',
  unknown: 'never reaches its tier: it is refused because nothing is known',
};

let desktop: Desktop;
let stage: Stage;
let env: Readonly<Record<string, string>>;

// icewm goes on naming a window as active when another one took the focus, so that the two can be told apart.
beforeAll(async () => {
  desktop = await startDesktop({ wm: 'icewm' });
  env = { ...desktop.env, DESKHAND_HOME: join(desktop.folder, 'drill-state') };
  const folder = join(desktop.folder, 'drill');
  mkdirSync(folder);
  const executables = await makeExecutables(folder, process.execPath, ALL_PARTS);
  await writeGrants(env['DESKHAND_HOME'] ?? '', executables);
  stage = await openX11Stage({
    display: desktop.display,
    parts: ALL_PARTS,
    executables,
    script: inRepository('packages/computer-use-mcp/dist/drill-window.js'),
    env,
    cookie: credentialsOf(desktop.cookie),
  });
});
afterAll(async () => {
  await stage.close();
  await desktop.close();
});

type Server = Awaited<ReturnType<typeof startDrillServer>>;

const startServer = (mutant?: Mutant): Promise<Server> =>
  startDrillServer({
    command: [process.execPath, inRepository(SERVER)],
    args: ['--display', desktop.display, '--approvals', 'decline', '--log-level', 'error'],
    env: mutant === undefined ? env : { ...env, NODE_OPTIONS: optionsFor(mutant) },
  });

async function firstWrong(server: Server, cells: readonly Cell[]): Promise<CellResult | undefined> {
  for await (const result of runDrill(cells, { stage, server })) if (result.wrong.length > 0) return result;
  return undefined;
}

/** A rule to break, and the cells that tell. */
interface Breach extends BrokenRule {
  readonly rule: string;
  /** What the name of the cell must have. */
  readonly named: string;
  readonly cells: readonly Cell[];
}

/** The cells that were red when a rule was broken. */
const told = new Map<string, Cell>();

/** One server for many rules: a cell depends on its own tool and on the two applications of it alone. */
function catches(file: string, breaches: readonly Breach[]): void {
  if (breaches.length === 0) return;
  let server: Server;
  beforeAll(async () => {
    server = await startServer({ file, rules: breaches.map(({ from, to }) => ({ from, to })) });
  });
  afterAll(() => server.close());

  test.each(breaches)('$rule: the drill is red, and $named is named', async ({ cells, named }) => {
    const wrong = await firstWrong(server, cells);
    expect(wrong?.name).toContain(named);
    if (wrong !== undefined) told.set(wrong.name, wrong.cell);
  });
}

/** To every other tier there is. */
const TIER_STEPS = [
  ['lowered by three', -3],
  ['lowered by two', -2],
  ['lowered', -1],
  ['raised', 1],
  ['raised by two', 2],
  ['raised by three', 3],
] as const;

const tierBeside = (tier: Tier, step: number): Tier | undefined => TIERS[TIERS.indexOf(tier) + step];

const JUDGING = TOOL_NAMES.filter((name) =>
  ['target', 'pointer', 'keyboard'].includes(TOOL_NEEDS[name].judged),
);
const DRILLED = JUDGING.filter((name) => TOOL_TABLE.some(({ tool }) => tool === name));

const lineOf = (tool: ToolName): string =>
  `${tool}: { tier: '${TOOL_NEEDS[tool].tier}', judged: '${TOOL_NEEDS[tool].judged}'`;

const breachOf = (tool: ToolName, rule: string, to: string): Breach => ({
  ...{ rule: `${tool}, ${rule}`, from: lineOf(tool), to, named: tool },
  cells: cellsOf([tool]),
});

/** Whoever is granted and not protected may be seen: below read there is nobody whom a tier could refuse. */
const isWithoutEffect = (tier: Tier): boolean => tier === 'none';

const TOOL_STEPS = TIER_STEPS.filter(([, step]) => Math.abs(step) < TIERS.length - 1);

describe.each(TOOL_STEPS)('the tier that a tool needs, %s', (_, step) => {
  const breaches = DRILLED.flatMap((tool) => {
    const { tier } = TOOL_NEEDS[tool];
    const other = tierBeside(tier, step);
    if (other === undefined || isWithoutEffect(other)) return [];
    return [breachOf(tool, `${tier} as ${other}`, lineOf(tool).replace(`'${tier}'`, `'${other}'`))];
  });
  catches('tool-needs.js', breaches);
});

describe.each(['nobody', 'target'])('who is judged for a tool, %s alone', (other) => {
  const breaches = DRILLED.flatMap((tool) => {
    const { judged } = TOOL_NEEDS[tool];
    if (judged === other) return [];
    return [breachOf(tool, `${judged} as ${other}`, lineOf(tool).replace(`'${judged}'`, `'${other}'`))];
  });
  catches('tool-needs.js', breaches);
});

test('every class is played, or it is written down why not', () => {
  expect([...Object.keys(PLAYED_BY), ...Object.keys(NOT_PLAYED)].toSorted()).toEqual(APP_CLASSES.toSorted());
});

describe.each(TIER_STEPS)('the tier of a sort of application, %s', (_, step) => {
  const breaches = APP_CLASSES.flatMap((name) => {
    const part = PLAYED_BY[name];
    const tier = tierOfClass(name);
    const other = tierBeside(tier, step);
    if (part === undefined || other === undefined) return [];
    const from = `${name}: { tier: '${tier}'`;
    const cells = cellsOf(['left_click', 'type']).filter((cell) => cell.part.name === part);
    return [
      { rule: `${name}, ${tier} as ${other}`, from, to: from.replace(tier, other), named: part, cells },
    ];
  });
  // every other application is paired with one of this class, so it is broken alone
  describe('of all but ordinary ones', () => {
    catches(
      'app-class.js',
      breaches.filter(({ from }) => !from.startsWith('app:')),
    );
  });
  const ordinary = breaches.filter(({ from }) => from.startsWith('app:'));
  if (ordinary.length > 0) describe('of ordinary ones', () => catches('app-class.js', ordinary));
});

// all the others are tried in the drill itself
test('with every rule as it is each cell that told of a breach is green', async () => {
  const server = await startServer();
  const wrong = await firstWrong(server, [...told.values()]);
  await server.close();
  expect({ wrong, isTold: told.size > 0 }).toEqual({ wrong: undefined, isTold: true });
});
