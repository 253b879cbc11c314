import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CommandFailed, ConnectionClosed, type CdpSession } from '../cdp/connection.ts';
import type { PageApi } from '../page/api.ts';
import { DocumentGone } from './failure.ts';
import { unlessAborted } from './turns.ts';

/** A document's place in a tab: the page itself, or a frame in it, in whatever process. */
export interface Frame {
  /** As the protocol names it. */
  readonly id: string;
  /** 0 is the page itself; others in the order in which they were seen in this tab, never given again. */
  readonly ordinal: number;
  readonly url: string;
  /** The session its commands go to; a frame in another process has its own. */
  readonly session: CdpSession;
  readonly parent: Frame | null;
  readonly children: readonly Frame[];
  /**
   * Calls a function of the page script, in the frame's isolated world.
   *
   * @throws DocumentGone when the document was replaced meanwhile
   */
  call<K extends keyof PageApi>(
    name: K,
    request: Parameters<PageApi[K]>[0],
    options: { readonly signal: AbortSignal },
  ): Promise<Awaited<ReturnType<PageApi[K]>>>;
  /**
   * Runs a function of ours in the isolated world, where it has `deskhand`; JSON in, JSON out.
   *
   * @throws DocumentGone when the document was replaced meanwhile
   */
  evaluate(
    functionDeclaration: string,
    request: unknown,
    options: { readonly signal: AbortSignal },
  ): Promise<unknown>;
  /** The ref, in the parent, of the element that holds this frame; `null` for the page itself. */
  ownerRef(signal: AbortSignal): Promise<number | null>;
  /** The ref of a node that the protocol names, given now if it has none. */
  refOf(backendNodeId: number, signal: AbortSignal): Promise<number>;
  /** A handle of the node with a ref, in the isolated world or in the page's own; `null` when it is gone. */
  node(ref: number, world: 'isolated' | 'page', signal: AbortSignal): Promise<string | null>;
}

interface FrameParts {
  readonly id: string;
  readonly ordinal: number;
  readonly url: string;
  readonly session: CdpSession;
  readonly parent: CdpFrame | null;
  readonly script: string;
}

/** Calls a function and says how far refs have got, so that the next document goes on from there. */
const CALL = `async function(name, request) {
  const answer = await deskhand[name](request);
  return { answer, nextRef: deskhand.nextRef() };
}`;

/** What a call says that came into another world than it was meant for. */
const ASTRAY = 'deskhand: another document';

/**
 * Numbers of worlds begin anew in every process, so that one may be that of another document's by now, whose page must
 * get nothing of the call: only the world that has the mark goes on. Refs go on where those of the frame have got to.
 */
const marked = (functionDeclaration: string): string => `async function(mark, firstRef, ...values) {
  if (globalThis.deskhandMark !== mark) throw ${JSON.stringify(ASTRAY)};
  deskhand.begin({ firstRef });
  return (${functionDeclaration}).apply(this, values);
}`;

const MARK = 'function(mark) { globalThis.deskhandMark = mark; }';

/** A world is made before it is needed; a page that stands still is not waited for longer. */
const AHEAD_MS = 15_000;

/** The isolated world of a document. */
interface World {
  readonly id: number;
  readonly mark: string;
}

const answered = <K extends keyof PageApi>() =>
  z.object({ answer: z.custom<Awaited<ReturnType<PageApi[K]>>>(), nextRef: z.number() });

export class CdpFrame implements Frame {
  readonly ordinal: number;
  readonly parent: CdpFrame | null;
  readonly children: CdpFrame[] = [];
  readonly #script: string;
  id: string;
  url: string;
  #session: CdpSession;
  #world: Promise<World> | null = null;
  #nextRef = 1;

  constructor({ id, ordinal, url, session, parent, script }: FrameParts) {
    this.id = id;
    this.ordinal = ordinal;
    this.url = url;
    this.#session = session;
    this.parent = parent;
    this.#script = script;
  }

  get session(): CdpSession {
    return this.#session;
  }

  /** The frame is in another process from now on. */
  moveTo(session: CdpSession): void {
    this.#session = session;
    this.#world = null;
  }

  /** Another document is in it from now on. */
  renew(url: string): void {
    this.url = url;
    this.#world = null;
  }

  /** Makes the world while the document still loads. */
  prepareWorld(): void {
    void this.#begunWorld(AbortSignal.timeout(AHEAD_MS));
  }

  async call<K extends keyof PageApi>(
    name: K,
    request: Parameters<PageApi[K]>[0],
    { signal }: { readonly signal: AbortSignal },
  ): Promise<Awaited<ReturnType<PageApi[K]>>> {
    const value = await this.#run(CALL, [{ value: name }, { value: request }], { signal, byValue: true });
    const { answer, nextRef } = answered<K>().parse(value.value);
    this.#nextRef = Math.max(this.#nextRef, nextRef);
    return answer;
  }

