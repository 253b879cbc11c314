import type { Protocol } from 'devtools-protocol';
import { z } from 'zod';
import type { CdpSession } from '../cdp/connection.ts';
import { CommandFailed } from '../cdp/connection.ts';
import { DocumentGone } from './failure.ts';
import type { Frame } from './frame.ts';
import { withValue } from './script-form.ts';

/** The script threw, or is none; the message has its words. */
export class ScriptFailed extends Error {
  override readonly name = 'ScriptFailed';
}

const about = z.object({ frameId: z.string().optional(), isDefault: z.boolean().default(false) });

type Evaluated = Protocol.Runtime.EvaluateResponse;

/**
 * Runs a script in the world of the page and gives its result as JSON, promises awaited. A function is called, with
 * the element that `element` is a handle of.
 *
 * @throws ScriptFailed, DocumentGone
 */
export async function evaluateIn(
  frame: Frame,
  { script, element }: { readonly script: string; readonly element: string | null },
  signal: AbortSignal,
): Promise<string> {
  try {
    const { result, exceptionDetails } =
      element === null
        ? await evaluated(frame, script, signal)
        : await calledWith(frame.session, { script, element }, signal);
    if (exceptionDetails === undefined) return shown(result);
    const { exception, text } = exceptionDetails;
    throw new ScriptFailed(exception?.description ?? thrown(exception) ?? text);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    if (/context|navigated/.test(error.message))
      throw new DocumentGone('the script left the page', { cause: error });
    throw new ScriptFailed(error.message, { cause: error });
  }
}

async function evaluated(frame: Frame, script: string, signal: AbortSignal): Promise<Evaluated> {
  const contextId = await contextOf(frame, signal);
  const run = (expression: string): Promise<Evaluated> =>
    frame.session.send(
      'Runtime.evaluate',
      {
        ...{ expression, awaitPromise: true, returnByValue: true, userGesture: true },
        ...(contextId !== null && { contextId }),
      },
      { signal },
    );
  const first = await run(withValue(script));
  return first.result.type === 'function' ? run(`(\n${script}\n)()`) : first;
}

const calledWith = (
  session: CdpSession,
  { script, element }: { readonly script: string; readonly element: string },
  signal: AbortSignal,
): Promise<Evaluated> =>
  session.send(
    'Runtime.callFunctionOn',
    {
      ...{ functionDeclaration: script, objectId: element, arguments: [{ objectId: element }] },
      ...{ awaitPromise: true, returnByValue: true, userGesture: true },
    },
    { signal },
  );

/** The page's own world in a frame; `null` for the one that a session means when it is not told. */
async function contextOf(frame: Frame, signal: AbortSignal): Promise<number | null> {
  const { session, parent } = frame;
  if (parent === null || parent.session !== session) return null;
  const found: number[] = [];
  const stop = session.on('Runtime.executionContextCreated', ({ context }) => {
    const { frameId, isDefault } = about.parse(context.auxData);
    if (frameId === frame.id && isDefault) found.push(context.id);
  });
  try {
    // all that are there are told before the answer
    await session.send('Runtime.enable', undefined, { signal });
    await session.send('Runtime.disable', undefined, { signal });
  } finally {
    stop();
  }
  const [contextId] = found;
  if (contextId === undefined) throw new DocumentGone(`frame ${frame.ordinal} has no document`);
  return contextId;
}

function shown({ type, subtype, value, unserializableValue }: Protocol.Runtime.RemoteObject): string {
  if (unserializableValue !== undefined) return unserializableValue;
  if (type === 'undefined') return 'undefined';
  if (subtype === 'node') return '{} (a node: return something of it, such as its textContent)';
  return value === undefined ? type : JSON.stringify(value);
}

const thrown = (exception: Protocol.Runtime.RemoteObject | undefined): string | null =>
  exception?.value === undefined ? null : `threw ${JSON.stringify(exception.value)}`;
