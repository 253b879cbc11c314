import type { Case } from '../case.ts';

const LATER = 'new Promise((done) => setTimeout(done, 400))';

/** Where things are, and with what they are pointed at. */
export const pointing: readonly Case[] = [
  {
    name: 'a button that moves for a second and a half is pressed when it rests',
    page: `<style>@keyframes slide{to{transform:translate(400px,200px)}}button{animation:slide 1.5s forwards}</style>
<button onclick="tell('pressed')">Catch</button>`,
    steps: [{ click: 'button "Catch"' }],
    told: ['pressed'],
  },
  {
    name: 'a button that never rests is refused, or really pressed',
    page: `<style>@keyframes spin{to{transform:translate(900px)}}button{animation:spin .4s infinite alternate linear}</style>
<button onclick="tell('pressed')">Never</button>`,
    steps: [
      // it stands still until it is painted, which takes a while where the machine is busy
      { evaluate: 'document.getAnimations()[0].ready.then(() => true)' },
      { click: 'button "Never"', refused: /mov|stable|anim|interactive|time/iu },
    ],
    told: [],
  },
  {
    name: 'a button that is enabled after a second and a half is waited for',
    page: `<button id=b disabled onclick="tell('pressed')">Next</button><script>setTimeout(() => b.disabled = false, 1500)</script>`,
    steps: [{ click: 'button "Next"' }],
    told: ['pressed'],
  },
  {
    name: 'a button that stays disabled is refused as such',
    page: `<button disabled onclick="tell('pressed')">Next</button>`,
    steps: [{ click: 'button "Next"', refused: /disabled|enabled|interactive/iu }],
    told: [],
  },
  {
    name: 'a button of a disabled group is refused as such',
    page: `<fieldset disabled><button onclick="tell('pressed')">Next</button></fieldset>`,
    steps: [{ click: 'button "Next"', refused: /disabled|enabled|interactive/iu }],
    told: [],
  },
  {
    name: 'a button far below is scrolled to',
    page: `<div style="height:9000px"></div><button onclick="tell('pressed')">Deep</button>`,
    steps: [{ click: 'button "Deep"' }],
    told: ['pressed'],
  },
  {
    name: 'a button in a box within a box, both scrolled away, is reached',
    page: `<div style="height:200px;overflow:auto;margin-top:1500px"><div style="height:1000px"></div>
<div style="height:150px;overflow:auto"><div style="height:900px"></div><button onclick="tell('pressed')">Inner</button></div></div>`,
    steps: [{ click: 'button "Inner"' }],
    told: ['pressed'],
  },
  {
    name: 'a button under a zoom and a turn is met',
    page: `<div style="zoom:1.7"><div style="transform:rotate(30deg) scale(.8);margin:100px"><button onclick="tell('pressed')">Turned</button></div></div>`,
    steps: [{ click: 'button "Turned"' }],
    told: ['pressed'],
  },
  {
    name: 'a button of a page from right to left, scrolled sideways, is met',
    page: `<body dir=rtl><div style="width:4000px"><button style="margin-right:3000px" onclick="tell('pressed')">יעד</button></div>`,
    steps: [{ click: 'button "יעד"' }],
    told: ['pressed'],
  },
  {
    name: 'a double click is one, after two single ones',
    page: `<button onclick="tell('one')" ondblclick="tell('two')">Twice</button>`,
    steps: [{ click: 'button "Twice"', count: 2 }],
    told: ['one', 'one', 'two'],
  },
  {
    name: 'a right click opens the menu of the page',
    page: `<button oncontextmenu="tell('menu'); return false">Right</button>`,
    steps: [{ click: 'button "Right"', button: 'right' }],
    told: ['menu'],
  },
  {
    name: 'a click with a key held tells of the key',
    page: `<button onclick="tell(event.ctrlKey, event.shiftKey)">Hold</button>`,
    steps: [{ click: 'button "Hold"', modifiers: ['Control', 'Shift'] }],
    told: ['true true'],
  },
  {
    name: 'a menu that shows under the pointer is hovered and used',
    page: `<style>ul{display:none}nav:hover ul{display:block}</style><nav><button>File</button><ul><li><button onclick="tell('saved')">Save</button></ul></nav>`,
    steps: [{ hover: 'button "File"' }, { see: ['Save'] }, { click: 'button "Save"' }],
    told: ['saved'],
  },
  {
    name: 'a canvas is pressed at a place',
    page: `<body style="margin:0"><canvas width=400 height=300 onclick="tell(event.offsetX, event.offsetY)"></canvas>`,
    steps: [{ clickAt: [120, 80] }],
    told: ['120 80'],
  },
  {
    name: 'a page that listens to pointer events only hears them',
    page: `<div role=button tabindex=0 aria-label=Pad style="width:90px;height:90px;background:#ccc"></div><script>
const pad = document.querySelector('div'); pad.onpointerdown = (e) => tell(e.pointerType, e.buttons); pad.onpointerup = (e) => tell(e.isTrusted);</script>`,
    steps: [{ click: 'button "Pad"' }],
    told: ['mouse 1', 'true'],
  },
  {
    name: 'a page that ignores untrusted events gets trusted ones',
    page: `<button onclick="tell(event.isTrusted, navigator.userActivation.isActive)">Trust</button>`,
    steps: [{ click: 'button "Trust"' }],
    told: ['true true'],
  },
  {
    name: 'a click that the page keeps from its button is done, or told as not received',
    page: `<button>Quiet</button><script>addEventListener('click', (e) => { e.stopImmediatePropagation(); tell('stopped'); }, true)</script>`,
    steps: [{ click: 'button "Quiet"', orRefused: /receive/iu }],
    told: ['stopped'],
  },
  {
    name: 'a file is dropped by the browser, an element by drag events',
    page: `<div id=a draggable=true role=button aria-label=Card ondragstart="event.dataTransfer.setData('text/plain', 'card')" style="width:80px;height:40px;background:#cdf"></div>
<div role=region aria-label=Bin ondragover="event.preventDefault()" ondrop="tell(event.dataTransfer.getData('text/plain'))" style="width:200px;height:120px;background:#fdc"><button>Bin here</button></div>`,
    steps: [{ drag: 'button "Card"', to: 'button "Bin here"' }],
    told: ['card'],
  },
  {
    name: 'a thing that follows the pointer is dragged to a place',
    page: `<button id=k style="position:absolute;left:20px;top:60px">Knob</button><script>
k.onpointerdown = (e) => { k.setPointerCapture(e.pointerId); const x = e.clientX, y = e.clientY;
k.onpointermove = (m) => { k.style.left = 20 + m.clientX - x + 'px'; k.style.top = 60 + m.clientY - y + 'px'; };
k.onpointerup = () => { k.onpointermove = null; tell(k.style.left, k.style.top); }; };</script>`,
    steps: [{ drag: 'button "Knob"', by: [150, 40] }],
    told: ['170px 100px'],
  },
  {
    name: 'a drop that the page refuses is no success',
    page: `<div draggable=true role=button aria-label=Card style="width:80px;height:40px;background:#cdf"></div>
<button ondrop="tell('dropped')" style="width:200px;height:120px">Wall</button>`,
    steps: [{ drag: 'button "Card"', to: 'button "Wall"', refused: /drop|refus|take|accept/iu }],
    told: [],
  },
  {
    name: 'an element that was removed while the agent thought is refused',
    page: `<button id=b onclick="tell('pressed')">Gone</button><p>Stay</p>`,
    steps: [
      { see: ['Gone'] },
      { evaluate: 'void b.remove()' },
      { click: 'button "Gone"', refused: /gone|stale|remov|not found|detach|interactive/iu },
    ],
    told: [],
  },
  {
    name: 'an element that is hidden while the agent thought is refused',
    page: `<button id=b onclick="tell('pressed')">Shy</button><p>Stay</p>`,
    steps: [
      { see: ['Shy'] },
      { evaluate: 'void (b.style.display = "none")' },
      { click: 'button "Shy"', refused: /visible|shown|hidden|interactive|not found|display/iu },
    ],
    told: [],
  },
  {
    name: 'a click that moves everything is told once',
    page: `<button onclick="tell('pressed'); document.body.style.paddingTop = '400px'">Jump</button>`,
    steps: [{ click: 'button "Jump"' }, { evaluate: LATER }],
    told: ['pressed'],
  },
];
