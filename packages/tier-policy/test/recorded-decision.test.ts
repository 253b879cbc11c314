import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, decide, recordDecision, type DecisionRequest } from '../src/index.ts';
import { allow, combo, linux, python, subject } from './apps.ts';

describe('recordDecision', () => {
  const editor = linux('/usr/bin/mousepad', { argv: ['mousepad', '--secret', 'hunter2'] });
  const script = python('/opt/a.py', '--token', 'hunter2');
  const request: DecisionRequest = {
    action: { tool: 'key', combos: ['q', 'Q', 'ж', 'ctrl+s', 'Return'].map(combo) },
    frontmost: { kind: 'app', app: script, parent: subject(editor) },
    recipient: [subject(editor)],
    grants: [allow(editor), allow(script)],
    policy: DEFAULT_POLICY,
  };

  it('keeps no typed character and no argument that decides nothing', () => {
    const text = JSON.stringify(recordDecision(request, decide(request)));
    expect(text).not.toMatch(/hunter2|"q"|U0436|policy/);
    expect(text).toContain('/opt/a.py');
  });

  it('keeps keys that type nothing', () => {
    const { action } = recordDecision(request, decide(request)).request;
    expect(action.combos).toEqual([
      { modifiers: [], key: null },
      { modifiers: [], key: null },
      { modifiers: [], key: null },
      { modifiers: ['ctrl'], key: 's' },
      { modifiers: [], key: 'Return' },
    ]);
  });

  it('decides the same again after a trip through JSON', () => {
    const recorded = recordDecision(request, decide(request));
    expect(JSON.parse(JSON.stringify(recorded))).toEqual(recorded);
    expect(decide({ ...recorded.request, policy: DEFAULT_POLICY })).toEqual(recorded.outcome);
  });
});
