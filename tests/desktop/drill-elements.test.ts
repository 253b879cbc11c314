import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import {
  ALL_PARTS,
  elementCells,
  makeExecutables,
  openSwayStage,
  runDrill,
  startDrillServer,
  writeGrants,
  type Stage,
} from '@deskhand/computer-use-mcp/drill';
import { TOOL_NEEDS } from '@deskhand/tier-policy';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startSway, type SwayLab } from '../lab/sway.ts';
import { inRepository } from '../lab/workspace.ts';
import { optionsFor } from './mutant.ts';

/** Each of the tools for elements with another need than it has. */
const BROKEN = [
  ['get_ui_tree', { judged: 'nobody' }],
  ['find_element', { tier: 'full' }],
  ['read_page', { tier: 'click' }],
  ['click_element', { tier: 'full' }],
  ['set_value', { tier: 'click' }],
] as const;

type Server = Awaited<ReturnType<typeof startDrillServer>>;

let lab: SwayLab;
let stage: Stage;
let server: Server;

beforeAll(async () => {
  lab = await startSway({ width: 1600, height: 1000, accessibility: true });
  const env = { ...lab.env, DESKHAND_HOME: join(lab.folder, 'drill-state') };
  const folder = join(lab.folder, 'drill');
  mkdirSync(folder);
  const executables = await makeExecutables(folder, process.execPath, ALL_PARTS);
  await writeGrants(env.DESKHAND_HOME, executables);
  stage = await openSwayStage({
    ...{ socket: lab.socket, display: lab.waylandDisplay, parts: ALL_PARTS, executables, env },
    script: inRepository('packages/computer-use-mcp/dist/drill-window.js'),
    haveTrees: true,
  });
  const rules = BROKEN.map(([tool, other]) => {
    const line = (need: object): string => {
      const { tier, judged } = { ...TOOL_NEEDS[tool], ...need };
      return `${tool}: { tier: '${tier}', judged: '${judged}'`;
    };
    return { from: line({}), to: line(other) };
  });
  server = await startDrillServer({
    command: [process.execPath, inRepository('packages/computer-use-mcp/dist/cli/main.js')],
    args: ['--backend', 'sway', '--approvals', 'decline', '--log-level', 'error'],
    env: { ...env, NODE_OPTIONS: optionsFor({ file: 'tool-needs.js', rules }) },
  });
});
afterAll(async () => {
  await server.close();
  await stage.close();
  await lab.close();
});

test.each(BROKEN)('%s with the need %j: the drill is red, and the tool is named', async (tool) => {
  for await (const { name, wrong } of runDrill(elementCells([tool]), { stage, server })) {
    if (wrong.length === 0) continue;
    expect(name).toContain(tool);
    return;
  }
  expect.fail('every cell is right');
});
