import type { Case } from '../case.ts';

/** Small pages on which something is written or worked out. */
export const writing: readonly Case[] = [
  {
    name: 'task: log in with the words that the page gives',
    page: `<p>User: <b>ada</b>, password: <b>lovelace</b></p><form onsubmit="tell(u.value, p.value); return false"><label>User <input id=u></label><label>Password <input id=p type=password></label><button>Log in</button></form>`,
    steps: [
      { see: ['lovelace'] },
      { fill: { 'textbox "User"': 'ada', 'textbox "Password"': 'lovelace' } },
      { click: 'button "Log in"' },
    ],
    told: ['ada lovelace'],
  },
  {
    name: 'task: mend what the page complains of',
    page: `<form novalidate onsubmit="check(); return false"><label>Mail <input id=m></label><p id=e role=alert></p><button>Send</button></form><script>const check = () => { if (m.value.includes('@')) tell('sent', m.value); else e.textContent = 'A mail address needs an @'; }</script>`,
    steps: [
      { fill: { 'textbox "Mail"': 'ada' } },
      { click: 'button "Send"' },
      { see: ['needs an @'] },
      { fill: { 'textbox "Mail"': 'ada@x.org' } },
      { click: 'button "Send"' },
    ],
    told: ['sent ada@x.org'],
  },
  {
    name: 'task: go through a form of three pages and send it',
    page: `<div id=a></div><script>const got = []; const pages = [['Name', 'Next'], ['Town', 'Next'], ['Wish', 'Send']]; let at = 0;
const draw = () => { const [l, b] = pages[at]; a.innerHTML = '<label>' + l + ' <input></label><button>' + b + '</button>'; a.querySelector('button').onclick = () => { got.push(a.querySelector('input').value); at++; if (at === 3) tell(got); else draw(); }; }; draw();</script>`,
    steps: [
      { fill: { 'textbox "Name"': 'Ada' } },
      { click: 'button "Next"' },
      { see: ['Town'] },
      { fill: { 'textbox "Town"': 'London' } },
      { click: 'button "Next"' },
      { see: ['Wish'] },
      { fill: { 'textbox "Wish"': 'Tea' } },
      { click: 'button "Send"' },
    ],
    told: ['Ada,London,Tea'],
  },
  {
    name: 'task: take the first suggestion with the keys',
    page: `<label>City <input role=combobox id=f oninput="l.hidden = false; at = -1" onkeydown="key(event)"></label><ul id=l role=listbox hidden><li role=option>Berlin<li role=option>Bern</ul><script>let at = -1;
const key = (e) => { if (e.key === 'ArrowDown') at++; if (e.key === 'Enter') { f.value = l.children[at].textContent; tell(f.value); } }</script>`,
    steps: [
      { fill: { 'combobox "City"': 'Be' } },
      { press: 'ArrowDown ArrowDown Enter', on: 'combobox "City"' },
    ],
    told: ['Bern'],
  },
  {
    name: 'task: write a list of tags, each with Enter',
    page: `<label>Tag <input id=t onkeydown="if (event.key === 'Enter') { tags.push(this.value); this.value = ''; if (tags.length === 2) tell(tags) }"></label><script>const tags = []</script>`,
    steps: [
      { fill: { 'textbox "Tag"': 'red' } },
      { press: 'Enter', on: 'textbox "Tag"' },
      { fill: { 'textbox "Tag"': 'blue' } },
      { press: 'Enter', on: 'textbox "Tag"' },
    ],
    told: ['red,blue'],
  },
  {
    name: 'task: enter a code of four boxes',
    page: `${[1, 2, 3, 4].map((n) => `<input aria-label="Digit ${n}" maxlength=1 size=1 oninput="this.nextElementSibling?.focus(); done()">`).join('')}<script>const done = () => { const v = [...document.querySelectorAll('input')].map((x) => x.value).join(''); if (v.length === 4) tell(v); }</script>`,
    steps: [
      {
        fill: {
          'textbox "Digit 1"': '4',
          'textbox "Digit 2"': '7',
          'textbox "Digit 3"': '1',
          'textbox "Digit 4"': '1',
        },
      },
    ],
    told: ['4711'],
  },
  {
    name: 'task: edit a cell of a table by double click',
    page: `<table><tr><td>Tea<td id=c tabindex=0 role=gridcell>3</table><script>c.ondblclick = () => { c.innerHTML = '<input aria-label="New price" value=3>'; const f = c.firstChild; f.focus(); f.onkeydown = (e) => { if (e.key === 'Enter') tell(f.value); }; }</script>`,
    steps: [
      { click: 'gridcell|cell "3"', count: 2 },
      { see: ['New price'] },
      { fill: { 'textbox "New price"': '5' } },
      { press: 'Enter', on: 'textbox "New price"' },
    ],
    told: ['5'],
  },
  {
    name: 'task: answer a question of the page in words',
    page: `<button onclick="tell(prompt('What is the name of the list?'))">New list</button>`,
    steps: [{ click: 'button "New list"' }, { dialog: 'accept', text: 'Shopping' }],
    told: ['Shopping'],
  },
  {
    name: 'task: set a form of many kinds of fields',
    page: `<form onsubmit="tell([...new FormData(this)].map(([k, v]) => k + '=' + v).join('&')); return false"><label>Name <input name=n></label><label>Born <input type=date name=d></label>
<label>Size <select name=s><option>S<option>M<option>L</select></label><label><input type=checkbox name=a> Agree</label><label><input type=radio name=r value=p> Post</label><label><input type=radio name=r value=m> Mail</label><label>Note <textarea name=t></textarea></label><button>Send</button></form>`,
    steps: [
      {
        fill: {
          'textbox "Name"': 'Ada',
          'textbox|Date|date "Born"': '1990-12-10',
          'combobox "Size"': 'M',
          'checkbox "Agree"': true,
          'radio "Mail"': true,
          'textbox "Note"': 'Hi',
        },
      },
      { click: 'button "Send"' },
    ],
    told: ['n=Ada&d=1990-12-10&s=M&a=on&r=m&t=Hi'],
  },
  {
    name: 'task: wait for the result of a long work, and take it',
    page: `<button onclick="out.innerHTML = 'Working…'; setTimeout(() => { out.innerHTML = '<button>Take result</button>'; out.firstChild.onclick = () => tell('taken'); }, 1500)">Start</button><div id=out role=status></div>`,
    steps: [
      { click: 'button "Start"' },
      { wait: 'Take result' },
      { see: ['Take result'] },
      { click: 'button "Take result"' },
    ],
    told: ['taken'],
  },
  {
    name: 'task: put away what asks for cookies, then go on',
    page: `<a href="#" onclick="tell('read'); return false">Read more</a><div id=k role=dialog aria-label=Cookies style="position:fixed;inset:0;background:#fffc"><button onclick="k.remove(); tell('accepted')">Accept</button></div>`,
    steps: [
      { click: 'link "Read more"', refused: /cover|intercept|lies over/iu },
      { click: 'button "Accept"' },
      { click: 'link "Read more"' },
    ],
    told: ['accepted', 'read'],
  },
  {
    name: 'task: work out a sum that the page asks',
    page: `<p>What is <b>17 + 25</b>?</p><label>Answer <input id=a></label><button onclick="tell(a.value === '42')">Check</button>`,
    steps: [{ see: ['17 + 25'] }, { fill: { 'textbox "Answer"': '42' } }, { click: 'button "Check"' }],
    told: ['true'],
  },
  {
    name: 'task: search, open the second result, and go back',
    page: {
      '': `<form action=results><label>Search <input name=q></label><button>Go</button></form>`,
      results: `<a href=one>Result one</a><br><a href=two>Result two</a>`,
      one: '<h1>One</h1>',
      two: `<h1>Two</h1><script>tell('opened two')</script>`,
    },
    steps: [
      { fill: { 'textbox "Search"': 'tea' } },
      { click: 'button "Go"' },
      { see: ['Result two'] },
      { click: 'link "Result two"' },
      { see: ['heading "Two"'] },
      { go: 'back' },
      { see: ['Result one'] },
    ],
    told: ['opened two'],
  },
  {
    name: 'task: copy from one field to another with keys',
    page: `<label>From <input value="copied words"></label><label>To <input id=t oninput="tell(this.value)"></label>`,
    steps: [
      { press: 'Control+A Control+C', on: 'textbox "From"' },
      { press: 'Control+V', on: 'textbox "To"' },
    ],
    told: ['copied words'],
  },
];
