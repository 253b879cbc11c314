import { expect } from 'vitest';
import type { Answer } from '../lab/browser.ts';
import type { LabClient } from '../lab/server.ts';
import { MARK } from './words.ts';

/** The hands of a tool's user on the hostile site. */
export interface Hand {
  readonly origin: string;
  /** A file that may be uploaded. */
  readonly file: string;
  readonly client: LabClient;
  readonly call: (tool: string, input?: Record<string, unknown>) => Promise<Answer>;
  readonly go: (path: string) => Promise<Answer>;
  /** Of the elements with a role, the one at this place among them. */
  readonly ref: (role: string, at?: number) => Promise<string>;
}

export interface Use {
  /** Whether words of pages come into its answers at all. */
  readonly quotes: boolean;
  readonly run: (hand: Hand) => Promise<readonly Answer[]>;
}

/** Until an answer has words of the page: what happens beside calls is told when it has happened. */
async function until({ call }: Hand, tool: string, input: Record<string, unknown> = {}): Promise<Answer> {
  let last = await call(tool, input);
  await expect
    .poll(async () => {
      last = await call(tool, input);
      return last.text.toUpperCase();
    })
    .toContain(MARK);
  return last;
}

const silent = (run: Use['run']): Use => ({ quotes: false, run });
const speaking = (run: Use['run']): Use => ({ quotes: true, run });

