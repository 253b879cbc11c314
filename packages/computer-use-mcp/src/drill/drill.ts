import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CliError, spawnOwned, type BinHost, type ServerCommandContext } from '@deskhand/server-runtime';
import { openAccessibilityBus } from '../accessibility/atspi/connection.ts';
import { chooseBackend } from '../desktop/choose.ts';
import { ALL_PARTS } from './cast.ts';
import { cellsOf, elementCells, type Cell } from './cells.ts';
import { startDrillServer, type DrillServer } from './drill-server.ts';
import { swayAt, x11At, type DrillDesktop } from './drill-desktop.ts';
import { htmlReport } from './html.ts';
import { junitReport } from './junit.ts';
import type { DrillOptions } from './options.ts';
import { openPrivateDisplay } from './x11/private-display.ts';
import { openPrivateSway } from './sway/private-sway.ts';
import { makeExecutables, writeGrants } from './props.ts';
import {
  isAllRight,
  isWrong,
  summaryOf,
  textReport,
  wrongLines,
  type DrillReport,
  type Picture,
} from './report.ts';
import { runDrill, type CellResult } from './run-drill.ts';
import type { Stage } from './stage.ts';
import { ELEMENT_ROWS } from './element-uses.ts';
import { TOOL_TABLE } from './tool-table.ts';

/** What an actor's process runs: a file of its own beside the bin, because loading all of the bin takes long. */
const WINDOW_SCRIPT = 'drill-window.js';

const WRONG = 1;
const INTERRUPTED = 130;
const PICTURES_MAX = 12;
const BUS_MS = 10_000;
/** Variables that say which desktop to use, or change what the server does. */
const OF_A_PERSON = /^(DESKHAND_|CU_BACKEND$|WAYLAND_DISPLAY$|SWAYSOCK$)/;

