/**
 * What keeps agents from a desktop. `locked`: nobody sees it, so it is not shown either. `prompt`: the person is asked
 * for a password, and nothing else is to act meanwhile.
 */
export interface Obstacle {
  readonly kind: 'locked' | 'prompt';
  /** Who says so, for the words to the model. */
  readonly by: string;
}

/** Tells what is in the way of agents. Connects at the first question, and listens from then on. */
export interface Obstacles {
  /** `null` when nothing is in the way, or when that cannot be told. */
  current(): Promise<Obstacle | null>;
  /** Tells of each one that appears after the first question. */
  onAppear(listener: (obstacle: Obstacle) => void): void;
  close(): void;
}
