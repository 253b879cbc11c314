import type { Case } from '../case.ts';

const COVERED = /cover|intercept|obscur|lies over/iu;
const FIXED = 'position:fixed;inset:0';

/** What lies over, beside or around an element. */
export const overlays: readonly Case[] = [
  {
    name: 'a button under a full-page overlay is refused with what covers it',
    page: `<button onclick="tell('pressed')">Save</button>
<div onclick="tell('cover')" style="${FIXED};background:#0003"></div>`,
    steps: [{ click: 'button "Save"', refused: COVERED }],
    told: [],
  },
  {
    name: 'an overlay that lets the pointer through covers nothing',
    page: `<button onclick="tell('pressed')">Save</button>
<div style="${FIXED};background:#0003;pointer-events:none"></div>`,
    steps: [{ click: 'button "Save"' }],
    told: ['pressed'],
  },
  {
    name: 'a transparent overlay of another shadow root is refused',
    page: `<button onclick="tell('pressed')">Save</button><x-veil></x-veil><script>
customElements.define('x-veil', class extends HTMLElement { connectedCallback() {
  this.attachShadow({ mode: 'closed' }).innerHTML = '<div style="${FIXED}"></div>'; } });</script>`,
    steps: [{ click: 'button "Save"', refused: COVERED }],
    told: [],
  },
  {
    name: 'an overlay that goes after a while is waited for, or refused',
    page: `<button onclick="tell('pressed')">Save</button>
<div id=veil style="${FIXED};background:#0003"></div>
<script>setTimeout(() => veil.remove(), 300)</script>`,
    steps: [{ evaluate: 'new Promise((done) => setTimeout(done, 600))' }, { click: 'button "Save"' }],
    told: ['pressed'],
  },
  {
    name: 'a button under a sticky head is scrolled out from under it',
    page: `<div style="position:sticky;top:0;height:120px;background:#ccc;z-index:1" onclick="tell('head')">Head</div>
<div style="height:300px"></div><button onclick="tell('pressed')">Save</button><div style="height:3000px"></div>
<script>scrollTo(0, 360)</script>`,
    steps: [{ click: 'button "Save"' }],
    told: ['pressed'],
  },
  {
    name: 'a button between a sticky head and a sticky foot is reached',
    page: `<div style="position:fixed;top:0;left:0;right:0;height:200px;background:#ccc" onclick="tell('head')">Head</div>
<div style="height:2000px"></div><button onclick="tell('pressed')">Save</button><div style="height:2000px"></div>
<div style="position:fixed;bottom:0;left:0;right:0;height:200px;background:#ccc" onclick="tell('foot')">Foot</div>`,
    steps: [{ click: 'button "Save"' }],
    told: ['pressed'],
  },
  {
    name: 'a dialog element that is modal makes what is behind it unreachable',
    page: `<button onclick="tell('behind')">Behind</button><dialog id=d><button onclick="tell('inside')">Inside</button></dialog>
<script>d.showModal()</script>`,
    steps: [{ see: ['Inside'] }, { click: 'button "Inside"' }],
    told: ['inside'],
  },
  {
    name: 'a popover in the top layer is pressed',
    page: `<button popovertarget=p>More</button><div popover id=p><button onclick="tell('deleted')">Delete</button></div>`,
    steps: [{ click: 'button "More"' }, { see: ['Delete'] }, { click: 'button "Delete"' }],
    told: ['deleted'],
  },
  {
    name: 'a label over its own invisible box ticks it',
    page: `<style>input{position:absolute;opacity:0;width:100%;height:100%}label{position:relative;display:inline-block;padding:9px}</style>
<label><input type=checkbox onchange="tell(this.checked)"> Agree</label>`,
    steps: [{ click: 'checkbox "Agree"' }],
    told: ['true'],
  },
  {
    name: 'a ticked box drawn by its label, with no size of its own, is set',
    page: `<style>input{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}label{padding:9px}</style>
<input id=c type=checkbox onchange="tell(this.checked)"><label for=c>Newsletter</label>`,
    steps: [{ fill: { 'checkbox "Newsletter"': true } }],
    told: ['true'],
  },
  {
    name: 'a field under an overlay is not filled behind it',
    page: `<label>Name <input oninput="tell(this.value)"></label><div style="${FIXED};background:#fffe">Please wait</div>`,
    steps: [{ fill: { 'textbox "Name"': 'Ada' }, refused: COVERED }],
    told: [],
  },
  {
    name: 'a child that catches the pointer counts as the button',
    page: `<button onclick="tell('pressed')"><span><svg width=40 height=40><circle r=20 cx=20 cy=20 /></svg></span><b>Go</b></button>`,
    steps: [{ click: 'button "Go"' }],
    told: ['pressed'],
  },
  {
    name: 'a link over two lines is pressed on one of them, not between them',
    page: `<div style="width:200px;font:16px/40px monospace" onclick="tell(event.target.tagName)">
aaaaaaaaaaaaaaa <a href="#x">bbbb cccccccccccccccccc</a> ddd</div>`,
    steps: [{ click: 'link "bbbb cccccccccccccccccc"' }],
    told: ['A'],
  },
  {
    name: 'a button whose middle is covered by a small badge is pressed beside it',
    page: `<div style="position:relative;width:200px"><button style="width:200px;height:60px" onclick="tell('pressed')">Inbox</button>
<i onclick="event.stopPropagation(); tell('badge')" style="position:absolute;left:90px;top:20px;width:20px;height:20px;background:red"></i></div>`,
    steps: [{ click: 'button "Inbox"' }],
    told: ['pressed'],
  },
];
