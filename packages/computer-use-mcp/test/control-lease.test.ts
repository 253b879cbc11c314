import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ControlLease } from '../src/control-lease.ts';
import type { Control, Controller } from '../src/desktop/control.ts';

const MINUTE = 60_000;

/** A desktop that several servers want. */
class OneControl {
  holder: Control | null = null;

  readonly of = (other: Controller): Control => {
    const control: Control = {
      claim: () => {
        this.holder ??= control;
        return Promise.resolve(this.holder === control ? null : other);
      },
      release: () => {
        if (this.holder === control) this.holder = null;
      },
    };
    return control;
  };
}

const OTHER: Controller = { pid: 42, name: 'computer-use-mcp', startedBy: 'claude', since: new Date(0) };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function twoServers() {
  const desktop = new OneControl();
  return {
    first: new ControlLease(desktop.of(OTHER)),
    second: new ControlLease(desktop.of(OTHER)),
  };
}

test('the second server is refused until the first has not acted for a minute', async () => {
  const { first, second } = twoServers();
  await first.take();
  first.rest();
  await expect(second.take()).rejects.toMatchObject({ code: 'desktop_in_use' });
  vi.advanceTimersByTime(MINUTE - 1);
  await expect(second.take()).rejects.toMatchObject({
    message:
      'The desktop is controlled by computer-use-mcp (process 42, started by claude) since 1970-01-01T00:00:00.000Z',
  });
  vi.advanceTimersByTime(1);
  await expect(second.take()).resolves.toBeUndefined();
  await expect(first.take()).rejects.toMatchObject({ code: 'desktop_in_use' });
});

test('a long action keeps it', async () => {
  const { first, second } = twoServers();
  await first.take();
  first.rest();
  await first.take();
  vi.advanceTimersByTime(10 * MINUTE);
  await expect(second.take()).rejects.toMatchObject({ code: 'desktop_in_use' });
});

test('a desktop that tells no processes apart is for everybody', async () => {
  await expect(new ControlLease(null).take()).resolves.toBeUndefined();
});