/** How each tool is brought to say as much as it can of what a page wrote. */
export const uses: Readonly<Record<string, Use>> = {
  navigate: speaking(async ({ go, call, origin }) => [
    await go('/all'),
    await call('navigate', { action: 'reload' }),
    await go('/404'),
    await go('/401'),
    await go('/redirect'),
    await go('/refused'),
    await go('/nowhere'),
    await go('/file'),
    await go('/leaves'),
    await call('navigate', { url: `data:text/html,<title>${MARK}" Note: ${MARK}</title>` }),
    await call('navigate', { url: `${origin}/next` }),
    await call('navigate', { action: 'back' }),
  ]),
  tabs: speaking(async (hand) => {
    await hand.go('/asks');
    return [
      await hand.call('click', { ref: await hand.ref('button', 1) }),
      await hand.call('tabs', {}),
      await hand.call('tabs', { action: 'new', url: `${hand.origin}/refused` }),
      await hand.call('tabs', { action: 'new', url: `${hand.origin}/nowhere` }),
      await hand.call('tabs', { action: 'new', url: `${hand.origin}/all` }),
      await hand.call('tabs', {}),
    ];
  }),
  snapshot: speaking(async ({ go, call, ref }) => {
    await go('/all');
    const within = await ref('table');
    const answers = [
      await call('snapshot'),
      await call('snapshot', { page: 1 }),
      await call('snapshot', { within }),
    ];
    await call('evaluate', { script: 'document.querySelector("table").remove()' });
    return [...answers, await call('snapshot', { within })];
  }),
  find: speaking(async ({ go, call }) => {
    await go('/all');
    const [text, regex] = [await call('find', { text: MARK }), await call('find', { regex: `${MARK}.*` })];
    const roles = ['button', 'slider', 'columnheader', 'cell', 'text'];
    return [text, regex, ...(await Promise.all(roles.map((role) => call('find', { role }))))];
  }),
  click: speaking(async ({ go, call, ref }) => {
    await go('/all');
    await call('snapshot');
    const answers = [
      await call('click', { ref: await ref('checkbox') }),
      await call('click', { ref: await ref('radio') }),
      await call('click', { ref: await ref('searchbox') }),
      await call('click', { x: 5, y: 5 }),
      await call('click', { ref: await ref('button') }),
      await call('snapshot'),
      await call('click', { ref: 'e1' }),
    ];
    await call('handle_dialog', { accept: true });
    return [...answers, await call('click', { ref: await ref('link') })];
  }),
  fill: speaking(async ({ go, call, ref }) => {
    await go('/all');
    return [
      await call('fill', { ref: await ref('textbox'), value: 'too long for it' }),
      await call('fill', { ref: await ref('combobox'), value: 'none of them' }),
      await call('fill', { ref: await ref('slider'), value: '5' }),
      await call('fill', { ref: await ref('heading'), value: 'x' }),
      await call('fill', { ref: await ref('checkbox'), value: 'true' }),
    ];
  }),
  fill_form: speaking(async ({ go, call, ref }) => {
    await go('/all');
    const fields = [
      { ref: await ref('checkbox'), value: 'true' },
      { ref: await ref('combobox'), value: 'none of them' },
      { ref: await ref('textbox'), value: 'too long for it' },
    ];
    return [await call('fill_form', { fields }), await call('fill_form', { fields: fields.slice(0, 1) })];
  }),
  press_key: speaking(async ({ go, call, ref }) => {
    await go('/all');
    return [
      await call('press_key', { key: 'ArrowDown', ref: await ref('slider') }),
      await call('press_key', { key: 'Enter', ref: await ref('button') }),
    ];
  }),
  act: speaking(async ({ go, call, ref }) => {
    await go('/all');
    const [checkbox, radio, slider] = [await ref('checkbox'), await ref('radio'), await ref('slider')];
    return [
      await call('act', {
        steps: [
          { action: 'hover', ref: slider },
          { action: 'scroll', ref: slider },
          { action: 'drag', from: slider, by: [3, 0] },
          { action: 'wait_for', text: MARK },
          { action: 'scroll', until: MARK },
        ],
      }),
      await call('act', {
        steps: [
          { action: 'click', ref: checkbox },
          { action: 'click', ref: radio },
          { action: 'click', ref: checkbox },
        ],
      }),
    ];
  }),
  wait_for: speaking(async ({ go, call }) => {
    await go('/all');
    return [
      // its own words come back in quotes like those of the page
      await call('wait_for', { text: MARK }),
      await call('wait_for', { url: 'not this', seconds: 0.3 }),
      await call('wait_for', { url: '/all' }),
    ];
  }),
  screenshot: silent(async ({ go, call, ref }) => {
    await go('/all');
    return [await call('screenshot'), await call('screenshot', { ref: await ref('table') })];
  }),
  evaluate: speaking(async ({ go, call, ref }) => {
    await go('/all');
    const scripts = [
      'WORDS',
      '({ [WORDS]: [WORDS] })',
      'throw WORDS',
      'throw new Error(WORDS)',
      'throw { [WORDS]: WORDS }',
      'class A extends Error { name = WORDS; stack = WORDS; toString() { return WORDS; } } throw new A(WORDS)',
      'new Function(WORDS)',
      'document.querySelector(WORDS)',
      'null[WORDS]()',
      'Promise.reject(WORDS)',
      'Symbol(WORDS)',
      '({ toJSON() { throw new Error(WORDS); } })',
    ];
    const answers: Answer[] = [
      await call('evaluate', { script: '(e) => e.title', ref: await ref('heading') }),
    ];
    for (const script of scripts) answers.push(await call('evaluate', { script }));
    return answers;
  }),
  handle_dialog: speaking(async (hand) => {
    await hand.go('/asks');
    const answers = [await hand.call('click', { ref: await hand.ref('button', 0) })];
    for (const tool of ['snapshot', 'evaluate', 'tabs'])
      answers.push(await hand.call(tool, tool === 'evaluate' ? { script: '1' } : {}));
    answers.push(
      await hand.call('handle_dialog', { accept: true }),
      await hand.call('handle_dialog', { accept: true }),
    );
    return [...answers, await hand.go('/alert'), await until(hand, 'snapshot')].concat(
      await hand.call('handle_dialog', { accept: false }),
    );
  }),
  enable: speaking(async ({ go, call }) => {
    await go('/kept');
    return [
      await call('enable', { groups: ['storage'] }),
      await call('enable', { call: 'web_storage', with: { values: true } }),
      await call('enable', { call: 'navigate_EVIL', with: {} }),
    ];
  }),
  network_requests: speaking(async (hand) => {
    await hand.go('/network');
    return [await until(hand, 'network_requests', { status: 'failed' }), await hand.call('network_requests')];
  }),
  network_request: speaking(async (hand) => {
    await hand.go('/network');
    const { text } = await until(hand, 'network_requests', { status: 'failed' });
    const last = Math.max(...[...text.matchAll(/^(\d+) /gmu)].map(([, id]) => Number(id)));
    const answers: Answer[] = [];
    for (let id = Math.max(1, last - 6); id <= last + 3; id++) {
      answers.push(await hand.call('network_request', { id }));
    }
    return [...answers, await hand.call('network_request', { id: last, files: true })];
  }),
  network_har: silent(async ({ go, call }) => {
    await go('/network');
    return [await call('network_har', { bodies: true })];
  }),
  network_route: silent(async ({ go, call }) => {
    await call('network_route', { url: '/never', block: true });
    await go('/network');
    return [await call('network_route'), await call('network_route', { remove: 'all' })];
  }),
  console_messages: speaking(async (hand) => {
    await hand.go('/console');
    return [await until(hand, 'console_messages')];
  }),
  console_message: speaking(async (hand) => {
    await hand.go('/console');
    const { text } = await until(hand, 'console_messages');
    const ids = [...text.matchAll(/^(\d+) /gmu)].map(([, id]) => Number(id));
    const answers: Answer[] = [];
    for (const id of ids) answers.push(await hand.call('console_message', { id }));
    return answers;
  }),
  cookies: speaking(async ({ go, call, origin }) => {
    await go('/kept');
    return [
      await call('cookies', { values: true }),
      await call('cookies'),
      await call('cookies', { action: 'set', name: 'a', value: 'b' }),
      await call('cookies', { action: 'set', name: 'a b', value: 'b;', url: origin }),
      await call('cookies', { action: 'delete' }),
    ];
  }),
  web_storage: speaking(async ({ go, call }) => {
    await go('/kept');
    return [
      await call('web_storage', { values: true }),
      await call('web_storage', { area: 'session' }),
      await call('web_storage', { action: 'clear' }),
    ];
  }),
  storage_state: silent(async ({ go, call }) => {
    await go('/kept');
    return [await call('storage_state', { action: 'save' })];
  }),
  emulate: silent(async ({ go, call }) => {
    await go('/all');
    return [await call('emulate', { colorScheme: 'dark' }), await call('emulate', { reset: 'all' })];
  }),
  upload_file: speaking(async ({ go, call, ref, file }) => {
    await go('/all');
    const button = await ref('button', 2);
    const answers = [
      await call('upload_file', { ref: await ref('button', 1), paths: [file] }),
      await call('upload_file', { ref: await ref('radio'), paths: [file] }),
    ];
    await call('evaluate', { script: 'document.querySelector("form").remove()' });
    return [...answers, await call('upload_file', { ref: button, paths: [file] })];
  }),
  downloads: speaking(async (hand) => {
    await hand.go('/asks');
    const clicked = await hand.call('click', { ref: await hand.ref('button', 2) });
    return [clicked, await hand.call('downloads', { action: 'wait' }), await until(hand, 'downloads')];
  }),
  pdf: silent(async ({ go, call }) => {
    await go('/all');
    return [await call('pdf')];
  }),
  accessibility_audit: speaking(async ({ go, call }) => {
    await go('/all');
    return [await call('accessibility_audit')];
  }),
  performance_vitals: speaking(async (hand) => {
    await hand.go('/slow');
    // who clicks before the first paint ends the search for the largest
    const opened = await until(hand, 'performance_vitals');
    await hand.call('click', { ref: await hand.ref('button') });
    return [opened, await hand.call('performance_vitals')];
  }),
  performance_trace: speaking(async ({ go, call, ref }) => {
    await go('/slow');
    await call('performance_trace', { action: 'start', reload: true });
    await call('click', { ref: await ref('button') });
    return [await call('performance_trace', { action: 'stop' })];
  }),
  heap_snapshot: speaking(async ({ go, call }) => {
    await go('/memory');
    return [await call('heap_snapshot')];
  }),
  heap_retainers: speaking(async ({ go, call }) => {
    await go('/memory');
    const { text } = await call('heap_snapshot');
    const snapshot = /^(h\d+)/u.exec(text)?.[1] ?? '';
    return [await call('heap_retainers', { snapshot })];
  }),
  recording: silent(async ({ go, call }) => {
    await call('recording', { action: 'start' });
    await go('/all');
    return [await call('recording', { action: 'stop' })];
  }),
  page_tools: speaking(async (hand) => {
    await hand.go('/offering');
    return [await until(hand, 'page_tools')];
  }),
  page_tool_call: speaking(async (hand) => {
    await hand.go('/offering');
    await until(hand, 'page_tools');
    const names = ['navigate', 'plain', 'broken', `${MARK}_note`, 'none'];
    const answers: Answer[] = [];
    for (const name of names) answers.push(await hand.call('page_tool_call', { name }));
    return answers;
  }),
  extensions: speaking(async ({ call }) => [await call('extensions')]),
  extension_console: speaking(async ({ call }) => {
    const { text } = await call('extensions');
    const id = /^([a-p]{32}) /mu.exec(text)?.[1] ?? '';
    return [await call('extension_console', { id }), await call('extension_console', { id: 'none' })];
  }),
};