  async evaluate(
    functionDeclaration: string,
    request: unknown,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<unknown> {
    const wrapped = `async function(request) {
      const answer = await (${functionDeclaration})(request);
      return { answer, nextRef: deskhand.nextRef() };
    }`;
    const { value } = await this.#run(wrapped, [{ value: request }], { signal, byValue: true });
    const { answer, nextRef } = z
      .object({ answer: z.unknown().optional(), nextRef: z.number() })
      .parse(value);
    this.#nextRef = Math.max(this.#nextRef, nextRef);
    return answer;
  }

  async ownerRef(signal: AbortSignal): Promise<number | null> {
    if (this.parent === null) return null;
    const { session } = this.parent;
    const { backendNodeId } = await session.send('DOM.getFrameOwner', { frameId: this.id }, { signal });
    return this.parent.refOf(backendNodeId, signal);
  }

  async node(ref: number, world: 'isolated' | 'page', signal: AbortSignal): Promise<string | null> {
    const find = 'function(ref) { return deskhand.nodeOf(ref); }';
    const { objectId } = await this.#run(find, [{ value: ref }], { signal, byValue: false });
    if (objectId === undefined || world === 'isolated') return objectId ?? null;
    const { node } = await this.#session.send('DOM.describeNode', { objectId }, { signal });
    const { backendNodeId } = node;
    const { object } = await this.#session.send('DOM.resolveNode', { backendNodeId }, { signal });
    return object.objectId ?? null;
  }

  async refOf(backendNodeId: number, signal: AbortSignal): Promise<number> {
    const { id: executionContextId, mark } = await this.#inWorld(signal);
    const named = { backendNodeId, executionContextId };
    const { object } = await this.#session.send('DOM.resolveNode', named, { signal });
    const { objectId } = object;
    if (objectId === undefined) throw new DocumentGone('the element of the frame is gone');
    const functionDeclaration = marked(
      'function() { return { answer: deskhand.refOf(this), nextRef: deskhand.nextRef() }; }',
    );
    const { result, exceptionDetails } = await this.#session.send(
      'Runtime.callFunctionOn',
      {
        ...{ functionDeclaration, objectId, arguments: [{ value: mark }, { value: this.#nextRef }] },
        ...{ returnByValue: true, awaitPromise: true },
      },
      { signal },
    );
    if (exceptionDetails?.exception?.value === ASTRAY) throw new DocumentGone('the frame was replaced');
    const { answer, nextRef } = z.object({ answer: z.number(), nextRef: z.number() }).parse(result.value);
    this.#nextRef = Math.max(this.#nextRef, nextRef);
    return answer;
  }

  async #run(
    functionDeclaration: string,
    args: { readonly value: unknown }[],
    { signal, byValue }: { readonly signal: AbortSignal; readonly byValue: boolean },
  ): Promise<{ readonly value?: unknown; readonly objectId?: string }> {
    const send = async ({ id: executionContextId, mark }: World) => {
      const sent = await this.#session.send(
        'Runtime.callFunctionOn',
        {
          functionDeclaration: marked(functionDeclaration),
          ...{ executionContextId, arguments: [{ value: mark }, { value: this.#nextRef }, ...args] },
          ...{ returnByValue: byValue, awaitPromise: true },
        },
        { signal },
      );
      if (sent.exceptionDetails?.exception?.value === ASTRAY) throw new Astray();
      return sent;
    };
    const { result, exceptionDetails } = await this.#translated(async () => {
      const world = await this.#inWorld(signal);
      try {
        return await send(world);
      } catch (error) {
        if (!isUnknownContext(error) && !(error instanceof Astray)) throw error;
        // nothing ran: the document was replaced before
        this.#world = null;
        return send(await this.#inWorld(signal));
      }
    });
    if (exceptionDetails === undefined) return result;
    const { description } = exceptionDetails.exception ?? {};
    throw new Error(`the page script failed: ${description ?? exceptionDetails.text}`);
  }

  async #translated<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isGone(error) && !(error instanceof Astray)) throw error;
      throw new DocumentGone(`the document of frame ${this.ordinal} was replaced`, { cause: error });
    }
  }

  async #inWorld(signal: AbortSignal): Promise<World> {
    const known = this.#world;
    if (known !== null) {
      // one that was begun for another document, or by a call that was given up, is made again
      const world = await unlessAborted(known, signal).catch(() => null);
      if (world !== null) return world;
      signal.throwIfAborted();
    }
    return this.#begunWorld(signal);
  }

  #begunWorld(signal: AbortSignal): Promise<World> {
    const world = this.#createWorld(signal);
    this.#world = world;
    world.catch(() => {
      if (this.#world === world) this.#world = null;
    });
    return world;
  }

  async #createWorld(signal: AbortSignal): Promise<World> {
    const session = this.#session;
    const named = { frameId: this.id, worldName: 'deskhand' };
    const { executionContextId } = await session.send('Page.createIsolatedWorld', named, { signal });
    const mark = randomUUID();
    const [{ exceptionDetails }, , again] = await Promise.all([
      // always the same text, which the browser then has compiled already
      session.send(
        'Runtime.evaluate',
        { expression: this.#script, contextId: executionContextId },
        { signal },
      ),
      session.send(
        'Runtime.callFunctionOn',
        { functionDeclaration: MARK, executionContextId, arguments: [{ value: mark }] },
        { signal },
      ),
      // of one document there is one world of a name: with another number it was another document that got the script
      session.send('Page.createIsolatedWorld', named, { signal }),
    ]);
    if (again.executionContextId !== executionContextId) throw new Astray();
    if (exceptionDetails === undefined) return { id: executionContextId, mark };
    throw new Error(`the page script did not start: ${exceptionDetails.exception?.description ?? ''}`);
  }
}

/** What was sent came to another document; nothing was done there. */
class Astray extends Error {
  override readonly name = 'Astray';
}

const isUnknownContext = (error: unknown): boolean =>
  error instanceof CommandFailed && /Cannot find context/.test(error.message);

/** Whatever the browser says when the document goes away during a command. */
const isGone = (error: unknown): boolean =>
  error instanceof ConnectionClosed ||
  (error instanceof CommandFailed &&
    /context|navigated or closed|No frame|Frame with the given|not attached|No node|not found/i.test(
      error.message,
    ));
