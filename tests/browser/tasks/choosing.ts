import type { Case } from '../case.ts';

const DAYS = (days: string): string => `<script>
let month = 2; const names = ['January', 'February', 'March', 'April', 'May', 'June'];
const draw = () => { title.textContent = names[month] + ' 2026'; grid.innerHTML = ''; const last = new Date(2026, month + 1, 0).getDate();
for (let d = 1; d <= last; d++) { const b = document.createElement('button'); b.textContent = d; b.setAttribute('aria-label', d + ' ' + names[month]);
b.onclick = () => { ${days} }; grid.append(b); } };
prev.onclick = () => { month--; draw(); }; next.onclick = () => { month++; draw(); };</script>`;

/** Small pages on which something is chosen. */
export const choosing: readonly Case[] = [
  {
    name: 'task: choose a day in the month after next',
    page: `<label>Date <input id=field readonly onclick="cal.hidden = false; draw()"></label><div id=cal role=dialog aria-label=Calendar hidden>
<button id=prev>Previous</button><b id=title></b><button id=next>Next</button><div id=grid></div></div>
${DAYS("field.value = d + ' ' + names[month]; cal.hidden = true; tell(field.value)")}`,
    steps: [
      { click: 'textbox "Date"' },
      { click: 'button "Next"' },
      { click: 'button "Next"' },
      { see: ['May 2026'] },
      { click: 'button "17 May"' },
    ],
    told: ['17 May'],
  },
  {
    name: 'task: choose a range of days',
    page: `<button id=prev>Previous</button><b id=title></b><button id=next>Next</button><div id=grid></div>
${DAYS("chosen.push(d); if (chosen.length === 2) tell(chosen.join('-'))")}<script>const chosen = []; draw()</script>`,
    steps: [{ click: 'button "9 March"' }, { click: 'button "14 March"' }],
    told: ['9-14'],
  },
  {
    name: 'task: open a tree to its third level and tick a leaf',
    page: `<ul role=tree aria-label=Files><li role=treeitem aria-expanded=false tabindex=0 aria-label=src>src</li></ul><script>
const kids = { src: ['app', 'lib'], lib: ['core', 'ui'], ui: ['button.ts', 'list.ts'] };
const add = (item) => item.addEventListener('click', (e) => { e.stopPropagation(); const name = item.getAttribute('aria-label');
if (!kids[name]) { tell(name); return; } if (item.querySelector('ul')) return; item.setAttribute('aria-expanded', 'true'); const ul = document.createElement('ul'); ul.role = 'group';
for (const k of kids[name]) { const li = document.createElement('li'); li.role = 'treeitem'; li.tabIndex = 0; li.textContent = k; li.setAttribute('aria-label', k); if (kids[k]) li.setAttribute('aria-expanded', 'false'); add(li); ul.append(li); } item.append(ul); });
add(document.querySelector('li'));</script>`,
    steps: [
      { click: 'treeitem "src"' },
      { click: 'treeitem "lib"' },
      { click: 'treeitem "ui"' },
      { click: 'treeitem "list.ts"' },
    ],
    told: ['list.ts'],
  },
  {
    name: 'task: choose the third tab and press what is in it',
    page: `<div role=tablist><button role=tab>One</button><button role=tab>Two</button><button role=tab>Three</button></div><div role=tabpanel id=p></div><script>
document.querySelectorAll('[role=tab]').forEach((tab) => tab.onclick = () => { p.innerHTML = '<button>In ' + tab.textContent + '</button>'; p.firstChild.onclick = () => tell(tab.textContent); })</script>`,
    steps: [{ click: 'tab "Three"' }, { click: 'button "In Three"' }],
    told: ['Three'],
  },
  {
    name: 'task: sort a table by a column and take the first row',
    page: `<table><thead><tr><th><button id=h>Price</button><th>Item<th></tr></thead><tbody id=b></tbody></table><script>
let rows = [[30, 'Lamp'], [12, 'Cup'], [99, 'Desk']]; const draw = () => { b.innerHTML = rows.map(([p, n]) => '<tr><td>' + p + '<td>' + n + '<td><button aria-label="Buy ' + n + '">Buy</button>').join('');
b.querySelectorAll('button').forEach((x) => x.onclick = () => tell(b.querySelector('td').textContent, x.getAttribute('aria-label'))); };
h.onclick = () => { rows.sort((a, b) => a[0] - b[0]); draw(); }; draw();</script>`,
    steps: [{ click: 'button "Price"' }, { see: ['Cup'] }, { click: 'button "Buy Cup"' }],
    told: ['12 Buy Cup'],
  },
  {
    name: 'task: find the row of a person on the third page of a table',
    page: `<table><tbody id=b></tbody></table><button id=more>Next page</button><script>let page = 0;
const draw = () => { b.innerHTML = ''; for (let i = page * 10 + 1; i <= page * 10 + 10; i++) { const r = b.insertRow(); r.insertCell().textContent = 'Person ' + i; const x = document.createElement('button'); x.textContent = 'Edit ' + i; x.onclick = () => tell(i); r.insertCell().append(x); } };
more.onclick = () => { page++; draw(); }; draw();</script>`,
    steps: [{ click: 'button "Next page"' }, { click: 'button "Next page"' }, { click: 'button "Edit 27"' }],
    told: ['27'],
  },
  {
    name: 'task: pick a colour from swatches',
    page: ['Red', 'Green', 'Blue']
      .map(
        (c) =>
          `<div role=radio aria-checked=false tabindex=0 aria-label=${c} onclick="this.setAttribute('aria-checked', 'true'); tell('${c}')" style="display:inline-block;width:30px;height:30px;background:${c}"></div>`,
      )
      .join(''),
    steps: [{ click: 'radio "Green"' }, { see: ['Green'] }],
    told: ['Green'],
  },
  {
    name: 'task: give four stars of five',
    page: `<fieldset><legend>Rating</legend>${[1, 2, 3, 4, 5].map((n) => `<label><input type=radio name=s style="opacity:0;position:absolute" onchange="tell(${n})">${n} stars</label>`).join('')}</fieldset>`,
    steps: [{ click: 'radio "4 stars"' }],
    told: ['4'],
  },
  {
    name: 'task: choose from a list that is searched',
    page: `<button id=o aria-haspopup=listbox>Country</button><div id=d hidden><input aria-label=Search oninput="fill(this.value)"><ul id=l role=listbox></ul></div><script>
const all = ['Austria', 'Belgium', 'Brazil', 'Bulgaria', 'Canada']; const fill = (q) => { l.innerHTML = ''; for (const c of all.filter((x) => x.toLowerCase().includes(q.toLowerCase()))) { const li = document.createElement('li'); li.role = 'option'; li.textContent = c; li.onmousedown = () => tell(c); l.append(li); } };
o.onclick = () => { d.hidden = false; fill(''); };</script>`,
    steps: [
      { click: 'button "Country"' },
      { fill: { 'textbox "Search"': 'bul' } },
      { see: ['Bulgaria'], lacks: ['Brazil'] },
      { click: 'option "Bulgaria"' },
    ],
    told: ['Bulgaria'],
  },
  {
    name: 'task: choose three chips and take one away again',
    page: `${['Jazz', 'Rock', 'Folk', 'Soul'].map((g) => `<button aria-pressed=false onclick="const on = this.getAttribute('aria-pressed') === 'false'; this.setAttribute('aria-pressed', on); on ? set.add('${g}') : set.delete('${g}')">${g}</button>`).join('')}
<button onclick="tell([...set])">Done</button><script>const set = new Set()</script>`,
    steps: [
      { click: 'button "Jazz"' },
      { click: 'button "Rock"' },
      { click: 'button "Soul"' },
      { click: 'button "Rock"' },
      { click: 'button "Done"' },
    ],
    told: ['Jazz,Soul'],
  },
  {
    name: 'task: open an accordion and a part within it',
    page: `<details><summary>Billing</summary><details><summary>Invoices</summary><button onclick="tell('last')">Last invoice</button></details></details>`,
    steps: [
      { click: 'DisclosureTriangle|button|group|summary "Billing"' },
      { click: 'DisclosureTriangle|button|group|summary "Invoices"' },
      { click: 'button "Last invoice"' },
    ],
    told: ['last'],
  },
];
