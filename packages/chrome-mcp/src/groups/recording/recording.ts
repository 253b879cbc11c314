import { defineTool, type Tool } from '@deskhand/server-runtime';
import { z } from 'zod';
import type { BrowserSession } from '../../session.ts';
import { gifOf } from './gif.ts';
import type { Recorder } from './recorder.ts';

export const recording = (session: BrowserSession, recorder: Recorder): Tool =>
  defineTool({
    name: 'recording',
    title: 'Recording',
    description:
      'Starts to record what a tab shows, or stops and writes an animated GIF with rings around clicks.',
    input: z.object({ action: z.enum(['start', 'stop']), tab: z.string().optional() }),
    annotations: { readOnly: true, destructive: false, idempotent: false, openWorld: true },
    timeoutMs: 120_000,
    run: async ({ action, tab: id }, { signal }) => {
      if (action === 'start') {
        const tab = await session.tab(id, signal);
        await tab.inTurn((within) => recorder.start(tab, within), signal);
        return { text: `What ${tab.id} shows is recorded, until {"action": "stop"}.` };
      }
      const { tab, film } = recorder.stop();
      const gif = await gifOf(film, signal);
      const path = await session.files.write('recording', 'gif', gif);
      const seconds = film.reduce((ms, { shows }) => ms + shows, 0) / 1_000;
      return {
        text: `${tab.id}: ${film.length} pictures, ${seconds.toFixed(1)} s, ${gif.length} bytes, in ${path}`,
        structured: { path, pictures: film.length, seconds },
      };
    },
  });
