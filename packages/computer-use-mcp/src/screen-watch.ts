import { ToolError } from '@deskhand/server-runtime';
import type { Obstacle, Obstacles } from './desktop/obstacle.ts';
import { DesktopUnavailable } from './desktop/failure.ts';

/** Refuses calls while the session is locked, or while the person is asked for a password. */
export class ScreenWatch {
  readonly #sources: readonly Obstacles[];

  /** `onAppear` is told why the calls that run have to stop. */
  constructor(sources: readonly Obstacles[], onAppear: (reason: ToolError) => void) {
    this.#sources = sources;
    for (const source of sources) source.onAppear((obstacle) => onAppear(refusalOf(obstacle)));
  }

  /**
   * @throws ToolError `screen_locked` for every call, `password_prompt` only for those that act
   */
  async refuse({ acts }: { readonly acts: boolean }): Promise<void> {
    const found = await Promise.all(this.#sources.map((source) => currentOf(source)));
    const all = found.filter((obstacle) => obstacle !== null);
    const obstacle = all.find(({ kind }) => kind === 'locked') ?? (acts ? all[0] : undefined);
    if (obstacle !== undefined) throw refusalOf(obstacle);
  }

  close(): void {
    for (const source of this.#sources) source.close();
  }
}

async function currentOf(source: Obstacles): Promise<Obstacle | null> {
  try {
    return await source.current();
  } catch (error) {
    if (error instanceof DesktopUnavailable) return null; // the call says so itself, or needs no desktop
    throw error;
  }
}

function refusalOf({ kind, by }: Obstacle): ToolError {
  if (kind === 'locked') {
    return new ToolError('screen_locked', `The screen is locked: ${by}`, {
      hint: 'Only a person can unlock it: tell them, or call wait and try again.',
    });
  }
  return new ToolError('password_prompt', `The person is asked for a password: ${by} is open`, {
    hint: 'Nothing acts until they have answered it: tell them, or call wait and try again.',
  });
}
