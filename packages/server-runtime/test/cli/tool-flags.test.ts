import { describe, expect, test } from 'vitest';
import { toolArguments } from '../../src/cli/tool-flags.ts';

const tool = {
  name: 'shape',
  description: '',
  inputSchema: {
    required: [],
    properties: {
      count: { type: 'integer' },
      scale: { anyOf: [{ type: 'number' }, { type: 'null' }] },
      isLarge: { type: 'boolean' },
      start_x: { type: 'number' },
      at: { type: 'array', items: { type: 'number' } },
      names: { type: 'array', items: { type: 'string' } },
      more: { type: 'object' },
      text: { type: 'string' },
    },
  },
};

describe('arguments for a tool', () => {
  test.each<[string, string[], Record<string, unknown>]>([
    ['none', [], {}],
    ['as JSON', ['{"count": 1, "any": [true]}'], { count: 1, any: [true] }],
    ['numbers', ['--count', '3', '--scale=0.5'], { count: 3, scale: 0.5 }],
    ['a negative number', ['--start-x=-4'], { start_x: -4 }],
    ['the spelling of the tool', ['--start_x', '4', '--isLarge'], { start_x: 4, isLarge: true }],
    ['a switch', ['--is-large'], { isLarge: true }],
    ['a switch turned off', ['--no-is-large'], { isLarge: false }],
    ['a list by commas', ['--at', '1,2', '--names', 'a, b'], { at: [1, 2], names: ['a', 'b'] }],
    ['a list by several flags', ['--names', 'a', '--names', 'b'], { names: ['a', 'b'] }],
    ['a list as JSON', ['--names', '["a,b", "c"]'], { names: ['a,b', 'c'] }],
    ['an object', ['--more', '{"deep": 1}'], { more: { deep: 1 } }],
    ['text that looks like a number', ['--text', '007'], { text: '007' }],
    ['an empty text', ['--text='], { text: '' }],
  ])('%s', (_name, argv, expected) => {
    expect(toolArguments(tool, argv)).toEqual(expected);
  });

  test.each<[string, string[], string]>([
    ['no number', ['--count', 'x'], '--count: expected a number, got x'],
    ['no value', ['--count'], '--count needs a value'],
    ['an unknown flag', ['--cuont', '1'], 'shape has no --cuont. Did you mean `count`?'],
    ['a list as JSON that is none', ['--names', '["a"'], '--names: expected JSON, got ["a"'],
    ['JSON that is no object', ['[1]'], 'the arguments: expected a JSON object'],
    ['no JSON', ['{x'], 'the arguments: expected JSON, got {x'],
    ['a word too much', ['--text', 'a', 'b'], 'shape: unexpected b'],
    ['something after the JSON', ['{}', 'x'], 'after the JSON there is more: x'],
  ])('are refused for %s', (_name, argv, message) => {
    expect(() => toolArguments(tool, argv)).toThrow(message);
  });
});