/** Tries every tool on windows of its own, and resolves with the exit code: 0 when every cell is as it must be. */
export async function drill(options: DrillOptions, { host }: ServerCommandContext): Promise<number> {
  refuseUnknownTools(options.only);
  const desktop = desktopOf(options, host);
  const onElements = elementCells(options.only);
  const haveTrees = onElements.length > 0 && (await canHaveTrees(host.env));
  const cells = [...cellsOf(options.only), ...(haveTrees ? onElements : [])];
  const folder = mkdtempSync(join(tmpdir(), 'deskhand-drill-'));
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) host.on(signal, () => stop.abort());
  try {
    if (options.private || desktop === null) {
      const sort = options.backend ?? desktop?.kind ?? 'x11';
      return await inPrivate(sort, { folder, host, signal: stop.signal });
    }
    if (cells.length === 0) {
      throw new CliError('the tools for elements are tried where an accessibility bus runs alone', {
        hint: 'Run it inside a D-Bus session, with at-spi2-core installed (apt install at-spi2-core)',
      });
    }
    if (!options.yes) await refuseToDisturb(desktop, cells);
    const report = await onDesktop(cells, { desktop, folder, host, signal: stop.signal, haveTrees });
    if (stop.signal.aborted) return INTERRUPTED;
    tell(report, options, host);
    return isAllRight(report) ? 0 : WRONG;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The desktop of the surroundings; `null` when there is none on which the drill can be run. */
function desktopOf({ backend, display }: DrillOptions, { env }: BinHost): DrillDesktop | null {
  const chosen = chooseBackend({ platform: process.platform, env, backend, display });
  if (chosen.kind === 'sway') return swayAt(chosen, env);
  return chosen.kind === 'x11' && chosen.display !== '' ? x11At(chosen.display) : null;
}

function refuseUnknownTools(only: readonly string[] | undefined): void {
  const rows = [...TOOL_TABLE, ...ELEMENT_ROWS];
  const known = new Set(rows.flatMap(({ tool, use }) => [tool, use]));
  const unknown = only?.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new CliError(`the drill does not know the tool ${unknown}`, {
    hint: `It knows: ${[...new Set(rows.map(({ tool }) => tool))].join(', ')}`,
  });
}

interface Place {
  readonly folder: string;
  readonly host: BinHost;
  readonly signal: AbortSignal;
}

/** Runs the same command again, on a desktop of its own. */
async function inPrivate(sort: DrillDesktop['kind'], { folder, host, signal }: Place): Promise<number> {
  const open = sort === 'x11' ? openPrivateDisplay : openPrivateSway;
  const desktop = await open(folder, host.env);
  try {
    host.stderr.write(`On ${desktop.name}, which nobody sees.\n`);
    const [, script = '', ...args] = host.argv;
    const same = args.filter(
      (arg, at) => arg !== '--private' && !isDisplay(arg) && !isDisplay(args[at - 1], true),
    );
    const child = await spawnOwned(host.execPath, [script, ...same, '--yes', ...desktop.args], {
      env: desktop.env,
      stderr: 'inherit',
    });
    signal.addEventListener('abort', () => child.kill('SIGINT'));
    child.stdout.pipe(host.stdout, { end: false });
    const { code } = await child.ended;
    return code ?? INTERRUPTED;
  } finally {
    await desktop.close();
  }
}

const isDisplay = (arg: string | undefined, isAlone = false): boolean =>
  arg === '--display' || (!isAlone && arg?.startsWith('--display=') === true);

/** The pointer and the keyboard are the drill's while it runs: nobody should be surprised by that. */
async function refuseToDisturb(desktop: DrillDesktop, cells: readonly Cell[]): Promise<void> {
  const count = await desktop.countWindows();
  if (count === 0) return;
  const seconds = Math.ceil((cells.length * desktop.cellMs) / 5000) * 5;
  throw new CliError(
    `${count} windows are open on ${desktop.name}, and the drill takes over pointer and keyboard for about ${seconds} s`,
    { hint: 'Leave both alone meanwhile and run it with --yes, or run it where nobody works: --private' },
  );
}

/** The windows can tell of elements where an accessibility bus runs. */
async function canHaveTrees(env: BinHost['env']): Promise<boolean> {
  try {
    const bus = await openAccessibilityBus({ env, mayStart: true, signal: AbortSignal.timeout(BUS_MS) });
    bus.close();
    return true;
  } catch {
    return false; // whatever is missing for it, the other tools are tried
  }
}

interface Setting extends Place {
  readonly haveTrees: boolean;
  readonly desktop: DrillDesktop;
}

async function onDesktop(cells: readonly Cell[], setting: Setting): Promise<DrillReport> {
  const { desktop, folder, host, signal, haveTrees } = setting;
  const start = performance.now();
  const env = { ...withoutPerson(host.env), ...desktop.env, DESKHAND_HOME: join(folder, 'state') };
  const script = realpathSync(String(host.argv[1]));
  const executables = await makeExecutables(folder, host.execPath, ALL_PARTS);
  await writeGrants(env.DESKHAND_HOME, executables);
  const stage = await desktop.openStage({
    parts: ALL_PARTS,
    executables,
    script: join(dirname(script), WINDOW_SCRIPT),
    env,
    haveTrees,
  });
  try {
    const args = [...desktop.args, '--approvals', 'decline', '--log-level', 'error'];
    const server = await startDrillServer({ command: [host.execPath, script], args, env });
    try {
      const pictures: Picture[] = [];
      const results: CellResult[] = [];
      for await (const result of runDrill(cells, { stage, server })) {
        results.push(result);
        showProgress(results, cells.length, host);
        if (isWrong(result)) await photograph(result.name, server, pictures);
        if (signal.aborted) break;
      }
      await photographParts({ stage, server }, pictures);
      const uncovered = uncoveredBy(server.tools);
      const seconds = (performance.now() - start) / 1000;
      return { desktop: desktop.name, results, uncovered, pictures, seconds };
    } finally {
      await server.close();
    }
  } finally {
    await stage.close();
  }
}

const withoutPerson = (env: BinHost['env']): BinHost['env'] =>
  Object.fromEntries(Object.entries(env).filter(([key]) => !OF_A_PERSON.test(key)));

/** Tools that the server offers and that no table has. */
function uncoveredBy(offered: readonly string[]): readonly string[] {
  const known = new Set([...TOOL_TABLE, ...ELEMENT_ROWS].map(({ tool }) => tool));
  return offered.filter((tool) => !known.has(tool));
}

/** What an agent sees, as it is now. */
async function photograph(title: string, server: DrillServer, pictures: Picture[]): Promise<void> {
  if (pictures.length >= PICTURES_MAX) return;
  const { images } = await server.call('screenshot', {});
  const [image] = images;
  if (image !== undefined) pictures.push({ title, ...image });
}

async function photographParts(
  { stage, server }: { readonly stage: Stage; readonly server: DrillServer },
  pictures: Picture[],
): Promise<void> {
  const [first] = stage.actors;
  if (first !== undefined) await stage.bringToFront(first);
  await photograph('What an agent sees at the end: what it may not see is black', server, pictures);
}

function showProgress(results: readonly CellResult[], total: number, { stderr }: BinHost): void {
  if (!('isTTY' in stderr) || stderr.isTTY !== true) return;
  const wrong = results.filter(isWrong).length;
  const end = results.length === total ? '\n' : '';
  stderr.write(`\r${results.length} of ${total} cells, ${wrong} wrong${end}`);
}

function tell(report: DrillReport, { json, junit, html }: DrillOptions, { stdout }: BinHost): void {
  if (junit !== undefined) writeFileSync(junit, junitReport(report));
  if (html !== undefined) writeFileSync(html, htmlReport(report));
  stdout.write(json ? `${JSON.stringify(asJson(report))}\n` : `${textReport(report)}\n`);
}

const asJson = (report: DrillReport) => ({
  ok: isAllRight(report),
  summary: summaryOf(report),
  seconds: report.seconds,
  wrong: wrongLines(report),
  cells: report.results.map(({ cell, name, expected, outcome, wrong, ms }) => ({
    ...{ tool: cell.row.tool, use: cell.row.use, stand: cell.stand, part: cell.part.name },
    ...{ name, expected, outcome, wrong, ms: Math.round(ms) },
  })),
});
