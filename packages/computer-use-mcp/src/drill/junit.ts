import { isWrong, type DrillReport } from './report.ts';

const xml = (text: string): string =>
  text.replaceAll(/[&<>"'\p{Cc}]/gu, (character) => {
    const code = character.charCodeAt(0);
    // XML 1.0 has no way to write most control characters
    return code < 32 && !'\t\n\r'.includes(character) ? '\uFFFD' : `&#${code};`;
  });

/** JUnit XML: a suite for each use of a tool, a case for each cell. */
export function junitReport({ results, uncovered, seconds }: DrillReport): string {
  const uses = [...new Set(results.map(({ cell }) => cell.row.use))];
  const failures = results.filter(isWrong).length + uncovered.length;
  const counts = `tests="${results.length + uncovered.length}" failures="${failures}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="computer-use-mcp drill" ${counts} time="${seconds.toFixed(3)}">`,
    ...uses.map((use) =>
      suite(
        use,
        results.filter(({ cell }) => cell.row.use === use),
      ),
    ),
    ...uncovered.map(
      (tool) =>
        `  <testsuite name="${xml(tool)}" tests="1" failures="1"><testcase classname="${xml(tool)}" name="is covered"><failure message="nobody wrote how to try it"/></testcase></testsuite>`,
    ),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(use: string, results: DrillReport['results']): string {
  const cases = results.map((result) => {
    const { name, ms, wrong } = result;
    const start = `    <testcase classname="${xml(use)}" name="${xml(name)}" time="${(ms / 1000).toFixed(3)}"`;
    return isWrong(result)
      ? `${start}><failure message="${xml(wrong.join('; '))}"/></testcase>`
      : `${start}/>`;
  });
  return [
    `  <testsuite name="${xml(use)}" tests="${results.length}" failures="${results.filter(isWrong).length}">`,
    ...cases,
    '  </testsuite>',
  ].join('\n');
}
