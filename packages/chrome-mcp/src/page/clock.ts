/** A frame is not waited for longer than this: hidden pages paint none. */
export const FRAME_MS = 40;

/** Until the next frame is painted, or would be; says whether it was. */
export function nextFrame(mostMs = FRAME_MS): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (isPainted: boolean): void => {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      resolve(isPainted);
    };
    const timer = setTimeout(() => done(false), mostMs);
    const frame = requestAnimationFrame(() => done(true));
  });
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** After what is queued now, also in a hidden page whose timers are slowed down. */
export function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
