import { describe, expect, test, vi } from 'vitest';
import { PATIENCE_MS, Place } from '../fixtures/bin.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

describe('a command of one server', () => {
  test('runs with its own options and arguments', async () => {
    expect(await new Place().run(['greet', '--loud', 'you'])).toEqual({
      code: 0,
      stdout: 'HELLO YOU\n',
      stderr: '',
    });
  });

  test('says what a person got wrong like every other', async () => {
    expect(await new Place().run(['greet'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'fixture-bin: name somebody\nRun: fixture-bin greet you\n',
    });
  });

  test("takes none of the server's options", async () => {
    const { code, stderr } = await new Place().run(['greet', '--read-only', 'you']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "fixture-bin greet: unknown option '--read-only'\n",
    });
  });

  test('stands in the help, and has its own', async () => {
    expect((await new Place().run(['--help'])).stdout).toMatch(/^ {2}greet +Greet somebody$/m);
    const own = await new Place().run(['greet', '--help']);
    expect(own.stdout).toContain('Usage: fixture-bin greet [options] [name]\n');
    expect(own.stdout).toContain('Example: fixture-bin greet --loud you');
  });

  test('is suggested for a near word', async () => {
    expect((await new Place().run(['great'])).stderr).toContain('Did you mean `greet`?');
  });

  test('that is for the server itself works and is not listed', async () => {
    expect((await new Place().run(['--help'])).stdout).not.toContain('whisper');
    expect((await new Place().run(['whisper'])).code).toBe(3);
  });
});

test('doctor is daemon doctor', async () => {
  const place = new Place();
  const [short, long] = [
    await place.run(['doctor', '--json']),
    await place.run(['daemon', 'doctor', '--json']),
  ];
  expect(short.code).toBe(0);
  expect(short.stdout).toBe(long.stdout);
});
