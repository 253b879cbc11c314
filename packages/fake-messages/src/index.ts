export type { Answer, AnswerBlock, Usage } from './answer.ts';
export type { MessagesRequest, RequestBlock, RequestMessage } from './request.ts';
export { replay } from './replay.ts';
export type { Fault, Reply, Step, Steps } from './script.ts';
export { startFakeMessages, type FakeMessages, type FakeMessagesOptions } from './server.ts';
