import type { Case } from '../case.ts';

/** What is filled in, chosen and typed. */
export const fields: readonly Case[] = [
  {
    name: 'an editor is filled anew, not in front of what it has',
    page: `<div contenteditable role=textbox aria-label=Note oninput="said = this.textContent">Old <b>text</b></div><button onclick="tell(said)">Tell</button>`,
    steps: [{ fill: { 'textbox "Note"': 'New words' } }, { click: 'button "Tell"' }],
    told: ['New words'],
  },
  {
    name: 'an editor that draws itself from its own state takes the text',
    page: `<div contenteditable role=textbox aria-label=Note></div><button onclick="tell(state)">Tell</button><script>
let state = ''; const box = document.querySelector('div');
box.addEventListener('beforeinput', (e) => { e.preventDefault(); if (e.inputType.startsWith('delete')) state = '';
else state += e.data ?? e.dataTransfer?.getData('text/plain') ?? ''; box.textContent = state;
const end = document.createRange(); end.selectNodeContents(box); end.collapse(); getSelection().removeAllRanges(); getSelection().addRange(end); });</script>`,
    steps: [{ fill: { 'textbox "Note"': 'Typed in' } }, { click: 'button "Tell"' }],
    told: ['Typed in'],
  },
  {
    name: 'a field of a framework that owns its value gets input and change',
    page: `<label>Name <input value=Ada></label><button onclick="tell(state)">Tell</button><script>
let state = 'Ada'; const field = document.querySelector('input');
const own = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value'); let tracked = field.value;
Object.defineProperty(field, 'value', { get() { return own.get.call(this); }, set(v) { tracked = v; own.set.call(this, v); } });
field.addEventListener('input', () => { const now = own.get.call(field); if (now !== tracked) { tracked = now; state = now; } });</script>`,
    steps: [{ fill: { 'textbox "Name"': 'Grace' } }, { click: 'button "Tell"' }],
    told: ['Grace'],
  },
  {
    name: 'a masked field is filled as it forms the number',
    page: `<label>Phone <input oninput="const d = this.value.replace(/\\D/g, '').slice(0, 6); this.value = d.replace(/(\\d{3})(?=\\d)/, '$1-')" onchange="tell(this.value)"></label><button>Next</button>`,
    steps: [{ fill: { 'textbox "Phone"': '123-456' } }, { click: 'button "Next"' }],
    told: ['123-456'],
  },
  {
    name: 'a value that the field cuts short is no success',
    page: `<label>Code <input maxlength=4></label>`,
    steps: [{ fill: { 'textbox "Code"': '123456789' }, admits: /\b1234\b|cut|long|length|max/iu }],
  },
  {
    name: 'letters for a number are no success',
    page: `<label>Age <input type=number></label>`,
    steps: [{ fill: { 'spinbutton "Age"': 'many' }, admits: /made it|number|not.{0,20}fill|type/iu }],
  },
  {
    name: 'a field that may only be read is refused',
    page: `<label>Total <input readonly value=12 oninput="tell('changed')"></label>`,
    steps: [{ fill: { 'textbox "Total"': '99' }, refused: /read|editable|interactive|value/iu }],
    told: [],
  },
  {
    name: 'a date is set in its own form',
    page: `<label>When <input type=date onchange="tell(this.value)"></label>`,
    steps: [{ fill: { 'textbox|Date|date "When"': '2026-03-09' } }],
    told: ['2026-03-09'],
  },
  {
    name: 'a time, a month and a colour are set',
    page: `<label>At <input type=time></label><label>In <input type=month></label><label>Tint <input type=color></label>
<button onclick="tell([...document.querySelectorAll('input')].map((one) => one.value))">Tell</button>`,
    steps: [
      {
        fill: {
          'textbox|InputTime|time "At"': '14:05',
          'textbox|DateTime|Date "In"': '2026-03',
          'textbox|ColorWell|button "Tint"': '#336699',
        },
      },
      { click: 'button "Tell"' },
    ],
    told: ['14:05,2026-03,#336699'],
  },
  {
    name: 'a slider is set to a value',
    page: `<label>Volume <input type=range min=0 max=10 value=2 onchange="tell(this.value)"></label>`,
    steps: [{ fill: { 'slider "Volume"': '7' } }],
    told: ['7'],
  },
  {
    name: 'a native list is chosen from by its words',
    page: `<label>Size <select onchange="tell(this.value)"><option value=s>Small<option value=l>Large</select></label>`,
    steps: [{ fill: { 'combobox "Size"': 'Large' } }],
    told: ['l'],
  },
  {
    name: 'several of a native list are chosen at once',
    page: `<label>Sizes <select multiple onchange="tell([...this.selectedOptions].map((o) => o.value))"><option>S<option>M<option>L</select></label>`,
    steps: [{ fill: { 'listbox "Sizes"': ['S', 'L'] } }],
    told: ['S,L'],
  },
  {
    name: 'an option that the list does not have is no success',
    page: `<label>Size <select onchange="tell(this.value)"><option>Small<option>Large</select></label>`,
    steps: [{ fill: { 'combobox "Size"': 'Huge' }, refused: /huge|option|small/iu }],
    told: [],
  },
  {
    name: 'a list of the page own making is opened and chosen from',
    page: `<button aria-haspopup=listbox onclick="l.hidden = !l.hidden">Fruit</button><ul id=l role=listbox hidden aria-label=Fruits>
<li role=option onclick="tell('apple')">Apple<li role=option onclick="tell('pear')">Pear</ul>`,
    steps: [{ click: 'button "Fruit"' }, { see: ['Pear'] }, { click: 'option "Pear"' }],
    told: ['pear'],
  },
  {
    name: 'suggestions that come late are chosen from',
    page: `<label>City <input role=combobox aria-expanded=false oninput="later(this.value)"></label><ul id=l role=listbox></ul><script>
const later = (v) => setTimeout(() => { l.innerHTML = '<li role=option>' + v + 'urg</li>'; l.firstChild.onclick = () => tell(l.textContent); }, 300)</script>`,
    steps: [
      { fill: { 'combobox "City"': 'Hamb' } },
      { wait: 'Hamburg' },
      { see: ['Hamburg'] },
      { click: 'option "Hamburg"' },
    ],
    told: ['Hamburg'],
  },
  {
    name: 'a key is pressed where the focus is, and goes where it belongs',
    page: `<label>Find <input onkeydown="if (event.key === 'Enter') tell('searched', this.value)"></label>`,
    steps: [{ fill: { 'textbox "Find"': 'cats' } }, { press: 'Enter' }],
    told: ['searched cats'],
  },
  {
    name: 'a combination of keys is one',
    page: `<textarea aria-label=Text>some words</textarea><script>onkeydown = (e) => { if (e.code === 'KeyA' && e.ctrlKey) tell('all', e.code) }</script>`,
    steps: [{ press: 'Control+A', on: 'textbox "Text"' }],
    told: ['all KeyA'],
  },
  {
    name: 'arrows move in a grid that keeps the focus to itself',
    page: `<div role=grid aria-label=Days tabindex=0 onkeydown="tell(event.key)" style="width:90px;height:90px;background:#ccc"><button>Day</button></div>`,
    steps: [{ press: 'ArrowDown', on: 'button "Day"' }],
    told: ['ArrowDown'],
  },
  {
    name: 'a form inside a trap of the focus is filled',
    page: `<div role=dialog aria-label=Login onfocusout="setTimeout(() => { if (!this.contains(document.activeElement)) this.querySelector('input').focus() })">
<label>User <input name=u></label><label>Mail <input name=m></label><button onclick="tell(document.querySelector('[name=u]').value, document.querySelector('[name=m]').value)">Send</button></div>`,
    steps: [
      { fill: { 'textbox "User"': 'ada', 'textbox "Mail"': 'ada@example.org' } },
      { click: 'button "Send"' },
    ],
    told: ['ada ada@example.org'],
  },
  {
    name: 'ticks and choices are set, and those that are set stay',
    page: `<label><input type=checkbox checked> News</label><label><input type=radio name=r> Mail</label><label><input type=radio name=r> Post</label>
<button onclick="tell([...document.querySelectorAll('input')].map((one) => one.checked))">Tell</button>`,
    steps: [{ fill: { 'checkbox "News"': true, 'radio "Post"': true } }, { click: 'button "Tell"' }],
    told: ['true,false,true'],
  },
  {
    name: 'a long text arrives whole, with its lines',
    page: `<label>Text <textarea></textarea></label><button onclick="const v = document.querySelector('textarea').value; tell(v.length, v.split('\\n').length)">Tell</button>`,
    steps: [
      { fill: { 'textbox "Text"': `${'0123456789'.repeat(500)}\nend – ü 漢 🎈` } },
      { click: 'button "Tell"' },
    ],
    told: ['5013 2'],
  },
  {
    name: 'a field that loses what was typed, as the page draws it anew, is no success',
    page: `<label>Name <input oninput="const n = this.cloneNode(); n.value = ''; this.replaceWith(n)"></label>`,
    steps: [{ fill: { 'textbox "Name"': 'Ada' }, admits: /made it|drawn|gone|replac|stale/iu }],
  },
];
