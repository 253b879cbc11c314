/** The report's look, light or dark as the reader has it. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1c2330; --soft: #5b6575; --page: #f6f7f9; --card: #fff;
  --line: #dfe3e9; --good: #146c3c; --stop: #9a5200; --bad: #b3261e; --good-soft: #e3f3e9;
  --stop-soft: #fdeedb; --bad-soft: #fbe4e2; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ef; --soft: #9aa4b5; --page: #12151b;
  --card: #1b2028; --line: #2f3743; --good: #6fd39b; --stop: #f0b364; --bad: #ff8a80;
  --good-soft: #1c3527; --stop-soft: #3a2c17; --bad-soft: #43211f; } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
pre { white-space: pre-wrap; font-size: 13px; color: var(--bad) }
main { max-width: 1120px; margin: 0 auto; padding: 40px 24px 64px }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 8px }
h2 { font-size: 20px; margin: 48px 0 12px }
h3 { font-size: 16px; margin: 24px 0 8px }
p { margin: 0 0 12px; max-width: 76ch }
.soft { color: var(--soft) }
.verdict { display: flex; flex-wrap: wrap; gap: 12px; margin: 20px 0 0 }
.verdict div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 18px }
.verdict b { display: block; font-size: 22px; font-variant-numeric: tabular-nums }
.verdict .good b { color: var(--good) } .verdict .bad b { color: var(--bad) }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: 14px }
th { text-align: left; color: var(--soft); font-weight: 600 }
th, td { padding: 8px 14px; border-top: 1px solid var(--line); vertical-align: top }
tr:first-child > * { border-top: 0 }
td.call { font-family: ui-monospace, monospace; overflow-wrap: anywhere; min-width: 220px }
td.answer { color: var(--soft); min-width: 260px }
td.ms, th.ms { text-align: right; font-variant-numeric: tabular-nums }
td.remark { color: var(--soft); font-style: italic; background: var(--page) }
.tag { display: inline-block; border-radius: 6px; padding: 0 8px; white-space: nowrap; font-weight: 600 }
.tag.good { color: var(--good); background: var(--good-soft) }
.tag.stop { color: var(--stop); background: var(--stop-soft) }
.tag.bad { color: var(--bad); background: var(--bad-soft) }
.expectation { padding: 14px 18px; border-top: 1px solid var(--line) }
.expectation:first-child { border-top: 0 }
.expectation h3 { margin: 0 0 6px }
.expectation dl { display: grid; grid-template-columns: 90px 1fr; gap: 4px 12px; margin: 0; font-size: 14px }
.expectation dt { font-weight: 600 } .expectation dd { margin: 0 }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(340px, 1fr)); gap: 16px }
figure { margin: 0 } figcaption { font-size: 13px; color: var(--soft); margin: 6px 0 0 }
img { width: 100%; height: auto; display: block; border: 1px solid var(--line); border-radius: 8px }
.machine { display: grid; grid-template-columns: max-content 1fr; gap: 4px 20px; font-size: 14px; padding: 14px 18px }
.machine dd { margin: 0 } .machine dt { color: var(--soft) }
`;
