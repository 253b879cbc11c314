import type { Case } from '../case.ts';

const BOX = 'width:110px;height:40px;background:#cdf;margin:4px';

/** Small pages on which something is moved, drawn or held. */
export const moving: readonly Case[] = [
  {
    name: 'task: drag a card to another column',
    page: `<div style="display:flex"><div id=todo style="width:200px;height:200px;background:#eee"><button draggable=true id=c style="${BOX}">Card</button></div>
<div id=done role=region aria-label=Done style="width:200px;height:200px;background:#ded"><button style="margin-top:80px">Done here</button></div></div><script>
c.ondragstart = (e) => e.dataTransfer.setData('text/plain', 'c'); done.ondragover = (e) => e.preventDefault();
done.ondrop = (e) => { e.preventDefault(); done.append(c); tell('done has', done.querySelectorAll('[draggable]').length); };</script>`,
    steps: [{ drag: 'button "Card"', to: 'button "Done here"' }],
    told: ['done has 1'],
  },
  {
    name: 'task: put the last of a list first, with the pointer',
    page: `<div id=l>${['One', 'Two', 'Three'].map((n) => `<div role=button tabindex=0 style="${BOX}">${n}</div>`).join('')}</div><script>
let held = null; l.onpointerdown = (e) => { held = e.target; held.setPointerCapture(e.pointerId); };
l.onpointermove = (e) => { if (!held) return; const over = [...l.children].find((x) => x !== held && e.clientY < x.getBoundingClientRect().bottom && e.clientY > x.getBoundingClientRect().top); if (over) l.insertBefore(held, over); };
l.onpointerup = () => { held = null; tell([...l.children].map((x) => x.textContent)); };</script>`,
    steps: [{ drag: 'button "Three"', to: 'button "One"' }],
    told: ['Three,One,Two'],
  },
  {
    name: 'task: move a slider of the page own making by dragging',
    page: `<div id=t style="position:relative;width:300px;height:30px;background:#ddd;margin:40px"><div id=k role=slider tabindex=0 aria-label=Volume aria-valuenow=0 style="position:absolute;left:0;width:20px;height:30px;background:#36c"></div></div><script>
k.onpointerdown = (e) => { k.setPointerCapture(e.pointerId); const x = e.clientX; k.onpointermove = (m) => { const v = Math.max(0, Math.min(280, m.clientX - x)); k.style.left = v + 'px'; k.setAttribute('aria-valuenow', Math.round(v / 2.8)); }; k.onpointerup = () => { k.onpointermove = null; tell(k.getAttribute('aria-valuenow')); }; };</script>`,
    steps: [{ drag: 'slider "Volume"', by: [140, 0] }],
    told: ['50'],
  },
  {
    name: 'task: move a slider with keys',
    page: `<div role=slider tabindex=0 aria-label=Speed aria-valuenow=5 style="width:90px;height:20px;background:#ccc" onkeydown="if (event.key === 'ArrowRight') this.setAttribute('aria-valuenow', ++v); if (event.key === 'Home') v = 0; tell(v)"></div><script>let v = 5</script>`,
    steps: [{ press: 'Home ArrowRight ArrowRight', on: 'slider "Speed"' }],
    told: ['0', '1', '2'],
  },
  {
    name: 'task: draw a line on a canvas',
    page: `<body style="margin:0"><canvas id=c width=400 height=300 role=img aria-label=Sheet></canvas><script>let down = false, points = 0;
c.onmousedown = () => { down = true; points = 0; }; c.onmousemove = () => { if (down) points++; }; c.onmouseup = (e) => { down = false; tell(points > 2 ? 'line' : 'dot', Math.round(e.offsetX) > 250); };</script>`,
    steps: [{ drag: 'img|canvas|image "Sheet"', by: [100, 60] }],
    told: ['line true'],
  },
  {
    name: 'task: press the blue square of a canvas',
    page: `<body style="margin:0"><canvas id=c width=600 height=400></canvas><script>const g = c.getContext('2d'); g.fillStyle = 'red'; g.fillRect(50, 50, 80, 80); g.fillStyle = 'blue'; g.fillRect(300, 200, 80, 80);
c.onclick = (e) => { const [r, , b] = g.getImageData(e.offsetX, e.offsetY, 1, 1).data; tell(b > 200 ? 'blue' : r > 200 ? 'red' : 'none'); };</script>`,
    steps: [{ clickAt: [340, 240] }],
    told: ['blue'],
  },
  {
    name: 'task: make a pane wider by its edge',
    page: `<div style="display:flex;height:120px"><div id=a style="width:200px;background:#eee">Left</div><div id=s role=separator aria-label=Edge tabindex=0 aria-valuenow=200 style="width:10px;background:#333;cursor:col-resize"></div><div style="flex:1">Right</div></div><script>
s.onmousedown = () => { const move = (e) => { a.style.width = e.clientX - 12 + 'px'; }; addEventListener('mousemove', move); addEventListener('mouseup', () => { removeEventListener('mousemove', move); tell(a.offsetWidth > 280); }, { once: true }); };</script>`,
    steps: [{ drag: 'separator|clickable|splitter "Edge"', by: [100, 0] }],
    told: ['true'],
  },
  {
    name: 'task: choose what is in a menu of a menu',
    page: `<style>ul ul{display:none}li:hover>ul{display:block}</style><ul role=menubar><li role=none><button role=menuitem>File</button><ul role=menu><li role=none><button role=menuitem>Export</button><ul role=menu><li role=none><button role=menuitem onclick="tell('pdf')">As PDF</button></ul></ul></ul>`,
    steps: [{ hover: 'menuitem "File"' }, { hover: 'menuitem "Export"' }, { click: 'menuitem "As PDF"' }],
    told: ['pdf'],
  },
  {
    name: 'task: open a menu with the right button and choose',
    page: `<div id=f role=button tabindex=0 style="${BOX}">File.txt</div><div id=m role=menu hidden><button role=menuitem onclick="tell('renamed')">Rename</button></div><script>f.oncontextmenu = (e) => { e.preventDefault(); m.hidden = false; }</script>`,
    steps: [{ click: 'button "File.txt"', button: 'right' }, { click: 'menuitem "Rename"' }],
    told: ['renamed'],
  },
  {
    name: 'task: choose several with a key held',
    page: `<ul role=listbox aria-multiselectable=true aria-label=Files>${['a', 'b', 'c', 'd'].map((n) => `<li role=option aria-selected=false onclick="pick(event, this)">${n}.txt`).join('')}</ul><script>
const pick = (e, li) => { if (!e.ctrlKey) document.querySelectorAll('li').forEach((x) => x.setAttribute('aria-selected', 'false')); li.setAttribute('aria-selected', 'true'); tell([...document.querySelectorAll('[aria-selected=true]')].map((x) => x.textContent.trim())); }</script>`,
    steps: [{ click: 'option "a.txt"' }, { click: 'option "c.txt"', modifiers: ['Control'] }],
    told: ['a.txt', 'a.txt,c.txt'],
  },
  {
    name: 'task: scroll through the terms to the end, and agree',
    page: `<div id=t tabindex=0 role=region aria-label=Terms style="height:150px;overflow:auto"><div style="height:1500px">Terms</div><p>End of terms</p></div><button id=b disabled onclick="tell('agreed')">Agree</button><script>t.onscroll = () => { if (t.scrollTop + t.clientHeight > t.scrollHeight - 5) b.disabled = false; }</script>`,
    steps: [{ scrollBy: [0, 5000], on: 'region "Terms"' }, { click: 'button "Agree"' }],
    told: ['agreed'],
  },
];
