import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { serveBin } from './served-bin.ts';
import { revisions, runSuite, type Revision, type ScenarioReport } from './suite.ts';

const longestText = 160;

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

const fixture = await serveBin('conformance-fixture');
try {
  for (const revision of revisions) {
    const folder = join(fixture.folder, revision);
    await mkdir(folder);
    const reports = await runSuite({ url: fixture.url, revision, folder });
    console.log(table(revision, reports));
    if (reports.some(({ scored, failures }) => scored && failures.length > 0)) process.exitCode = 1;
  }
  console.log('\n(-) is not scored: an extension, or newer than the revision');
} finally {
  await fixture.close();
}
