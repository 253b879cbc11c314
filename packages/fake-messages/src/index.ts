export type { Answer, AnswerBlock, Usage } from './answer.ts';
export type { MessagesRequest, RequestBlock, RequestMessage } from './request.ts';
export { stepsOf, type Fault, type Reply, type Step } from './script.ts';
export { startFakeMessages, type FakeMessages, type FakeMessagesOptions } from './server.ts';
