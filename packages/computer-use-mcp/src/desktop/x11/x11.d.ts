/** The part of the `x11` package that the adapter uses; the package ships no types. */
declare module 'x11' {
  import type { EventEmitter } from 'node:events';
  import type { Duplex } from 'node:stream';

  type Reply<T> = (error: XError | null | undefined, value: T) => boolean | undefined;
  type Done = (error: XError | null | undefined) => boolean | undefined;

  export interface XError extends Error {
    /** The protocol's error code: 3 BadWindow, 9 BadDrawable, 10 BadAccess. */
    readonly error?: number;
    readonly code?: string;
  }

  export interface XEvent {
    readonly name?: string;
    readonly type?: number;
    readonly wid?: number;
    readonly atom?: number;
    /** Of events of X Input 2: the device that reports it, and the one that it comes from. */
    readonly deviceId?: number;
    readonly sourceId?: number;
    /** The key or button. */
    readonly detail?: number;
    /** Of a DamageNotify. */
    readonly damage?: number;
    /** Of a property: 0 new value, 1 deleted. */
    readonly state?: number;
    readonly time?: number;
    readonly owner?: number;
    readonly requestor?: number;
    readonly selection?: number;
    readonly target?: number;
    readonly property?: number;
    /** As it came: the first byte has the highest bit set when a client sent it and not the server. */
    readonly rawData?: Buffer;
  }

  export interface Display {
    readonly client: XClient;
    readonly screen: readonly {
      readonly root: number;
      readonly pixel_width: number;
      readonly pixel_height: number;
    }[];
    readonly resource_base: number;
    readonly resource_mask: number;
    readonly min_keycode: number;
    readonly max_keycode: number;
  }

  export interface Property {
    readonly type: number;
    readonly format: number;
    readonly data: Buffer;
    readonly bytesAfter: number;
  }

  export interface XTest {
    readonly KeyPress: number;
    readonly KeyRelease: number;
    readonly ButtonPress: number;
    readonly ButtonRelease: number;
    readonly MotionNotify: number;
    FakeInput(type: number, detail: number, time: number, window: number, x: number, y: number): void;
  }

  export interface XRes {
    readonly ClientIdMask: { readonly LocalClientPID: number };
    QueryClientIds(
      specs: readonly { client: number; mask: number }[],
      reply: Reply<
        readonly { readonly client: number; readonly mask: number; readonly value: readonly number[] }[]
      >,
    ): void;
  }

  export interface Shape {
    readonly Kind: { readonly Bounding: number; readonly Clip: number; readonly Input: number };
    GetRectangles(
      window: number,
      kind: number,
      reply: Reply<{ readonly rectangles: readonly (readonly [number, number, number, number])[] }>,
    ): void;
  }

  export interface ShmSegment {
    readonly size: number;
    readonly buffer: Buffer;
    getImage(
      drawable: number,
      x: number,
      y: number,
      width: number,
      height: number,
      planeMask: number,
      format: undefined,
      offset: number,
      reply: Reply<{ readonly size: number }>,
    ): void;
    detach(done?: () => void): void;
  }

  export interface Shm {
    usable(reply: Reply<boolean>): void;
    createSegment(size: number, reply: Reply<ShmSegment>): void;
  }

  export interface XInput {
    readonly majorOpcode: number;
    readonly DeviceType: { readonly FloatingSlave: number };
    XIQueryDevice(
      device: number,
      reply: Reply<readonly { readonly name: string; readonly use: number }[]>,
    ): void;
    /** Replaces what was selected for the device before. */
    XISelectEvents(
      window: number,
      selection: { readonly deviceId: number; readonly mask: readonly string[] },
    ): void;
  }

  export interface Sync {
    Initialize(major: number, minor: number, reply: Reply<unknown>): void;
    ListSystemCounters(reply: Reply<readonly { readonly counter: number; readonly name: string }[]>): void;
    QueryCounter(counter: number, reply: Reply<number>): void;
  }

