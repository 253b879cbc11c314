import { describe, expect, it } from 'vitest';
import { TOOL_NAMES, TOOL_NEEDS, isToolName, type ToolName } from '../src/index.ts';

const needing = (tier: string): ToolName[] => TOOL_NAMES.filter((tool) => TOOL_NEEDS[tool].tier === tier);

describe('TOOL_NEEDS', () => {
  it('has the tiers that the architecture fixes', () => {
    expect({
      none: needing('none'),
      read: needing('read'),
      click: needing('click'),
      full: needing('full'),
    }).toEqual({
      none: [
        'request_access',
        'list_granted_applications',
        'get_frontmost',
        'cursor_position',
        'wait',
        'computer_batch',
      ],
      read: [
        'list_windows',
        'screenshot',
        'zoom',
        'wait_for_change',
        'switch_display',
        'open_application',
        'focus_window',
        'read_page',
        'get_ui_tree',
        'find_element',
      ],
      click: ['left_click', 'double_click', 'triple_click', 'mouse_move', 'scroll', 'click_element'],
      full: [
        'right_click',
        'middle_click',
        'left_click_drag',
        'left_mouse_down',
        'left_mouse_up',
        'type',
        'key',
        'hold_key',
        'set_value',
        'read_clipboard',
        'write_clipboard',
      ],
    });
  });

  it('judges somebody wherever something happens', () => {
    for (const tool of [...needing('click'), ...needing('full')]) {
      expect(['pointer', 'keyboard']).toContain(TOOL_NEEDS[tool].judged);
    }
  });

  it('knows its tools by name', () => {
    expect(isToolName('left_click')).toBe(true);
    expect(isToolName('toString')).toBe(false);
  });
});
