import { invalid } from './api-error.ts';
import type { ModelRules } from './models.ts';
import { blocksOf, type CountRequest, type MessagesRequest, type RequestBlock } from './request.ts';
import { signatureOf } from './signature.ts';
import { checkReferences, checkTools } from './tool-rules.ts';

const MOST_BREAKPOINTS = 4;

/**
 * What the shape of a request does not say.
 *
 * @throws ApiError where the service would refuse it
 */
export function check(request: CountRequest, { isStrict, loadsTools }: ModelRules): void {
  checkRoles(request);
  checkPairs(request);
  checkThinking(request);
  checkTools(request);
  checkReferences(request, loadsTools);
  checkBreakpoints(request);
  if (isStrict) checkStrict(request);
}

function checkRoles({ messages }: CountRequest): void {
  if (messages[0]?.role !== 'user') throw invalid('messages: first message must use the "user" role');
  messages.forEach((message, index) => {
    const where = `messages.${index}`;
    if (blocksOf(message).length === 0) throw invalid(`${where}: all messages must have non-empty content`);
    for (const { type } of blocksOf(message)) {
      const isOwn = ['tool_use', 'thinking', 'redacted_thinking'].includes(type);
      if (isOwn && message.role !== 'assistant')
        throw invalid(`${where}: ${type} blocks are the assistant's`);
      if (type === 'tool_result' && message.role !== 'user')
        throw invalid(`${where}: tool_result blocks are the user's`);
      if (message.role === 'system' && type !== 'text')
        throw invalid(`${where}: system messages have text alone`);
    }
  });
  const last = messages.at(-1);
  if (last?.role === 'assistant') throw invalid('messages: the conversation must end with a user message');
}

const idsOf = (blocks: readonly RequestBlock[]): readonly string[] =>
  blocks.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));

const answeredIn = (blocks: readonly RequestBlock[]): readonly string[] =>
  blocks.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []));

/** Each use of a tool is answered by the very next message, once, and before anything else that it says. */
function checkPairs({ messages }: CountRequest): void {
  const used = new Set<string>();
  messages.forEach((message, index) => {
    const blocks = blocksOf(message);
    const before = messages[index - 1];
    const asked = before?.role === 'assistant' ? idsOf(blocksOf(before)) : [];
    const answered = answeredIn(blocks);
    const missing = asked.filter((id) => !answered.includes(id));
    if (missing.length > 0)
      throw invalid(
        `messages.${index}: tool_use ids were found without tool_result blocks immediately after: ${missing.join(', ')}`,
      );
    const stray = answered.filter((id, at) => !asked.includes(id) || answered.indexOf(id) !== at);
    if (stray.length > 0)
      throw invalid(`messages.${index}: unexpected tool_use_id in tool_result blocks: ${stray.join(', ')}`);
    const lastResult = blocks.findLastIndex(({ type }) => type === 'tool_result');
    if (blocks.slice(0, Math.max(0, lastResult)).some(({ type }) => type !== 'tool_result'))
      throw invalid(`messages.${index}: tool_result blocks must come before other content`);
    for (const id of idsOf(blocks)) {
      if (used.has(id)) throw invalid(`messages.${index}: tool_use ids must be unique: ${id}`);
      used.add(id);
    }
  });
}

function checkThinking({ model, messages, thinking }: CountRequest): void {
  const isOn = thinking !== undefined && thinking.type !== 'disabled';
  const lastWords = messages.findLastIndex(
    (message) => message.role === 'user' && answeredIn(blocksOf(message)).length === 0,
  );
  messages.forEach((message, index) => {
    const blocks = blocksOf(message);
    for (const block of blocks)
      if (block.type === 'thinking' && block.signature !== signatureOf(block.thinking, { model, messages }))
        throw invalid(`messages.${index}: Invalid \`signature\` in \`thinking\` block`);
    const starts = blocks[0]?.type ?? '';
    const thinks = blocks.some(({ type }) => type === 'thinking' || type === 'redacted_thinking');
    if (thinks && !starts.endsWith('thinking'))
      throw invalid(`messages.${index}: a final assistant message must start with a thinking block`);
    const isInLoop = index > lastWords && message.role === 'assistant' && idsOf(blocks).length > 0;
    if (isOn && thinking.type === 'enabled' && isInLoop && !thinks)
      throw invalid(
        `messages.${index}: Expected \`thinking\` or \`redacted_thinking\`, but found \`${starts}\``,
      );
  });
}

function checkBreakpoints({ tools = [], system = [], messages }: CountRequest): void {
  const parts = [
    ...tools,
    ...(typeof system === 'string' ? [] : system),
    ...messages.flatMap((message) => blocksOf(message)),
  ];
  const marked = parts.filter((part) => 'cache_control' in part && part.cache_control != null);
  if (marked.length > MOST_BREAKPOINTS)
    throw invalid(
      `A maximum of ${MOST_BREAKPOINTS} blocks with cache_control may be provided. Found ${marked.length}.`,
    );
}

function checkStrict(request: CountRequest & Partial<MessagesRequest>): void {
  const { tool_choice: choice, thinking, tools = [] } = request;
  if (choice?.type === 'any' || choice?.type === 'tool')
    throw invalid(`tool_choice: forced tool use is not supported by ${request.model}`);
  for (const name of ['temperature', 'top_p', 'top_k'] as const)
    if (request[name] !== undefined) throw invalid(`${name}: is not supported by ${request.model}`);
  if (thinking?.type === 'disabled') throw invalid(`thinking: cannot be disabled for ${request.model}`);
  for (const { type } of tools)
    if (type?.startsWith('computer_2025') === true)
      throw invalid(`tools: ${type} is not supported by ${request.model}`);
}