  /** Extensions that only some connections ask for. */
  export interface OptionalExtensions {
    sync: Sync;
    damage: Damage;
    fixes: Fixes;
  }

  export interface Damage {
    readonly ReportLevel: { readonly NonEmpty: number };
    Create(damage: number, drawable: number, level: number): void;
    Destroy(damage: number): void;
    /** Moves what `repair` (0 is all) holds of the damage into the region `parts` (0 is nowhere). */
    Subtract(damage: number, repair: number, parts: number): void;
  }

  export interface XRectangle {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  }

  export interface Fixes {
    readonly firstEvent: number;
    SelectSelectionInput(window: number, selection: number, mask: number): void;
    CreateRegion(region: number, rects: readonly XRectangle[]): void;
    DestroyRegion(region: number): void;
    SetRegion(region: number, rects: readonly XRectangle[]): void;
    IntersectRegion(a: number, b: number, into: number): void;
    RegionExtents(region: number, into: number): void;
    FetchRegion(region: number, reply: Reply<{ readonly extents: XRectangle }>): void;
  }

  export interface Extensions {
    xtest: XTest;
    res: XRes;
    shape: Shape;
    shm: Shm;
    xinput: XInput;
  }

  export interface XClient extends EventEmitter {
    readonly stream: Duplex;
    /** Names already looked up; the package shares one table between all connections. */
    atoms: Readonly<Record<string, number>>;
    /** For requests that the package does not have: counted up before each. */
    seq_num: number;
    /** The reader of a reply, which gets it from its ninth byte on, and who is told. */
    readonly replies: Record<number, readonly [read: (reply: Buffer) => unknown, told: Reply<unknown>]>;
    /** The last request without a reply whose end somebody waits for. */
    readonly _last_void_seq: number;
    /** Tells whoever waits for requests without a reply up to that one that they were done. */
    _sweepVoid(seq: number): void;
    readonly pack_stream: { put(request: Buffer): void; submit(hasReply?: boolean): unknown };
    require<Name extends keyof Extensions>(name: Name, reply: Reply<Extensions[Name]>): void;
    require<Name extends keyof OptionalExtensions>(name: Name, reply: Reply<OptionalExtensions[Name]>): void;
    terminate(): void;
    QueryExtension(
      name: string,
      reply: Reply<{ readonly present: number; readonly majorOpcode: number }>,
    ): void;
    GetAtomName(atom: number, reply: Reply<string>): void;
    AllocID(): number;
    ReleaseID(id: number): void;
    MapWindow(window: number): void;
    ConfigureWindow(
      window: number,
      values: { readonly x: number; readonly y: number; readonly stackMode: number },
    ): void;
    GetKeyboardControl(
      reply: Reply<{ readonly globalAutoRepeat: number; readonly autoRepeats: Buffer }>,
    ): void;
    ChangeKeyboardControl(values: { readonly key: number; readonly autoRepeatMode: number }): void;
    GrabServer(): void;
    UngrabServer(): void;
    CreateWindow(
      id: number,
      parent: number,
      x: number,
      y: number,
      width: number,
      height: number,
      borderWidth: number,
      depth: number,
      windowClass: number,
      visual: number,
      values: {
        readonly eventMask?: number;
        readonly overrideRedirect: number;
        readonly backgroundPixel?: number;
      },
    ): void;
    ChangeProperty(
      mode: number,
      window: number,
      name: number,
      type: number,
      format: 8 | 16 | 32,
      data: Buffer | readonly number[],
    ): void;
    InternAtom(onlyIfExists: boolean, name: string, reply: Reply<number>): void;
    GetProperty(
      remove: number,
      window: number,
      name: number,
      type: number,
      offset: number,
      length: number,
      reply: Reply<Property>,
    ): void;
    GetInputFocus(reply: Reply<{ readonly focus: number; readonly revertTo: number }>): void;
    SetInputFocus(window: number, revertTo: number): void;
    GetSelectionOwner(selection: number, reply: Reply<number>): void;
    SetSelectionOwner(owner: number, selection: number, time: number): void;
    ConvertSelection(
      requestor: number,
      selection: number,
      target: number,
      property: number,
      time: number,
    ): void;
    SendEvent(destination: number, propagate: number, eventMask: number, event: object): void;
    DestroyWindow(window: number): void;
    DeleteProperty(window: number, name: number): void;
    QueryTree(
      window: number,
      reply: Reply<{ readonly parent: number; readonly children: readonly number[] }>,
    ): void;
    GetWindowAttributes(
      window: number,
      reply: Reply<{ readonly klass: number; readonly mapState: number; readonly overrideRedirect: number }>,
    ): void;
    GetGeometry(
      drawable: number,
      reply: Reply<{
        readonly depth: number;
        readonly xPos: number;
        readonly yPos: number;
        readonly width: number;
        readonly height: number;
        readonly borderWidth: number;
      }>,
    ): void;
    TranslateCoordinates(
      from: number,
      to: number,
      x: number,
      y: number,
      reply: Reply<{ readonly child: number; readonly destX: number; readonly destY: number }>,
    ): void;
    QueryPointer(
      window: number,
      reply: Reply<{
        readonly child: number;
        readonly rootX: number;
        readonly rootY: number;
        readonly keyMask: number;
      }>,
    ): void;
    GrabPointer(
      window: number,
      ownerEvents: boolean,
      mask: number,
      pointerMode: number,
      keyboardMode: number,
      confineTo: number,
      cursor: number,
      time: number,
      reply: Reply<number>,
    ): void;
    UngrabPointer(time: number): void;
    GrabButton(
      window: number,
      ownerEvents: boolean,
      mask: number,
      pointerMode: number,
      keyboardMode: number,
      confineTo: number,
      cursor: number,
      button: number,
      modifiers: number,
    ): void;
    UngrabButton(window: number, button: number, modifiers: number): void;
    GrabKeyboard(
      window: number,
      ownerEvents: boolean,
      time: number,
      pointerMode: number,
      keyboardMode: number,
      reply: Reply<number>,
    ): void;
    UngrabKeyboard(time: number): void;
    GrabKey(
      window: number,
      ownerEvents: boolean,
      modifiers: number,
      key: number,
      pointerMode: number,
      keyboardMode: number,
      done: Done,
    ): void;
    UngrabKey(window: number, key: number, modifiers: number, done: Done): void;
    AllowEvents(mode: number, time: number): void;
    ChangeWindowAttributes(window: number, values: { readonly eventMask: number }): void;
    GetKeyboardMapping(first: number, count: number, reply: Reply<readonly (readonly number[])[]>): void;
    ChangeKeyboardMapping(first: number, perKey: number, keysyms: readonly number[]): void;
    GetModifierMapping(reply: Reply<readonly (readonly number[])[]>): void;
    GetImage(
      format: number,
      drawable: number,
      x: number,
      y: number,
      width: number,
      height: number,
      planeMask: number,
      reply: Reply<{ readonly data: Buffer }>,
    ): void;
    SendClientMessage(
      destination: number,
      window: number,
      type: number,
      format: number,
      data: readonly number[],
      eventMask?: number,
    ): void;
  }

  interface X11Module {
    createClient(
      options: {
        readonly display: string;
        readonly auth?: { readonly name: string; readonly data: string } | undefined;
        readonly bufferRequests?: { readonly flushOnReply: boolean };
      },
      ready: (error: XError | null | undefined, display: Display) => void,
    ): XClient;
    readonly eventMask: {
      readonly PropertyChange: number;
      readonly StructureNotify: number;
      readonly SubstructureNotify: number;
      readonly ButtonPress: number;
      readonly ButtonRelease: number;
      readonly PointerMotion: number;
      readonly KeyPress: number;
      readonly KeyRelease: number;
    };
    readonly keySyms: Readonly<
      Record<string, { readonly code?: number; readonly description?: string | null } | number>
    >;
  }

  const x11: X11Module;
  export default x11;
}
