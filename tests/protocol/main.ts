import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { serveBin } from './served-bin.ts';
import { revisions, runSuite, type Revision, type ScenarioReport } from './suite.ts';

const longestText = 160;
const USAGE = 2;

const HELP = `Usage: npm run conformance

Runs the official suite of the Model Context Protocol against a server that has everything it asks for. It takes
minutes and needs x64 Linux. Exits with 1 when a scenario that is scored fails, with 2 when it is used wrongly.`;

/** A line for each scenario, with what the suite says about it. */
function table(revision: Revision, reports: readonly ScenarioReport[]): string {
  const width = Math.max(...reports.map(({ scenario }) => scenario.length)) + 2;
  const lines = reports.flatMap(({ scenario, passed, failures, warnings, scored }) => [
    `${scenario.padEnd(width)}${verdict(failures, scored)}  ${passed} passed, ${failures.length} failed, ${warnings.length} warned`,
    ...[...failures, ...warnings].map((text) => `    ${text.slice(0, longestText)}`),
  ]);
  const scored = reports.filter((report) => report.scored);
  const passing = scored.filter(({ failures }) => failures.length === 0);
  return [`\n${revision}`, ...lines, `scored scenarios: ${passing.length} of ${scored.length}`].join('\n');
}

function verdict(failures: readonly string[], scored: boolean): string {
  if (failures.length === 0) return scored ? 'ok      ' : 'ok   (-)';
  return scored ? 'FAILED  ' : 'not  (-)';
}

async function run(): Promise<number> {
  const fixture = await serveBin('conformance-fixture');
  let isRed = false;
  try {
    for (const revision of revisions) {
      const folder = join(fixture.folder, revision);
      await mkdir(folder);
      const reports = await runSuite({ url: fixture.url, revision, folder });
      console.log(table(revision, reports));
      isRed ||= reports.some(({ scored, failures }) => scored && failures.length > 0);
    }
    console.log('\n(-) is not scored: an extension, or newer than the revision');
  } finally {
    await fixture.close();
  }
  return isRed ? 1 : 0;
}

const [option] = process.argv.slice(2);
if (option === undefined) process.exitCode = await run();
else {
  console.log(HELP);
  process.exitCode = option === '--help' || option === '-h' ? 0 : USAGE;
}
