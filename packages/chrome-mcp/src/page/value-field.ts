import type { Field, Value } from './field.ts';
import { focusOn } from './text-field.ts';
import { Unfilled } from './unfilled.ts';

const FORMATS: Readonly<Record<string, string>> = {
  date: 'a date as 2026-01-31',
  time: 'a time as 13:45',
  'datetime-local': 'a date and time as 2026-01-31T13:45',
  month: 'a month as 2026-01',
  week: 'a week as 2026-W05',
  color: 'a colour as #aabbcc',
  range: 'a number',
};
const MAX_OPTIONS = 20;

/** A field with a picker of its own: its value is set, and told to the page. */
export function settableField(element: HTMLInputElement): Field {
  let wanted = '';
  return {
    element,
    isSecret: false,
    put: (value) => {
      if (element.readOnly) throw new Unfilled('readonly', 'it is read-only');
      const before = element.value;
      focusOn(element);
      wanted = typeof value === 'string' || typeof value === 'number' ? String(value).toLowerCase() : '';
      if (element.type === 'week' || element.type === 'datetime-local') wanted = wanted.toUpperCase();
      if (!fits(element, wanted)) {
        throw new Unfilled('value', `it takes ${FORMATS[element.type] ?? 'another value'}`);
      }
      element.value = wanted;
      if (element.value !== before) tell(element);
    },
    wanted: () => wanted,
    kept: (asked) => (isSame(element, asked) ? null : element.value),
  };
}

/** Whether a field of this kind can hold the value, apart from its limits. */
function fits({ type }: HTMLInputElement, value: string): boolean {
  const probe = document.createElement('input');
  probe.type = type;
  if (type === 'range') return value !== '' && Number.isFinite(Number(value));
  if (type === 'color') return /^#[\da-f]{6}$/.test(value);
  probe.value = value;
  return value === '' || probe.value !== '';
}

/** The browser writes a time with or without its seconds. */
const isSame = (element: HTMLInputElement, asked: string): boolean =>
  element.value === asked ||
  (element.type === 'range' && Number(element.value) === Number(asked)) ||
  (asked !== '' &&
    !Number.isNaN(element.valueAsNumber) &&
    element.valueAsNumber === numberOf(element.type, asked));

function numberOf(type: string, value: string): number {
  const probe = document.createElement('input');
  probe.type = type;
  probe.value = value;
  return probe.valueAsNumber;
}

/** A native list. Options are meant by their value, or by what they show. */
export function selectField(element: HTMLSelectElement): Field {
  let wanted: readonly HTMLOptionElement[] = [];
  return {
    element,
    isSecret: false,
    put: (value) => {
      const asked = valuesOf(value);
      if (asked.length > 1 && !element.multiple) throw new Unfilled('value', 'it takes one option');
      wanted = asked.map((one) => optionOf(element, one));
      focusOn(element);
      const isChange = [...element.options].some((option) => option.selected !== wanted.includes(option));
      if (element.multiple) for (const option of element.options) option.selected = wanted.includes(option);
      else element.selectedIndex = wanted[0]?.index ?? -1;
      if (isChange) tell(element);
    },
    wanted: () => shown(wanted),
    kept: (asked) => {
      const kept = shown([...element.selectedOptions]);
      return kept === asked ? null : kept;
    },
  };
}

const shown = (options: readonly HTMLOptionElement[]): string => options.map(({ label }) => label).join(', ');

const valuesOf = (value: Value): readonly string[] =>
  typeof value === 'string' || typeof value === 'number'
    ? [String(value)]
    : typeof value === 'boolean'
      ? []
      : value;

function optionOf(select: HTMLSelectElement, asked: string): HTMLOptionElement {
  const options = [...select.options];
  const option =
    options.find(({ value }) => value === asked) ??
    options.find(({ label }) => label.trim() === asked.trim()) ??
    onlyOne(options.filter(({ label }) => label.trim().toLowerCase() === asked.trim().toLowerCase()));
  if (option === undefined) {
    const labels = options.slice(0, MAX_OPTIONS).map(({ label }) => label.trim());
    const rest = options.length > MAX_OPTIONS ? `, of ${options.length}` : '';
    throw new Unfilled('value', `it has no such option; it has${rest}`, labels);
  }
  if (option.matches(':disabled')) throw new Unfilled('value', 'that option is disabled');
  return option;
}

const onlyOne = <T>(found: readonly T[]): T | undefined => (found.length === 1 ? found[0] : undefined);

function tell(element: Element): void {
  element.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  element.dispatchEvent(new Event('change', { bubbles: true }));
}
