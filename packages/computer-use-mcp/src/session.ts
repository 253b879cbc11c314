import { ToolError, type Asking, type CallContext } from '@deskhand/server-runtime';
import {
  TIERS,
  appKey,
  classify,
  decide,
  lowest,
  mayShow,
  recordDecision,
  tierOf,
  type Action,
  type AppGrant,
  type AppIdentity,
  type Decision,
  type Policy,
  type RecordedDecision,
  type Subject,
  type Tier,
} from '@deskhand/tier-policy';
import type { Accessibility } from './accessibility/accessibility.ts';
import type { Access } from './access.ts';
import type { AppDirectory } from './app-directory.ts';
import { capturedSize, fitToBudget, toImage, toScreen, type Display, type Frame } from './core/frame.ts';
import { contains, type Point, type Rect } from './core/geometry.ts';
import type { ChangeWatch } from './desktop/changes.ts';
import { ComparedChanges } from './desktop/compared-changes.ts';
import type { Desktop, Judge, Judged, Scene } from './desktop/desktop.ts';
import { DesktopUnavailable } from './desktop/failure.ts';
import type { Recognition } from './recognition/recognition.ts';
import type { ScreenWatch } from './screen-watch.ts';
import { Sights, type Sight } from './sight.ts';
import type { Takeover } from './takeover.ts';
import type { TerminalSightings } from './terminal-sightings.ts';

/** Patches of a picture that the model can take without it being scaled down again. */
const PICTURE_BUDGET = 1568;

export interface SessionParts {
  readonly desktop: Desktop;
  readonly access: Access;
  readonly directory: AppDirectory;
  readonly asking: Asking;
  readonly policy: Policy;
  readonly accessibility: Accessibility;
  readonly takeover: Takeover;
  readonly recognition: Recognition;
  readonly screenWatch: ScreenWatch;
  readonly terminals: TerminalSightings;
}

/** What an answer says of an application. */
export interface AppSummary {
  readonly app: string;
  readonly executable: string | null;
  readonly tier: string;
  readonly granted: boolean;
}

/** What the tools of one agent share: the desktop, what was allowed, and the picture that coordinates refer to. */
export class DesktopSession {
  readonly desktop: Desktop;
  readonly access: Access;
  readonly directory: AppDirectory;
  readonly asking: Asking;
  readonly policy: Policy;
  readonly accessibility: Accessibility;
  readonly takeover: Takeover;
  readonly recognition: Recognition;
  readonly screenWatch: ScreenWatch;
  readonly terminals: TerminalSightings;
  readonly #compared: ComparedChanges;
  readonly #sights: Sights;
  /** One action comes right after the other, so none waits for longer than the next one needs. */
  isInBatch = false;
  #frames = 0;
  #display: string | null = null;
  #current: { readonly frame: Frame; readonly basis: string } | null = null;

  constructor(parts: SessionParts) {
    this.desktop = parts.desktop;
    this.access = parts.access;
    this.directory = parts.directory;
    this.asking = parts.asking;
    this.policy = parts.policy;
    this.accessibility = parts.accessibility;
    this.takeover = parts.takeover;
    this.recognition = parts.recognition;
    this.screenWatch = parts.screenWatch;
    this.terminals = parts.terminals;
    this.#compared = new ComparedChanges(parts.desktop);
    this.#sights = new Sights(parts.accessibility);
  }

