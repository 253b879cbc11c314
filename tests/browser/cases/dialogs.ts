import type { Case } from '../case.ts';

/** What stops a page, opens another one, or leaves it. */
export const dialogs: readonly Case[] = [
  {
    name: 'a question on a click is told, and its answer arrives',
    page: `<button onclick="tell(confirm('Really delete?'))">Delete</button>`,
    steps: [{ click: 'button "Delete"', says: /Really delete|confirm/iu }, { dialog: 'accept' }],
    told: ['true'],
  },
  {
    name: 'a question is answered with no',
    page: `<button onclick="tell(confirm('Really delete?'))">Delete</button>`,
    steps: [{ click: 'button "Delete"' }, { dialog: 'dismiss' }],
    told: ['false'],
  },
  {
    name: 'a script on a page that asks fails at once with the words of the question',
    page: `<button onclick="tell(confirm('Really delete?'))">Delete</button>`,
    steps: [
      { click: 'button "Delete"' },
      { evaluate: '1 + 1', refused: /dialog|Really delete|modal/iu },
      { dialog: 'accept' },
    ],
    told: ['true'],
    deadlineMs: 30_000,
  },
  {
    name: 'a prompt takes words',
    page: `<button onclick="tell(prompt('Name?', 'you'))">Ask</button>`,
    steps: [{ click: 'button "Ask"' }, { dialog: 'accept', text: 'Ada' }],
    told: ['Ada'],
  },
  {
    name: 'an alert that comes after the answer is told by the next one',
    page: `<button onclick="setTimeout(() => { alert('Late news'); tell('read') }, 700)">Later</button>`,
    steps: [
      { click: 'button "Later"' },
      { evaluate: 'new Promise(() => {})', refused: /Late news|dialog|modal/iu },
      { dialog: 'accept' },
    ],
    told: ['read'],
    deadlineMs: 30_000,
  },
  {
    name: 'three alerts after each other are answered one by one',
    page: `<button onclick="alert('One'); alert('Two'); alert('Three'); tell('done')">Thrice</button>`,
    steps: [{ click: 'button "Thrice"' }, { dialog: 'accept' }, { dialog: 'accept' }, { dialog: 'accept' }],
    told: ['done'],
  },
  {
    name: 'a page that asks whether to leave is left, and that is said',
    page: {
      '': `<button onclick="tell('used')">Use</button><script>onbeforeunload = (event) => event.preventDefault()</script>`,
      next: '<h1>Next page</h1>',
    },
    steps: [{ click: 'button "Use"' }, { open: 'next' }, { see: ['Next page'] }],
    told: ['used'],
  },
  {
    name: 'an alert as the page is left holds up nothing',
    page: {
      '': `<button onclick="tell('used')">Use</button><script>onbeforeunload = () => { alert('Stay'); };</script>`,
      next: '<h1>Next page</h1>',
    },
    steps: [{ click: 'button "Use"' }, { open: 'next' }, { see: ['Next page'] }],
    told: ['used'],
  },
  {
    name: 'a page that prints goes on',
    page: `<button onclick="print(); tell('printed')">Print</button>`,
    steps: [{ click: 'button "Print"' }],
    told: ['printed'],
  },
  {
    name: 'a link to a new tab is told with the tab, and this one stays',
    page: { '': '<a href="next" target=_blank>New</a><h1>Stays</h1>', next: '<title>Other</title>' },
    steps: [
      { click: 'link "New"', says: /t\d|tab|page|next/iu },
      { seeTabs: ['next'], patient: true },
      { see: ['Stays'] },
    ],
  },
  {
    name: 'a window that a click opens and a dialog in it are told and answered',
    page: {
      '': `<button onclick="window.open('asks'); tell('opened')">Open</button><button onclick="tell('again')">Again</button>`,
      asks: `<script>setTimeout(() => alert('From the popup'), 300)</script>`,
    },
    steps: [
      { click: 'button "Open"' },
      { seeTabs: ['asks'], patient: true },
      { dialog: 'accept', patient: true },
      { click: 'button "Again"' },
    ],
    told: ['opened', 'again'],
    deadlineMs: 30_000,
  },
];
