import { describeClass, exampleOfClass } from '../app-class.ts';
import { TIERS, type Tier } from '../tier.ts';
import type { CellResult, Matrix, MatrixColumn, MatrixRow } from './matrix.ts';

const STYLE = `
:root { color-scheme: light dark; --ink: #1d2430; --soft: #5c6675; --line: #e3e7ed; --page: #f6f7f9; --card: #fff;
  --yes: #d9f2e3; --yes-ink: #14693a; --no: #fbe3e1; --no-ink: #9c2b22; --hidden: #eceef2; --hidden-ink: #596273; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eaf0; --soft: #9aa5b5; --line: #2b323d; --page: #12161c;
  --card: #1a2028; --yes: #173a28; --yes-ink: #7fdca6; --no: #43201d; --no-ink: #f2a49c; --hidden: #262d37; --hidden-ink: #98a3b3; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem; background: var(--page); color: var(--ink); font: 14px/1.45 system-ui, sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.4rem; }
p { margin: 0 0 1.25rem; color: var(--soft); max-width: 80ch; }
.scroll { overflow: auto; max-height: calc(100vh - 11rem); background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
table { border-collapse: separate; border-spacing: 0; width: 100%; }
th, td { padding: .25rem .2rem; border-bottom: 1px solid var(--line); text-align: center; white-space: nowrap; }
tr:last-child > * { border-bottom: 0; }
thead th { position: sticky; top: 0; z-index: 1; background: var(--card); vertical-align: bottom; }
thead th span { display: block; margin: 0 auto .4rem; writing-mode: vertical-rl; transform: rotate(180deg); font-weight: 600; }
tbody th { padding: 0 .75rem; position: sticky; left: 0; background: var(--card); text-align: left; font: 600 13px/1.4 ui-monospace, monospace; }
thead th:first-child { left: 0; z-index: 2; padding-left: .75rem; text-align: left; }
.tier { display: inline-block; min-width: 3.1rem; padding: .05rem .4rem; border-radius: 99px; font-size: 11px; font-weight: 600;
  background: var(--hidden); color: var(--hidden-ink); }
.tier.full { background: var(--yes); color: var(--yes-ink); } .tier.none { background: var(--no); color: var(--no-ink); }
td i { display: block; border-radius: 6px; padding: .1rem .3rem; font-style: normal; font-size: 12px; }
.allowed { background: var(--yes); color: var(--yes-ink); } .hidden { background: var(--hidden); color: var(--hidden-ink); }
.refused { background: var(--no); color: var(--no-ink); }
dl { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; margin: 1rem 0 0; color: var(--soft); }
dl div { display: flex; gap: .5rem; align-items: center; } dt i { padding: .1rem .5rem; border-radius: 6px; font-style: normal; }
dd { margin: 0; }
`;

const pill = (tier: Tier): string => `<b class="tier ${tier}">${tier}</b>`;

const WORDS: Readonly<Partial<Record<CellResult, readonly [string, string]>>> = {
  allowed: ['allowed', 'yes'],
  hidden: ['hidden', 'hidden'],
};

const cell = (result: CellResult): string => {
  const [style, word] = WORDS[result] ?? ['refused', 'no'];
  return `<td title="${result}"><i class="${style}">${word}</i></td>`;
};

const head = ({ class: name, tier }: MatrixColumn): string =>
  `<th scope="col" title="${describeClass(name)}, such as ${exampleOfClass(name)}"><span>${name}</span>${pill(tier)}</th>`;

const row = ({ tool, needed, cells }: MatrixRow): string =>
  `<tr><th scope="row">${tool}</th><td><b class="tier">${needed}</b></td>${cells.map(({ result }) => cell(result)).join('')}</tr>`;

const LEGEND = [
  ['allowed', 'yes', 'happens'],
  ['hidden', 'hidden', 'works, with the application blacked out'],
  ['refused', 'no', 'refused; the reason is in the tooltip'],
] as const;

/** One page without outside references. */
export const htmlMatrix = ({ columns, rows }: Matrix): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tools and application classes</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Tools and application classes</h1>
<p>What a tool may do to an application that the person has allowed with every right, by the application's class.
Tiers rise ${TIERS.join(', ')}. An application that was not allowed is refused by every tool that judges anybody.</p>
<div class="scroll"><table>
<thead><tr><th scope="col">tool</th><th scope="col">needs</th>${columns.map(head).join('')}</tr></thead>
<tbody>
${rows.map(row).join('\n')}
</tbody>
</table></div>
<dl>${LEGEND.map(([style, word, text]) => `<div><dt><i class="${style}">${word}</i></dt><dd>${text}</dd></div>`).join('')}</dl>
</body>
</html>`;
