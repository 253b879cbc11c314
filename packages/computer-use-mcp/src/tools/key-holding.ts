import { ToolError, defineTool, type Tool } from '@deskhand/server-runtime';
import type { Action } from '@deskhand/tier-policy';
import { z } from 'zod';
import type { Holder } from '../desktop/holding.ts';
import type { DesktopSession } from '../session.ts';
import { ACTS, answer, holdingFor, holdingOf } from './held-work.ts';
import { combosOf } from './keyboard.ts';

const MAX_HOLD_S = 300;

export const keyHoldingTools = (session: DesktopSession): readonly Tool[] => [holdKey(session)];

const holdKey = (session: DesktopSession): Tool =>
  defineTool({
    name: 'hold_key',
    title: 'Hold a key',
    description: 'Holds a key or combination down.',
    input: z.object({
      text: z.string().min(1),
      duration: z.number().min(0).max(MAX_HOLD_S).describe('Seconds'),
    }),
    annotations: ACTS,
    timeoutMs: (MAX_HOLD_S + 10) * 1000,
    run: async ({ text, duration }, call) => {
      const [combo, ...more] = combosOf(text);
      if (combo === undefined || more.length > 0) {
        throw new ToolError('unknown_key', `"${text}" is more than one combination`, {
          hint: 'Hold one key or combination, such as shift or ctrl+Down.',
        });
      }
      const action: Action = { tool: 'hold_key', combos: [combo] };
      let held = 0;
      const judged = await session.withReadApprovals(call, async () => {
        const left = duration * 1000 - held;
        const work = (holder: Holder) => holdingOf(session).holdKeys(combo, left, holder);
        const done = await holdingFor(session, { action, work }, call);
        held += done.heldMs;
        return done;
      });
      call.note({ ...session.record(action, judged), heldMs: held });
      if (judged.decision.allowed) {
        return answer(session, {
          ...judged,
          did: `Held ${text} for ${held / 1000} s`,
          more: { heldMs: held },
        });
      }
      const refusal = session.refusal(judged.decision, judged.scene, { heldMs: held });
      if (held === 0) throw refusal;
      throw new ToolError('focus_lost', `Let go of ${text} after ${held / 1000} s: ${refusal.message}`, {
        hint: refusal.hint ?? '',
        details: { ...refusal.details, because: refusal.code },
        cause: refusal,
      });
    },
  });
