import type { Rect } from '../core/geometry.ts';

/** What a use of a tool is aimed at. */
export interface Target {
  readonly executable: string;
  /** The inside of its window, in screen pixels. */
  readonly place: Rect;
  readonly window: { readonly window: number };
  /** Reference of the element that the use finds first. */
  readonly element?: string;
}

/** One input event as the windows and the recording name it. */
export type Input = readonly [event: string, detail: number];

/** How a use of a tool is tried out. */
export interface ToolUse {
  /** What carries the action to its target; `held` is a button that is down, or goes down, where the pointer is. */
  readonly by: 'pointer' | 'held' | 'keyboard' | 'nothing';
  /** The arguments, for a target and the number of the try, which moves the point that is aimed at. */
  readonly arguments: (target: Target, attempt: number) => Readonly<Record<string, unknown>>;
  /** Name of the element that has to be found before. */
  readonly finds?: string;
  /** All the input that the use makes, in order. */
  readonly input: readonly Input[];
}

const CTRL_KEY = 37;
const RETURN_KEY = 36;
const H_KEY = 43;
const I_KEY = 31;

/** Motions of a short drag, one pixel each; the last one is made again as the button goes up. */
const STEPS = 8;

const MOVE: Input = ['MotionNotify', 0];

const clicks = (button: number, count = 1): readonly Input[] =>
  Array.from({ length: count }, () => [
    ['ButtonPress', button] as const,
    ['ButtonRelease', button] as const,
  ]).flat();

const stroke = (keycode: number, within: readonly Input[] = []): readonly Input[] => [
  ['KeyPress', keycode],
  ...within,
  ['KeyRelease', keycode],
];

const pointAt = ({ place }: Target, attempt: number): readonly number[] => [
  place.x + 20 + ((attempt * 7) % (place.width - 40)),
  place.y + 20 + ((attempt * 11) % (place.height - 40)),
];

const pointing = (input: readonly Input[], more: Readonly<Record<string, unknown>> = {}): ToolUse => ({
  by: 'pointer',
  arguments: (target, attempt) => ({ coordinate: pointAt(target, attempt), ...more }),
  input: [MOVE, ...input],
});

const dragging = (around: (drag: readonly Input[]) => readonly Input[], more = {}): ToolUse => ({
  by: 'pointer',
  arguments: (target, attempt) => {
    const [x = 0, y = 0] = pointAt(target, attempt);
    return { start_coordinate: [x, y], coordinate: [x + STEPS, y + STEPS], ...more };
  },
  input: [
    MOVE,
    ...around([['ButtonPress', 1], ...Array.from({ length: STEPS + 1 }, () => MOVE), ['ButtonRelease', 1]]),
  ],
});

const typing = (text: string, input: readonly Input[]): ToolUse => ({
  by: 'keyboard',
  arguments: () => ({ text }),
  input,
});

const looking = (given: ToolUse['arguments'] = () => ({})): ToolUse => ({
  by: 'nothing',
  arguments: given,
  input: [],
});

const DOWN = { scroll_direction: 'down', scroll_amount: 2 };

/** By the name of the use in the table. */
export const TOOL_USES: Readonly<Record<string, ToolUse>> = {
  request_access: looking(({ executable }) => ({ apps: [executable], reason: 'To try it.' })),
  list_granted_applications: looking(),
  wait: looking(() => ({ duration: 0 })),
  wait_for_change: looking(() => ({ duration: 0 })),
  cursor_position: looking(),
  get_frontmost: looking(),
  screenshot: looking(),
  zoom: looking(() => ({ region: [0, 0, 200, 150] })),
  switch_display: looking(() => ({ display: 'auto' })),
  list_windows: looking(),
  open_application: looking(({ executable }) => ({ app: executable })),
  focus_window: looking(({ window }) => ({ window: window.window })),
  left_click: pointing(clicks(1)),
  double_click: pointing(clicks(1, 2)),
  triple_click: pointing(clicks(1, 3)),
  mouse_move: pointing([]),
  computer_batch: {
    ...pointing(clicks(1)),
    arguments: (target, attempt) => ({
      actions: [{ action: 'left_click', coordinate: pointAt(target, attempt) }],
    }),
  },
  scroll: pointing(clicks(5, 2), DOWN),
  right_click: pointing(clicks(3)),
  middle_click: pointing(clicks(2)),
  'left_click with ctrl': pointing(stroke(CTRL_KEY, clicks(1)), { text: 'ctrl' }),
  'scroll with ctrl': pointing(stroke(CTRL_KEY, clicks(5, 2)), { ...DOWN, text: 'ctrl' }),
  left_click_drag: dragging((drag) => drag),
  'left_click_drag with ctrl': dragging(
    ([press = MOVE, ...rest]) => [['KeyPress', CTRL_KEY], press, ...rest, ['KeyRelease', CTRL_KEY]],
    { text: 'ctrl' },
  ),
  left_mouse_down: { by: 'held', arguments: () => ({}), input: [['ButtonPress', 1]] },
  left_mouse_up: { by: 'held', arguments: () => ({}), input: [['ButtonRelease', 1]] },
  type: typing('hi', [...stroke(H_KEY), ...stroke(I_KEY)]),
  key: typing('Return', stroke(RETURN_KEY)),
  read_clipboard: { by: 'keyboard', arguments: () => ({}), input: [] },
  write_clipboard: typing('for pasting', []),
  hold_key: { ...typing('', stroke(RETURN_KEY)), arguments: () => ({ text: 'Return', duration: 0.1 }) },
};
