/** The part of the untyped `x11` package that the lab uses. */
declare module 'x11' {
  type Callback<T> = (error: Error | null | undefined, value: T) => unknown;

  export interface XEvent {
    readonly name: string;
    readonly type: number;
    readonly wid: number;
    readonly keycode?: number;
    readonly time?: number;
    readonly x?: number;
    readonly y?: number;
    readonly rootx?: number;
    readonly rooty?: number;
    readonly buttons?: number;
    readonly property?: number;
    readonly atom?: number;
    readonly state?: number;
    readonly owner?: number;
    readonly selection?: number;
    readonly requestor?: number;
    readonly target?: number;
    readonly rawData: Buffer;
  }

  export interface XScreen {
    readonly root: number;
    readonly root_depth: number;
    readonly pixel_width: number;
    readonly pixel_height: number;
  }

  export interface XDisplay {
    readonly client: XClient;
    readonly screen: readonly XScreen[];
    readonly resource_base: number;
    readonly resource_mask: number;
  }

  export interface WindowAttributes {
    readonly mapState: number;
    readonly overrideRedirect: number;
  }

  export interface Geometry {
    readonly xPos: number;
    readonly yPos: number;
    readonly width: number;
    readonly height: number;
  }

  export interface Res {
    QueryClientIds(
      specs: readonly { client: number; mask: number }[],
      done: Callback<readonly { value: readonly number[] }[]>,
    ): void;
  }

  export interface Shape {
    Rectangles(
      op: number,
      kind: number,
      window: number,
      x: number,
      y: number,
      rectangles: readonly (readonly [number, number, number, number])[],
    ): void;
  }

  export interface RecordedData {
    readonly category: number;
    readonly xidBase: number;
    readonly serverTime: number;
    readonly data: Buffer;
  }

  export interface Recording {
    CreateContext(
      context: number,
      header: number,
      clients: readonly number[],
      ranges: readonly object[],
    ): void;
    EnableContext(context: number, onData: (data: RecordedData) => void, done: Callback<unknown>): void;
  }

  export interface Fixes {
    readonly firstEvent: number;
    SelectSelectionInput(window: number, selection: number, mask: number): void;
  }

  interface Extensions {
    readonly res: Res;
    readonly fixes: Fixes;
    readonly shape: Shape;
    readonly record: Recording;
  }

  export interface XClient {
    on(event: 'event', listener: (event: XEvent) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'end', listener: () => void): this;
    off(event: 'event', listener: (event: XEvent) => void): this;
    /** Names already looked up; the package shares one table between all connections. */
    atoms: Readonly<Record<string, number>>;
    require<Name extends keyof Extensions>(name: Name, done: Callback<Extensions[Name]>): void;
    sync(): Promise<void>;
    terminate(): void;
    AllocID(): number;
    InternAtom(onlyIfExists: boolean, name: string, done: Callback<number>): void;
    GetProperty(
      remove: number,
      window: number,
      name: number,
      type: number,
      offset: number,
      length: number,
      done: Callback<{ readonly type: number; readonly format: number; readonly data: Buffer }>,
    ): void;
    SetSelectionOwner(owner: number, selection: number, time: number): void;
    SendEvent(destination: number, propagate: number, eventMask: number, event: object): void;
    ChangeProperty(
      mode: number,
      window: number,
      name: number,
      type: number,
      format: 8 | 16 | 32,
      data: Buffer,
    ): void;
    QueryTree(
      window: number,
      done: Callback<{ readonly parent: number; readonly children: readonly number[] }>,
    ): void;
    GetWindowAttributes(window: number, done: Callback<WindowAttributes>): void;
    GetGeometry(window: number, done: Callback<Geometry>): void;
    TranslateCoordinates(
      from: number,
      to: number,
      x: number,
      y: number,
      done: Callback<{ readonly destX: number; readonly destY: number }>,
    ): void;
    GetSelectionOwner(selection: number, done: Callback<number>): void;
    GetInputFocus(done: Callback<{ readonly focus: number }>): void;
    QueryPointer(window: number, done: Callback<{ readonly keyMask: number }>): void;
    GetKeyboardControl(done: Callback<{ readonly autoRepeats: Buffer }>): void;
    SetInputFocus(window: number, revertTo: number): void;
    CreateWindow(
      id: number,
      parent: number,
      x: number,
      y: number,
      width: number,
      height: number,
      border: number,
      depth: number,
      windowClass: number,
      visual: number,
      values: Readonly<Record<string, number>>,
    ): void;
    ChangeWindowAttributes(window: number, values: Readonly<Record<string, number>>): void;
    ConfigureWindow(window: number, values: Readonly<Record<string, number>>): void;
    DestroyWindow(window: number): void;
    MapWindow(window: number): void;
    UnmapWindow(window: number): void;
    RaiseWindow(window: number): void;
    LowerWindow(window: number): void;
    ClearArea(window: number, x: number, y: number, width: number, height: number, exposures: number): void;
    CreatePixmap(id: number, drawable: number, depth: number, width: number, height: number): void;
    FreePixmap(id: number): void;
    CreateGC(id: number, drawable: number, values: Readonly<Record<string, number>>): void;
    FreeGC(id: number): void;
    PutImage(
      format: number,
      drawable: number,
      gc: number,
      width: number,
      height: number,
      x: number,
      y: number,
      leftPad: number,
      depth: number,
      data: Buffer,
    ): void;
    GrabKeyboard(
      window: number,
      ownerEvents: boolean,
      time: number,
      pointerMode: number,
      keyboardMode: number,
      done: Callback<number>,
    ): void;
    UngrabKeyboard(time: number): void;
    GrabPointer(
      window: number,
      ownerEvents: boolean,
      mask: number,
      pointerMode: number,
      keyboardMode: number,
      confineTo: number,
      cursor: number,
      time: number,
      done: Callback<number>,
    ): void;
    UngrabPointer(time: number): void;
    ConvertSelection(
      requestor: number,
      selection: number,
      target: number,
      property: number,
      time: number,
    ): void;
    GetFontPath(done: Callback<unknown>): void;
    SendClientMessage(
      destination: number,
      window: number,
      type: number,
      format: 32,
      data: readonly number[],
      eventMask?: number,
    ): void;
  }

  export const eventMask: Readonly<Record<string, number>>;

  export function createClient(
    options: { readonly display: string; readonly auth?: { readonly name: string; readonly data: string } },
    done: Callback<XDisplay>,
  ): XClient;

  const x11: { readonly createClient: typeof createClient; readonly eventMask: typeof eventMask };
  export default x11;
}
