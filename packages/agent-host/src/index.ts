export { parkReason, sessionEvent } from './log/event.ts';
export type { Happening, Limits, ParkReason, SessionEvent, Started } from './log/event.ts';
export { next, type Effect } from './log/next.ts';
export { reduce, replay } from './log/reduce.ts';
export type { State } from './log/state.ts';
export type { EventReader } from './store/event-reader.ts';
export { Session } from './store/session.ts';
export { SessionError, type SessionErrorCode } from './store/session-error.ts';
export { DaySpending } from './store/day-spending.ts';
export { effective, Sessions, STOP_FILE, type SessionSummary } from './store/sessions.ts';
export { dollars, spentOf } from './loop/budget.ts';
export { samplerOf, type SamplerParts } from './loop/sampler.ts';
export { Runner, type Heard, type RunnerParts, type Stop } from './loop/runner.ts';
export type { OwnTool } from './loop/own-tool.ts';
export {
  headOf,
  ownToolsOf,
  say,
  tellBeginning,
  tellReturn,
  toolsOf,
  type SessionPlan,
} from './begin-session.ts';
export { htmlOf } from './export/html.ts';
export { markdownOf } from './export/markdown.ts';
