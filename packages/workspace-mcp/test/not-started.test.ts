import { expect, test } from 'vitest';
import { expectLinux } from '../src/not-started.ts';

test.each(['darwin', 'win32'] as const)('on %s nothing is done, and it is told', (platform) => {
  expect(() => expectLinux(platform)).toThrow(
    expect.objectContaining({
      code: 'sandbox_unavailable',
      message: `On ${platform} nothing is done: the paths of a session are mounts of Linux, and files alone are held by way of its /proc`,
      hint: 'Tell the person. What mends it: Linux, or a virtual machine with it.',
    }),
  );
});

test('on Linux it goes on', () => {
  expect(() => expectLinux('linux')).not.toThrow();
});
