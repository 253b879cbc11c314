import { describe, expect, it } from 'vitest';
import {
  APP_CLASSES,
  TIERS,
  describeClass,
  describeSentinel,
  describeTier,
  tierOfClass,
} from '../src/index.ts';

describe('texts for dialogs', () => {
  it('say what a tier lets the agent do', () => {
    expect(TIERS.map(describeTier)).toEqual([
      'nothing: it is neither shown nor touched',
      'look at it, without clicking or typing',
      'look at it, click and scroll, without typing, dragging or right-clicking',
      'look at it, click, drag and type',
    ]);
  });

  it('say what a class is and what a sentinel warns of', () => {
    expect(describeClass('remote')).toBe('a window onto another computer');
    expect(describeSentinel('shell')).toBe(
      'It can run commands: allowing it comes close to allowing a shell.',
    );
  });

  it('give every class a tier', () => {
    for (const appClass of APP_CLASSES) expect(TIERS).toContain(tierOfClass(appClass));
  });
});
