export const REPLAY_STYLE = `
:root { color-scheme: light dark; --ink: #1b2230; --soft: #5b6576; --line: #e1e6ee; --page: #f5f7fa; --card: #fff;
  --bad: #a3231a; --bad-page: #fdecea; --open: #8a5a00; --open-page: #fff4dc; --mark: #2a5bd7; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf1; --soft: #98a3b5; --line: #2b3340; --page: #10141a;
  --card: #181e27; --bad: #ff9d94; --bad-page: #3a1c1a; --open: #f1c56a; --open-page: #332811; --mark: #86a8ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 14px/1.5 system-ui, sans-serif; }
header { position: sticky; top: 0; z-index: 1; padding: .75rem 1.5rem; background: var(--page); border-bottom: 1px solid var(--line); }
h1 { display: inline; margin: 0 1rem 0 0; font-size: 1.1rem; }
header p { margin: .15rem 0 .5rem; color: var(--soft); }
input[type=search] { width: min(28rem, 60vw); padding: .35rem .6rem; border: 1px solid var(--line); border-radius: 8px;
  background: var(--card); color: inherit; font: inherit; }
label { margin-left: .75rem; } kbd { padding: 0 .3rem; border: 1px solid var(--line); border-radius: 4px; font: 12px ui-monospace, monospace; }
ol { list-style: none; margin: 0; padding: 1rem 1.5rem 60vh; }
li { margin: 0 0 .5rem; padding: .55rem .9rem; background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--line); border-radius: 8px; }
li[hidden] { display: none; }
li.failed { border-left-color: var(--bad); background: var(--bad-page); } li.failed .result { color: var(--bad); font-weight: 600; }
li.unknown { border-left-color: var(--open); background: var(--open-page); } li.unknown .result { color: var(--open); font-weight: 600; }
li.current { outline: 2px solid var(--mark); }
.line { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: baseline; }
time, .soft { color: var(--soft); font-variant-numeric: tabular-nums; } b { font: 600 14px ui-monospace, monospace; overflow-wrap: anywhere; }
details { margin-top: .35rem; } summary { cursor: pointer; color: var(--soft); }
pre { margin: .35rem 0; padding: .5rem .75rem; overflow: auto; max-height: 22rem; border-radius: 6px; background: var(--page);
  font: 12px/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
img { display: block; max-width: 100%; max-height: 80vh; margin: .5rem 0; border: 1px solid var(--line); border-radius: 6px; }
`;

/** Filters and steps through what is already on the page; without it, everything is shown. */
export const REPLAY_SCRIPT = `
const items = [...document.querySelectorAll('li')];
const search = document.querySelector('#search'), failures = document.querySelector('#failures'), shown = document.querySelector('#shown');
const words = items.map((item) => item.textContent.toLowerCase());
let current;
const visible = () => items.filter((item) => !item.hidden);
const filter = () => {
  const wanted = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  items.forEach((item, at) => {
    const fits = wanted.every((word) => words[at].includes(word));
    item.hidden = !fits || (failures.checked && !item.matches('.failed, .unknown'));
  });
  shown.textContent = visible().length + ' of ' + items.length;
};
const go = (to) => {
  if (!to) return;
  current?.classList.remove('current');
  current = to;
  current.classList.add('current');
  current.scrollIntoView({ block: 'center' });
};
const step = (by) => {
  const all = visible(), at = all.indexOf(current);
  go(at < 0 ? all[0] : all[Math.min(all.length - 1, Math.max(0, at + by))]);
};
const keys = {
  j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
  Home: () => go(visible()[0]), End: () => go(visible().at(-1)),
  Enter: () => current?.querySelectorAll('details').forEach((part) => (part.open = !part.open)),
  '/': () => search.focus(), f: () => { failures.checked = !failures.checked; filter(); },
};
addEventListener('keydown', (event) => {
  if (event.key === 'Escape') search.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || event.target === search || !Object.hasOwn(keys, event.key)) return;
  if (event.key === 'Enter' && event.target.closest?.('summary, input')) return;
  event.preventDefault();
  keys[event.key]();
});
search.addEventListener('input', filter);
failures.addEventListener('change', filter);
filter();
`;
