import { ToolError } from '@deskhand/server-runtime';
import type { Tab } from '../../browser/tab.ts';
import { filmOf, withShot, type FilmFrame, type Press, type Shot } from './film.ts';

/** The longest side of a picture. */
const LONGEST_SIDE = 800;
const MOST_PRESSES = 200;

interface Running {
  readonly tab: Tab;
  shots: readonly Shot[];
  readonly presses: Press[];
  readonly leave: () => void;
}

/** Records what a tab shows, one at a time. */
export class Recorder {
  #running: Running | null = null;

  /** @throws ToolError when one is on already */
  async start(tab: Tab, signal: AbortSignal): Promise<void> {
    if (this.#running !== null) {
      throw new ToolError('recording_running', `A recording of ${this.#running.tab.id} is on already`, {
        hint: 'Stop it with recording {"action": "stop"}.',
      });
    }
    const presses: Press[] = [];
    const stops = [
      tab.activity.on((event) => {
        if (event.kind !== 'pressed' || presses.length >= MOST_PRESSES) return;
        presses.push({ at: Date.now(), x: event.x, y: event.y });
      }),
      tab.page.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
        tab.page.send('Page.screencastFrameAck', { sessionId }).catch(() => undefined); // its tab is gone
        const at = metadata.timestamp === undefined ? Date.now() : metadata.timestamp * 1_000;
        const shot = { at, png: Buffer.from(data, 'base64'), cssWidth: metadata.deviceWidth };
        running.shots = withShot(running.shots, shot);
      }),
    ];
    const leave = (): void => {
      for (const stop of stops) stop();
    };
    const running: Running = { tab, shots: [], presses, leave };
    this.#running = running;
    try {
      const size = { maxWidth: LONGEST_SIDE, maxHeight: LONGEST_SIDE };
      await tab.page.send('Page.startScreencast', { format: 'png', ...size }, { signal });
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /** Ends it, and gives what was recorded. @throws ToolError when none is on, or nothing was shown */
  stop(): { readonly tab: Tab; readonly film: readonly FilmFrame[] } {
    const running = this.#running;
    if (running === null) {
      throw new ToolError('no_recording', 'No recording is on', {
        hint: 'Start one with recording {"action": "start"}.',
      });
    }
    this.forget();
    const { tab, shots, presses } = running;
    if (shots.length > 0) return { tab, film: filmOf(shots, presses) };
    throw new ToolError('no_recording', `${tab.id} showed nothing while it was recorded`, {
      hint: 'A tab that is hidden paints nothing.',
    });
  }

  forget(): void {
    this.#running?.leave();
    this.#running?.tab.page.send('Page.stopScreencast').catch(() => undefined); // its tab is gone
    this.#running = null;
  }
}
