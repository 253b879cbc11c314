import type { Action, Field, Sighting } from './driver.ts';
import type { Call, Tongue } from './mcp-driver.ts';

const ELEMENT =
  /(?<role>[a-z]+)(?: "(?<name>(?:[^"\\]|\\.)*)")? \[(?<ref>(?:f\d+)?e\d+)\](?: "(?<after>(?:[^"\\]|\\.)*)")?/gu;

const call = (tool: string, args: Readonly<Record<string, unknown>> = {}): readonly Call[] => [
  { tool, args },
];

const step = (action: string, args: Readonly<Record<string, unknown>>): readonly Call[] =>
  call('act', { steps: [{ action, ...args }] });

function filling(fields: readonly Field[]): readonly Call[] {
  const given = fields.map(({ ref, value }) => ({ ref, value }));
  const [only, ...others] = given;
  return only !== undefined && others.length === 0
    ? call('fill', only)
    : call('fill_form', { fields: given });
}

function callsFor(action: Action): readonly Call[] {
  switch (action.do) {
    case 'navigate':
      return call('navigate', { url: action.url });
    case 'back':
    case 'reload':
      return call('navigate', { action: action.do });
    case 'snapshot':
    case 'tabs':
    case 'screenshot':
      return call(action.do);
    case 'click': {
      const { ref, button, count, modifiers } = action;
      return call('click', { ref, button, count, modifiers });
    }
    case 'clickAt':
      return call('click', { x: action.x, y: action.y });
    case 'hover':
      return step('hover', { ref: action.ref });
    case 'drag':
      return step('drag', { from: action.from, to: action.to });
    case 'dragBy':
      return step('drag', { from: action.from, by: action.by });
    case 'fill':
      return filling(action.fields);
    case 'press':
      return call('press_key', { key: action.key, ...(action.ref !== undefined && { ref: action.ref }) });
    case 'scrollTo':
      return step('scroll', { ref: action.ref });
    case 'scrollBy':
      return step('scroll', { by: action.by, ...(action.ref !== undefined && { ref: action.ref }) });
    case 'scrollUntil':
      return step('scroll', { until: action.text, ...(action.ref !== undefined && { ref: action.ref }) });
    case 'wait':
      return call('wait_for', { text: action.text });
    case 'waitGone':
      return call('wait_for', { gone: action.text });
    case 'evaluate': {
      const { script, tab } = action;
      return call('evaluate', { script, ...(tab !== undefined && { tab: `t${tab}` }) });
    }
    case 'newTab':
      return call('tabs', { action: 'new', url: action.url });
    case 'dialog': {
      const { accept, text } = action;
      return call('handle_dialog', { accept, ...(text !== undefined && { text }) });
    }
  }
}

const sightings = (snapshot: string): readonly Sighting[] =>
  [...snapshot.matchAll(ELEMENT)].map(({ groups }) => ({
    role: groups?.['role'] ?? '',
    name: groups?.['name'] ?? groups?.['after'] ?? '',
    ref: groups?.['ref'] ?? '',
  }));

/** How this project's own server is spoken to. */
export const deskhandTongue: Tongue = { name: 'deskhand', callsFor, sightings };
