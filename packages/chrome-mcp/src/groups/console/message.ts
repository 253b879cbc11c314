import type { Protocol } from 'devtools-protocol';
import { stackIn } from './stack-text.ts';

export const levels = ['error', 'warning', 'info', 'debug'] as const;
export type Level = (typeof levels)[number];

/** Something that was said to the console, or an exception that nobody caught. */
export interface Message {
  readonly level: Level;
  /** Of whom it comes: a call of the page, an exception, the browser itself. */
  readonly from: 'page' | 'exception' | 'browser';
  readonly text: string;
  readonly stack: Protocol.Runtime.StackTrace | null;
  readonly place: Place | null;
}

export interface Place {
  readonly url: string;
  /** From 0. */
  readonly line: number;
  readonly column: number;
}

/** Characters of one message that are kept. */
const LONGEST = 10_000;

export function calledMessage({
  type,
  args,
  stackTrace,
}: Protocol.Runtime.ConsoleAPICalledEvent): Message | null {
  if (type === 'clear' || type === 'endGroup' || type === 'profile' || type === 'profileEnd') return null;
  const [top] = stackTrace?.callFrames ?? [];
  return {
    from: 'page',
    level: levelOf(type),
    text: `${type === 'assert' ? 'Assertion failed: ' : ''}${formatted(args)}`.slice(0, LONGEST),
    stack: stackTrace ?? null,
    place: top === undefined ? null : placeOf(top),
  };
}

export function thrownMessage({ exceptionDetails }: Protocol.Runtime.ExceptionThrownEvent): Message {
  const { text, exception, url, lineNumber: line, columnNumber: column } = exceptionDetails;
  const what = exception === undefined ? '' : (headOf(exception.description) ?? shown(exception));
  const stack = exceptionDetails.stackTrace ?? stackIn(exception?.description ?? '');
  const [top] = stack?.callFrames ?? [];
  return {
    ...{ from: 'exception', stack, level: 'error' },
    text: [text, what]
      .filter((part) => part !== '')
      .join(' ')
      .slice(0, LONGEST),
    place: top !== undefined ? placeOf(top) : url === undefined ? null : { url, line, column },
  };
}

export function loggedMessage({ entry }: Protocol.Log.EntryAddedEvent): Message | null {
  // workers are heard themselves
  if (entry.source === 'worker') return null;
  const { level, text, url, lineNumber: line = 0, stackTrace } = entry;
  return {
    ...{ from: 'browser', level: level === 'verbose' ? 'debug' : level },
    text: text.slice(0, LONGEST),
    stack: stackTrace ?? null,
    place: url === undefined ? null : { url, line, column: 0 },
  };
}

export const placeOf = ({
  url,
  lineNumber: line,
  columnNumber: column,
}: Protocol.Runtime.CallFrame): Place => ({
  ...{ url, line, column },
});

function levelOf(type: Protocol.Runtime.ConsoleAPICalledEvent['type']): Level {
  if (type === 'error' || type === 'assert') return 'error';
  if (type === 'warning') return 'warning';
  return type === 'debug' ? 'debug' : 'info';
}

/** A description of an error has its stack too, which is told apart. */
const headOf = (description: string | undefined): string | undefined => description?.split('\n    at ')[0];

const PLACES = /%[sdifoOc%]/g;

/** As the console shows it: a first text with places takes the values after it. */
function formatted(args: readonly Protocol.Runtime.RemoteObject[]): string {
  const [first, ...rest] = args;
  if (first?.type !== 'string' || typeof first.value !== 'string') return args.map(shown).join(' ');
  const text = first.value.replace(PLACES, (place) => {
    if (place === '%%') return '%';
    const value = rest.shift();
    return value === undefined ? place : place === '%c' ? '' : shown(value);
  });
  return [text, ...rest.map(shown)].join(' ');
}

function shown(value: Protocol.Runtime.RemoteObject): string {
  if (value.type === 'string') return String(value.value);
  if (value.unserializableValue !== undefined) return value.unserializableValue;
  if (value.subtype === 'error') return headOf(value.description) ?? 'Error';
  if (value.preview !== undefined) return previewed(value.preview);
  return value.description ?? (value.value === undefined ? value.type : JSON.stringify(value.value));
}

function previewed({
  subtype,
  description,
  properties,
  overflow,
  entries,
}: Protocol.Runtime.ObjectPreview): string {
  const isList = subtype === 'array';
  const inside = properties.map(({ name, type, value = '', valuePreview }) => {
    const held = valuePreview === undefined ? value : previewed(valuePreview);
    const text = type === 'string' ? JSON.stringify(held) : held;
    return isList ? text : `${name}: ${text}`;
  });
  const paired = (entries ?? []).map(({ key, value }) =>
    key === undefined ? previewed(value) : `${previewed(key)} => ${previewed(value)}`,
  );
  const all = [...paired, ...(paired.length > 0 ? [] : inside), ...(overflow ? ['…'] : [])].join(', ');
  if (isList) return `[${all}]`;
  const name = description === undefined || description === 'Object' ? '' : `${description} `;
  return all === '' && name !== '' ? name.trim() : `${name}{${all}}`;
}
