import { ProtocolError, type CallToolResult } from '@modelcontextprotocol/client';
import { isAuth, ServerUnavailable } from '../servers/unavailable.ts';
import type { z } from 'zod';
import { promptInput, refuseMisfit } from '../catalog/prompt-call.ts';
import { listInput, readInput, resourcesText } from '../catalog/resource-tools.ts';
import type { Link, LinkCall } from '../servers/link.ts';
import { NotSent } from '../process/stdio-transport.ts';
import { Deadline } from './deadline.ts';
import type { Forms } from './forms.ts';
import type { Sampling } from './sampling.ts';
import { digestOf } from '../pins/pins.ts';
import { Failure, Parked, Refusal, type KnownCall } from './policy-call.ts';

/** Who answers what a server asks during a call. */
interface AskedOf {
  readonly forms: Forms;
  readonly sampling: Sampling;
}

/**
 * Makes the call. When the server died, one that did not reach it or has no effects is made once more.
 *
 * @throws Failure, Parked, or whatever the caller's signal was aborted with
 */
export async function performed(call: KnownCall, asked: AskedOf): Promise<CallToolResult> {
  try {
    return await performedOnce(call, asked);
  } catch (error) {
    const isDead = error instanceof Failure && error.code === 'server_died';
    if (!isDead || !(isHarmless(call) || error.cause instanceof NotSent)) throw error;
    return performedOnce(call, asked);
  }
}

function isHarmless({ known }: KnownCall): boolean {
  const { readOnlyHint, idempotentHint } = known.tool.annotations ?? {};
  return readOnlyHint === true || idempotentHint === true;
}

async function performedOnce(call: KnownCall, { forms, sampling }: AskedOf): Promise<CallToolResult> {
  const { known, options } = call;
  const { server } = known;
  const link = await readyLink(call);
  refuseMissing(call, link);
  const deadline = new Deadline(server.about.timeoutMs);
  const parked = new AbortController();
  // ours ask before they act, and in 2026-07-28 a question is the end of a call
  const isBegun = !server.about.isOwn && !isHarmless(call) && link.verdict.kind === 'legacy';
  const signal = AbortSignal.any([options.signal, deadline.signal, parked.signal]);
  const waiting = <T>(ask: () => Promise<T>): Promise<T> => deadline.while(() => parking(parked, ask));
  try {
    const result = await made(call, link, {
      signal,
      asked: {
        elicit: (params, over) =>
          waiting(() => forms.answer(call, { params, isBegun }, AbortSignal.any([signal, over]))),
        sample: (params, over) =>
          waiting(() => sampling.answer(call, params, AbortSignal.any([signal, over]))),
      },
      ...(options.progress && { progress: options.progress }),
    });
    server.answered();
    return result;
  } catch (error) {
    options.signal.throwIfAborted();
    if (parked.signal.aborted) throw parked.signal.reason;
    if (error instanceof Refusal) throw error;
    if (deadline.isPast) throw timedOut(call, link);
    throw failureOf(call, link, error);
  } finally {
    deadline.end();
  }
}

function made({ known, input }: KnownCall, link: Link, options: LinkCall): Promise<CallToolResult> {
  switch (known.kind) {
    case 'tool':
      return link.call(known.tool, input, options);
    case 'list_resources':
      return listed(link, listInput.parse(input).offset, options.signal);
    case 'read_resource':
      return link.read(readInput.parse(input).uri, options);
    case 'sample':
      throw new TypeError('the model is asked, and not the server');
    case 'get_prompt':
      return prompted(link, promptInput.parse(input), { ...options, timeout: known.server.about.startupMs });
  }
}

async function listed(link: Link, offset: number, signal: AbortSignal): Promise<CallToolResult> {
  return { content: [{ type: 'text', text: resourcesText(await link.resources.list(signal), offset) }] };
}

async function prompted(
  link: Link,
  input: z.output<typeof promptInput>,
  options: LinkCall & { readonly timeout: number },
): Promise<CallToolResult> {
  await refuseMisfit(link, input, options);
  return link.prompt(input.name, input.arguments, options);
}

function refuseMissing(call: KnownCall, link: Link): void {
  const { kind, server } = call.known;
  const { name } = server.about;
  if (kind === 'tool') refuseAnother(call);
  else if (kind === 'get_prompt' && !link.prompts.areOffered)
    throw new Failure('no_prompts', `The server ${name} offers no prompts.`);
  else if (kind !== 'get_prompt' && !link.resources.areOffered)
    throw new Failure('no_resources', `The server ${name} offers nothing to read.`);
}

/** It was judged as it was; a server may have listed another one in its place since. */
function refuseAnother({ known: { name, server, tool } }: KnownCall): void {
  const now = server.tools.find((one) => one.name === tool.name);
  if (now !== undefined && (server.about.isOwn || digestOf(now) === digestOf(tool))) return;
  throw now === undefined
    ? new Refusal(
        'tool_gone',
        `The server ${server.about.name} has no tool ${name} any more; nothing was done.`,
      )
    : new Refusal(
        'tool_changed',
        `The server changed ${name} just now; nothing was done. A second call asks the person.`,
      );
}

async function readyLink({ known, options }: KnownCall): Promise<Link> {
  try {
    return await known.server.ready(options.signal);
  } catch (error) {
    if (error instanceof ServerUnavailable)
      throw new Failure(error.code, `Nothing was done: ${error.message}`);
    throw error;
  }
}

/** A question that nobody answers ends the call; the server is told that it was given up. */
async function parking<T>(parked: AbortController, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Parked) parked.abort(error);
    throw error;
  }
}

function timedOut({ known }: KnownCall, link: Link): Failure {
  void known.server.check(link);
  const seconds = known.server.about.timeoutMs / 1000;
  return new Failure(
    'timeout',
    `${known.name} did not answer within ${seconds} s and was told to stop; part of it may have happened.`,
  );
}

function failureOf({ known }: KnownCall, link: Link, error: unknown): Failure {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof ProtocolError) {
    known.server.answered();
    return new Failure(
      'protocol_error',
      `The server ${known.server.about.name} refused the call: ${JSON.stringify(reason.slice(0, 1000))}`,
    );
  }
  known.server.judge(link, error);
  if (isAuth(error))
    return new Failure(
      'needs_auth',
      `The server ${known.server.about.name} wants to know who you are; nothing was done. The person can log in: deskhand mcp login ${known.server.about.name}`,
    );
  if (error instanceof NotSent) link.kill(error.message);
  if (link.isOver)
    return new Failure(
      'server_died',
      `The server ${known.server.about.name} ended during ${known.name}: part of it may have happened. It is started again.`,
      error,
    );
  return new Failure('call_failed', `${known.name} failed: ${JSON.stringify(reason.slice(0, 1000))}`);
}
