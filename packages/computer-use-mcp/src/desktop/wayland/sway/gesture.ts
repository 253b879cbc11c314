import type { Button } from '../../desktop.ts';
import type { Aim } from '../compositor.ts';

const BUTTONS: Readonly<Record<Button, string>> = { left: 'button1', middle: 'button2', right: 'button3' };
const WHEEL = { up: 'button4', down: 'button5', left: 'button6', right: 'button7' } as const;

/** A gesture as commands that sway does in one piece, and only while the process that was judged is in front. */
export function commandsOf({ gesture, pid }: Pick<Aim, 'gesture' | 'pid'>): string {
  const condition = pid === null ? '' : `[con_id="__focused__" pid=${pid}] `;
  const { x, y } = gesture.at;
  // the middle of the pixel, because sway turns it into a part of the screen and back
  const set = `${condition}seat - cursor set ${x + 0.5} ${y + 0.5}`;
  if (gesture.kind === 'move') return set;
  const button = gesture.kind === 'scroll' ? WHEEL[gesture.direction] : BUTTONS[gesture.button];
  const count = gesture.kind === 'scroll' ? gesture.notches : gesture.count;
  const press = `seat - cursor press ${button}`;
  // a turn of the wheel has no end
  const once = gesture.kind === 'scroll' ? [press] : [press, `seat - cursor release ${button}`];
  return [set, ...Array.from({ length: count }, () => once).flat()].join(', ');
}
