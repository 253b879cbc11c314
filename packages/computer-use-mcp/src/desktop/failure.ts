/** A key or button is held down by a person, so that an injected event would mean something else. */
export class InputInUse extends Error {
  override readonly name = 'InputInUse';
  readonly held: string;

  constructor(held: string) {
    super(`${held} is held down`);
    this.held = held;
  }
}

/** The desktop cannot be reached: no display, or the server went away. `hint` says what a person can do. */
export class DesktopUnavailable extends Error {
  override readonly name = 'DesktopUnavailable';
  readonly hint: string | null;

  constructor(message: string, options: ErrorOptions & { readonly hint?: string } = {}) {
    super(message, options);
    this.hint = options.hint ?? null;
  }
}

/** Somebody else holds the desktop, or the machine is too slow to read it safely. Nothing was done. */
export class DesktopBusy extends Error {
  override readonly name = 'DesktopBusy';
}

/** Keys were sent, and the window in front changed meanwhile: some may have gone to another one. */
export class DeliveryUnsure extends Error {
  override readonly name = 'DeliveryUnsure';
}

/** This desktop cannot do that at all. `hint` says what it can. */
export class DesktopLacks extends Error {
  override readonly name = 'DesktopLacks';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
