import {
  isAllRight,
  lacksAny,
  summaryOf,
  tablesOf,
  wrongLines,
  type DrillReport,
  type Table,
} from './report.ts';

const html = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1c1c1c }
table { border-collapse: collapse; margin: 1.5rem 0 } th, td { padding: .2rem .6rem; text-align: left }
tr:nth-child(even) { background: #f4f4f4 } .ok { color: #17692f } .no, .lacks { color: #6b6b6b }
.WRONG { background: #b3261e; color: #fff; font-weight: bold } figure { margin: 1.5rem 0 }
img { max-width: 100%; border: 1px solid #ccc } .verdict { font-size: 1.2rem; font-weight: bold }`;

/** A page that needs nothing beside itself: tables and pictures. */
export function htmlReport(report: DrillReport): string {
  const { results, pictures } = report;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><title>computer-use-mcp drill</title>',
    `<style>${STYLE}</style></head><body>`,
    '<h1>computer-use-mcp drill</h1>',
    `<p class="verdict ${isAllRight(report) ? 'ok' : 'WRONG'}">${html(summaryOf(report))}</p>`,
    ...wrongLines(report).map((line) => `<p>${html(line)}</p>`),
    '<p>Each tool was used with one window in front and another one aimed at; one of the two is of the sort',
    'that the column names, the other is an application of tier full. <b>ok</b>: done. <b>no</b>: refused, as it must be.',
    lacksAny(report) ? '<b>lacks</b>: this desktop does not have it.</p>' : '</p>',
    ...tablesOf(results).map(table),
    ...pictures.map(
      ({ title, mimeType, data }) =>
        `<figure><figcaption>${html(title)}</figcaption><img alt="${html(title)}" src="data:${html(mimeType)};base64,${html(data)}"></figure>`,
    ),
    '</body></html>',
    '',
  ].join('\n');
}

function table({ parts, lines }: Table): string {
  const head = ['tool', '', ...parts.map(({ name }) => name)].map((name) => `<th>${html(name)}</th>`);
  const rows = lines.map(({ use, stand, words }) => {
    const cells = words.map((word) => `<td class="${word}">${word}</td>`);
    return `<tr><td>${html(use)}</td><td>${stand}</td>${cells.join('')}</tr>`;
  });
  return `<table><tr>${head.join('')}</tr>${rows.join('\n')}</table>`;
}
