import { describe, expect, test } from 'vitest';
import { pickFolder } from '../../src/index.ts';
import { fakeDialog, type DialogEnding } from './fake-dialog.ts';
import { unending } from './request.ts';

const options = (env: Record<string, string>) => ({
  ...{ platform: 'linux' as const, env, reason: 'to sort "invoices" <b>now</b>' },
});
const pick = (name: string, ending: DialogEnding, env: Record<string, string> = {}) => {
  const dialog = fakeDialog(name, [ending]);
  return { dialog, picked: pickFolder(options({ DISPLAY: ':9', PATH: dialog.folder, ...env }), unending) };
};

describe('a person picks a folder', () => {
  test('with zenity, or with kdialog, and sees why in words that are quoted', async () => {
    const zenity = pick('zenity', { stdout: '/home/ada/My invoices\n' });
    expect(await zenity.picked).toEqual({ outcome: 'picked', path: '/home/ada/My invoices' });
    expect(zenity.dialog.runs()[0]?.argv).toEqual([
      '--file-selection',
      '--directory',
      "--title=An agent asks for a folder: “to sort 'invoices' now”",
    ]);
    const kdialog = pick('kdialog', { stdout: '/srv/x\n' }, { HOME: '/home/ada' });
    expect(await kdialog.picked).toEqual({ outcome: 'picked', path: '/srv/x' });
    expect(kdialog.dialog.runs()[0]?.argv.slice(2)).toEqual(['--getexistingdirectory', '/home/ada']);
  });

  test('or none: the picker was closed, or could not be shown', async () => {
    expect(await pick('zenity', { code: 1 }).picked).toEqual({ outcome: 'closed' });
    expect(await pick('zenity', { code: 1, stderr: 'cannot open display: :9' }).picked).toMatchObject({
      outcome: 'unavailable',
    });
    expect(await pick('zenity', { stdout: 'relative\n' }).picked).toMatchObject({ outcome: 'unavailable' });
    expect(await pickFolder(options({}), unending)).toEqual({
      ...{ outcome: 'unavailable', why: 'there is no display' },
    });
    expect(await pickFolder(options({ DISPLAY: ':9', PATH: '/nowhere' }), unending)).toMatchObject({
      outcome: 'unavailable',
    });
  });
});
