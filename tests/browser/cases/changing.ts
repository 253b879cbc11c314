import type { Case } from '../case.ts';

/** Pages that draw themselves anew. */
export const changing: readonly Case[] = [
  {
    name: 'a button that was drawn anew, and is the only one of its name, is pressed',
    page: `<div id=a><button onclick="tell('old')">Save</button></div>`,
    steps: [
      { see: ['Save'] },
      { evaluate: `void (a.innerHTML = '<button onclick="tell(1)">Save</button>')` },
      { click: 'button "Save"' },
    ],
    told: ['1'],
  },
  {
    name: 'a button that was drawn anew beside its double is refused',
    page: `<div id=a><button onclick="tell('old')">Save</button></div>`,
    steps: [
      { see: ['Save'] },
      {
        evaluate: `void (a.innerHTML = '<p>x</p><button onclick="tell(1)">Save</button><button onclick="tell(2)">Save</button>')`,
      },
      { click: 'button "Save"', refused: /gone|stale|drawn|remov|not found|detach|interactive/iu },
    ],
    told: [],
  },
  {
    name: 'a counter whose label changes is pressed twice by one reference',
    page: `<button onclick="this.textContent = 'Count ' + ++n; tell(n)">Count 0</button><script>let n = 0</script>`,
    steps: [{ see: ['Count 0'] }, { click: 'button "Count 0"' }, { click: 'button "Count 0"' }],
    told: ['1', '2'],
  },
  {
    name: 'rows that change places keep their references',
    page: `<ul id=l><li><button onclick="tell('A')">A</button><li><button onclick="tell('B')">B</button></ul>`,
    steps: [{ see: ['A'] }, { evaluate: 'void l.append(l.firstElementChild)' }, { click: 'button "A"' }],
    told: ['A'],
  },
  {
    name: 'a page that draws everything anew on every key is filled',
    page: `<div id=app></div><script>let state = ''; const draw = () => { app.innerHTML = '<label>Name <input></label><p>' + state.length + '</p>';
const f = app.querySelector('input'); f.value = state; f.oninput = () => { state = f.value; draw(); app.querySelector('input').focus(); }; }; draw();</script><button onclick="tell(state)">Tell</button>`,
    steps: [{ fill: { 'textbox "Name"': 'Ada' } }, { click: 'button "Tell"' }],
    told: ['Ada'],
  },
  {
    name: 'a button that is drawn anew all the time is pressed once',
    page: `<div id=a></div><script>setInterval(() => { const b = document.createElement('button'); b.textContent = 'Busy'; b.onclick = () => tell('pressed'); a.replaceChildren(b); }, 400)</script>`,
    steps: [{ wait: 'Busy' }, { click: 'button "Busy"' }],
    told: ['pressed'],
  },
  {
    name: 'a button that replaces itself when the pointer comes near is pressed, or that is said',
    page: `<div id=a><button>Shy</button></div><script>a.onmouseover = () => { if (a.dataset.done) return; a.dataset.done = 1; a.innerHTML = '<button>Shy</button>'; a.firstChild.onclick = () => tell('pressed'); }</script>`,
    steps: [{ click: 'button "Shy"', orRefused: /receive/iu }],
    told: ['pressed'],
  },
  {
    name: 'a row that a filter takes away is not pressed by the one that takes its place',
    page: `<ul id=l><li><button onclick="tell('Ada')">Delete</button> Ada<li><button onclick="tell('Bob')">Delete</button> Bob</ul>`,
    steps: [
      { see: ['Ada'] },
      { evaluate: 'void l.firstElementChild.remove()' },
      { click: 'button "Delete" #1', refused: /gone|stale|remov|not found|detach|interactive/iu },
    ],
    told: [],
  },
];
