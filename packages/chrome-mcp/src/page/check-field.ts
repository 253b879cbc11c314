import { nextFrame } from './clock.ts';
import type { Field, Value } from './field.ts';
import { Unfilled } from './unfilled.ts';

const ROLES = ['checkbox', 'radio', 'switch', 'menuitemcheckbox', 'menuitemradio'];
const YES = ['true', 'on', 'yes', 'checked', '1'];
const NO = ['false', 'off', 'no', 'unchecked', '0', ''];
/** A page of its own making may take some frames to show it. */
const FRAMES = 6;

export const isCheckable = (element: Element): boolean =>
  element instanceof HTMLInputElement
    ? element.type === 'checkbox' || element.type === 'radio'
    : element instanceof HTMLElement && ROLES.includes(element.getAttribute('role') ?? '');

/** A box, a radio button or a switch, native or not. It is clicked when it is not yet as it should be. */
export function checkField(element: Element): Field {
  let wanted = false;
  return {
    element,
    isSecret: false,
    put: async (value) => {
      wanted = flagOf(value);
      if (stateOf(element) === wanted) return;
      if (isRadio(element) && !wanted) {
        throw new Unfilled('value', 'a radio button is not cleared; choose another one of its group');
      }
      if (!(element instanceof HTMLElement)) return;
      element.focus();
      element.click();
      for (let frame = 0; frame < FRAMES && stateOf(element) !== wanted; frame++) await nextFrame();
    },
    wanted: () => String(wanted),
    kept: (asked) => {
      const state = String(stateOf(element));
      return state === asked ? null : state;
    },
  };
}

const isRadio = (element: Element): boolean =>
  element instanceof HTMLInputElement
    ? element.type === 'radio'
    : element.getAttribute('role')?.endsWith('radio') === true;

const stateOf = (element: Element): boolean =>
  element instanceof HTMLInputElement ? element.checked : element.getAttribute('aria-checked') === 'true';

function flagOf(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  const text = String(value).toLowerCase();
  if (YES.includes(text)) return true;
  if (NO.includes(text)) return false;
  throw new Unfilled('value', 'it takes true or false');
}
