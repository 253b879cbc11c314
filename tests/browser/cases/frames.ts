import type { Case } from '../case.ts';

const shadow = (mode: 'open' | 'closed', html: string): string =>
  `<x-box></x-box><script>customElements.define('x-box', class extends HTMLElement {
  connectedCallback() { const root = this.attachShadow({ mode: '${mode}' }); root.innerHTML = ${JSON.stringify(html)};
  root.querySelector('button').onclick = () => tell('pressed'); } });</script>`;

const BUTTON = `<button onclick="tell('pressed')">Deep</button>`;

/** Frames within frames, and trees that scripts of the page cannot enter. */
export const frames: readonly Case[] = [
  {
    name: 'a button in an open shadow root is pressed',
    page: shadow('open', '<button>In</button>'),
    steps: [{ click: 'button "In"' }],
    told: ['pressed'],
  },
  {
    name: 'a button in a closed shadow root is pressed',
    page: shadow('closed', '<button>In</button>'),
    steps: [{ click: 'button "In"' }],
    told: ['pressed'],
  },
  {
    name: 'a field in a closed shadow root is filled',
    page: shadow('closed', '<label>Name <input></label><button>In</button>').replace(
      "tell('pressed')",
      "tell(root.querySelector('input').value)",
    ),
    steps: [{ fill: { 'textbox "Name"': 'Ada' } }, { click: 'button "In"' }],
    told: ['Ada'],
  },
  {
    name: 'a slotted button is pressed where it is painted',
    page: `<x-card><button onclick="tell('pressed')">Slotted</button></x-card><script>customElements.define('x-card', class extends HTMLElement {
connectedCallback() { this.attachShadow({ mode: 'closed' }).innerHTML = '<div style="padding:80px"><slot></slot></div>'; } });</script>`,
    steps: [{ click: 'button "Slotted"' }],
    told: ['pressed'],
  },
  {
    name: 'a button three frames deep, each of another origin, is pressed',
    page: {
      '': '<iframe title=One src="{there}/one" style="margin:30px;width:600px;height:400px"></iframe>',
      one: '<iframe title=Two src="{home}/two" style="margin:30px;width:500px;height:300px"></iframe>',
      two: '<iframe title=Three src="{there}/three" style="margin:30px;width:400px;height:200px"></iframe>',
      three: BUTTON,
    },
    steps: [{ see: ['Deep'], patient: true }, { click: 'button "Deep"' }],
    told: ['pressed'],
  },
  {
    name: 'a field in a frame of another origin, scrolled away, is filled and sent',
    page: {
      '': '<div style="height:2000px"></div><iframe title=Pay src="{there}/pay" style="width:400px;height:150px"></iframe>',
      pay: `<div style="height:700px"></div><label>Card <input name=c></label><button onclick="tell(document.querySelector('input').value)">Pay</button>`,
    },
    steps: [
      { see: ['Card'], patient: true },
      { fill: { 'textbox "Card"': '4111' } },
      { click: 'button "Pay"' },
    ],
    told: ['4111'],
  },
  {
    name: 'a frame that is covered in the page around it is refused',
    page: {
      '': '<iframe title=In src="{there}/in" style="width:400px;height:200px"></iframe><div style="position:fixed;inset:0;background:#0003"></div>',
      in: BUTTON,
    },
    steps: [
      { see: ['Deep'], patient: true },
      { click: 'button "Deep"', refused: /cover|intercept|obscur|lies over/iu },
    ],
    told: [],
  },
  {
    name: 'a frame that is scaled and turned is met',
    page: {
      '': '<iframe title=In src="{there}/in" style="transform:scale(.7) rotate(8deg);width:400px;height:200px"></iframe>',
      in: `<div style="padding:60px">${BUTTON}</div>`,
    },
    steps: [{ see: ['Deep'], patient: true }, { click: 'button "Deep"' }],
    told: ['pressed'],
  },
  {
    name: 'a frame whose page is a string is read and used',
    page: `<iframe title=In srcdoc="<button onclick='parent.tell(1)'>Deep</button>"></iframe>`,
    steps: [{ click: 'button "Deep"' }],
    told: ['1'],
  },
  {
    name: 'a frame in a sandbox is read and used',
    page: { '': '<iframe title=In sandbox="allow-scripts" src="{here}/in"></iframe>', in: BUTTON },
    steps: [{ see: ['Deep'], patient: true }, { click: 'button "Deep"' }],
    told: ['pressed'],
  },
  {
    name: 'a frame that goes to another page is used again',
    page: {
      '': '<iframe title=In src="{there}/first" style="width:400px;height:200px"></iframe>',
      first: '<a href="second">Go on</a>',
      second: BUTTON,
    },
    steps: [
      { see: ['Go on'], patient: true },
      { click: 'link "Go on"' },
      { wait: 'Deep' },
      { see: ['Deep'] },
      { click: 'button "Deep"' },
    ],
    told: ['pressed'],
  },
  {
    name: 'a thing is dragged between two frames of one page',
    page: {
      '': `<div draggable=true role=button aria-label=Card ondragstart="event.dataTransfer.setData('text/plain', 'card')" style="width:80px;height:40px;background:#cdf"></div>
<iframe title=In src="{there}/in" style="width:400px;height:200px"></iframe>`,
      in: `<body ondragover="event.preventDefault()" ondrop="tell(event.dataTransfer.getData('text/plain'))" style="height:150px"><button>Bin</button>`,
    },
    steps: [
      { see: ['Bin'], patient: true },
      { drag: 'button "Card"', to: 'button "Bin"' },
    ],
    told: ['card'],
  },
];
