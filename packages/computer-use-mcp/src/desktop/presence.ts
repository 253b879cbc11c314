/** What the person at the desktop does. `abort` is the key that stops everything; `activity` any other touch. */
export type PersonEvent = 'abort' | 'activity';

/** Tells what a person does at their own keyboard and mouse. Input that programs make up is nobody's. */
export interface Presence {
  /** Listens until the function that it gives is called. */
  watch(onEvent: (event: PersonEvent) => void): Promise<() => void>;
  /** Milliseconds since a device of the person last moved; `Infinity` when that cannot be told. */
  idleMs(): Promise<number>;
}
