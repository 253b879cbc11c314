import { decideAll } from './matter.ts';
import { DENIED, type AskChannel } from './request.ts';

/** Answers every question with no, at once: `--approvals decline`. */
export const declineChannel = (): AskChannel => ({
  name: 'decline',
  ask: (request) =>
    Promise.resolve({ outcome: 'answered', decisions: decideAll(request, DENIED), flags: {} }),
});