  /** The frame of a picture taken now; a new one whenever the display or the grants changed. */
  async frame(): Promise<Frame> {
    const display = displayNamed(this.#display, await this.displays());
    const grants = this.access.all().map(({ id }) => id);
    const basis = JSON.stringify([display, grants]);
    if (this.#current?.basis !== basis) {
      this.#frames += 1;
      const image = fitToBudget(capturedSize(display), PICTURE_BUDGET);
      this.#current = { frame: { id: `f${this.#frames}`, display, image }, basis };
    }
    return this.#current.frame;
  }

  /** The main display first; never empty. */
  async displays(): Promise<readonly Display[]> {
    const { displays } = this.desktop;
    if (displays !== null) return displays.list();
    return [{ name: 'screen', x: 0, y: 0, ...(await this.desktop.screen()), scale: 1 }];
  }

  /** Pictures and coordinates are of this display from now on, and of the main one when it is gone. */
  switchDisplay(name: string): void {
    this.#display = name;
  }

  /** A display as this session may see it: without what is not granted, and without password fields. */
  async see(display: Display, call: CallContext): Promise<Sight> {
    const shows = (subject: Subject) => this.mayShow(subject);
    const take = () => this.desktop.capture(shows, { area: display });
    const first = await this.#sights.look({ display, take, signal: call.signal });
    const isTouched = await this.access.readTouched(call.signal);
    return isTouched ? this.#sights.look({ display, take, signal: call.signal }) : first;
  }

  /** The current frame, which must be the one that a coordinate was read from. */
  async frameNamed(frameId: string | undefined): Promise<Frame> {
    const frame = await this.frame();
    if (frameId === undefined || frameId === frame.id) return frame;
    throw new ToolError(
      'stale_frame',
      `Frame ${frameId} is out of date: the screen or the grants changed since`,
      {
        hint: 'Take a new screenshot and use its coordinates and frame.',
        details: { frame: frame.id },
      },
    );
  }

  /** The pixel of the screen that a coordinate of a picture means. */
  async locate(coordinate: readonly number[], frameId: string | undefined): Promise<Point> {
    const frame = await this.frameNamed(frameId);
    const [x = -1, y = -1] = coordinate;
    const { width, height } = frame.image;
    if (!contains({ x: 0, y: 0, width, height }, { x, y })) {
      throw new ToolError(
        'outside_screen',
        `[${x}, ${y}] is not on the picture, which is ${width} x ${height}`,
        {
          hint: `Use x from 0 to ${width - 1} and y from 0 to ${height - 1}, in pixels of the last screenshot.`,
        },
      );
    }
    return toScreen(frame, { x, y });
  }

  /** Where on the picture a pixel of the screen is. */
  async toPicture(at: Point): Promise<readonly [number, number]> {
    const { x, y } = toImage(await this.frame(), at);
    return [x, y];
  }

  /**
   * Does something that is judged; when it was refused because an executable was touched since its approval, and
   * its content is still the approved one, does it once more.
   */
  async withReadApprovals<T extends Judged>(call: CallContext, work: () => Promise<T>): Promise<T> {
    // a file of many grants is read anew before other programs are held up, not while
    this.access.all();
    const first = await work();
    if (first.decision.allowed || !(await this.access.readTouched(call.signal))) return first;
    return work();
  }

  /** Notices what changes in the pictures of this session, in a part of the desktop or wherever it can. */
  async watch(part?: Rect): Promise<ChangeWatch> {
    const mayShow = (subject: Subject): boolean => this.mayShow(subject);
    const { changes } = this.desktop;
    if (changes !== null) return changes.watch({ mayShow, ...(part !== undefined && { region: part }) });
    return this.#compared.watch({ mayShow, region: part ?? (await this.frame()).display });
  }

  /** To be awaited before an action is judged that a terminal must not get. */
  lookForTerminals(action: Action, at: readonly Point[] = []): Promise<void> {
    const mayShow = (subject: Subject): boolean => this.mayShow(subject);
    return this.terminals.look(action, at, { desktop: this.desktop, mayShow });
  }

  /** Decides on an action at the moment when its scene is read. */
  judge(action: Action): Judge {
    return (scene) => this.decide(action, scene);
  }

  decide(action: Action, read: Scene): Decision {
    const scene = this.terminals.in(read);
    const grants = this.access.for([scene.frontmost, ...scene.recipients]);
    const decision = decide({
      action,
      frontmost: scene.frontmost,
      recipient: scene.recipients,
      grants,
      policy: this.policy,
    });
    const needsFlag = decision.allowed && scene.isShortcut === true;
    return needsFlag && !haveShortcuts(grants) ? shortcutRefusal(decision) : decision;
  }

  /** What the session wrote on the clipboard ends with it. */
  close(): Promise<void> {
    this.desktop.clipboard?.withdraw(this);
    return Promise.resolve();
  }

  /** Says in an answer that does not say it yet who is in front, and at which tier. */
  async complete(said: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    if (said['tier'] !== undefined) return said;
    try {
      return { ...this.describe(await this.desktop.frontmost()), ...said };
    } catch {
      return { tier: 'none', frontmost: null, ...said }; // the answer itself says what is wrong with the desktop
    }
  }

  /** The part of every answer that says who was in front and at which tier. */
  describe(scene: Scene, tier?: string): Readonly<Record<string, unknown>> {
    const frontmost = this.summary(scene.frontmost);
    return {
      tier: tier ?? frontmost?.tier ?? 'none',
      frontmost: frontmost === null ? null : { ...frontmost, window: scene.frontmostWindow },
    };
  }

  summary(subject: Subject): AppSummary | null {
    if (subject.kind === 'unknown') return null;
    const { app } = subject;
    const key = appKey(app);
    return {
      app: nameOf(app),
      executable: app.executable,
      tier: this.tierOf(app),
      granted: this.access.for([subject]).some((grant) => grant.app === key && grant.decision === 'allow'),
    };
  }

  /** What class and policy allow, and of a granted application no more than the person did. */
  tierOf(app: AppIdentity): Tier {
    const key = appKey(app);
    const tier = tierOf(app, this.policy);
    const allowed = this.access
      .for([{ kind: 'app', app }])
      .flatMap((grant) =>
        grant.app === key && grant.decision === 'allow' ? [lowest(tier, grant.tier ?? 'full')] : [],
      );
    return TIERS.findLast((candidate) => allowed.includes(candidate)) ?? tier;
  }

  mayShow(subject: Subject): boolean {
    return mayShow(subject, this.access.for([subject]), this.policy);
  }

  /** Records the decision, and throws it when it is a refusal. */
  settle(action: Action, { decision, scene }: Judged, call: CallContext): void {
    call.note(this.record(action, { decision, scene }));
    if (!decision.allowed) throw this.refusal(decision, scene);
  }

  /** What the ledger keeps of a decision: all that is needed to decide again, and no text that was typed. */
  record(action: Action, { decision, scene }: Judged): RecordedDecision {
    const { frontmost, recipients: recipient } = this.terminals.in(scene);
    const grants = this.access.for([frontmost, ...recipient]);
    return recordDecision({ action, frontmost, recipient, grants, policy: this.policy }, decision);
  }

  refusal(
    decision: Extract<Decision, { allowed: false }>,
    scene: Scene,
    more: Record<string, unknown> = {},
  ): ToolError {
    return new ToolError(decision.code, decision.message, {
      hint: decision.hint,
      details: {
        ...this.describe(scene, decision.tier),
        needed: decision.needed,
        blocker: decision.blocker,
        blockedBy:
          decision.app === null ? null : { app: nameOf(decision.app), executable: decision.app.executable },
        ...more,
      },
    });
  }
}

/** Every application involved was granted the right to system shortcuts; its allowances add up. */
function haveShortcuts(grants: readonly AppGrant[]): boolean {
  const apps = new Set(grants.map(({ app }) => app));
  const given = new Set(grants.flatMap(({ app, flags }) => (flags?.systemKeyCombos === true ? [app] : [])));
  return apps.size > 0 && apps.size === given.size;
}

function displayNamed(name: string | null, displays: readonly Display[]): Display {
  const display = displays.find((candidate) => candidate.name === name) ?? displays[0];
  if (display === undefined) throw new DesktopUnavailable('it has no display that is on');
  return display;
}

export const nameOf = (app: AppIdentity): string => classify(app).name;

function shortcutRefusal(decision: Extract<Decision, { allowed: true }>): Decision {
  return {
    allowed: false,
    code: 'combo_needs_flag',
    tier: decision.tier,
    needed: decision.needed,
    blocker: 'recipient',
    app: null,
    message:
      'Another program, such as the window manager, has reserved this key combination and would receive it',
    hint: 'Use the application itself, or request_access with systemKeyCombos: true.',
  };
}
