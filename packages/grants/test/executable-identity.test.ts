import { describe, expect, test } from 'vitest';
import { identityHolds, type ExecutableIdentity, type IdentityVerdict } from '../src/index.ts';

const system: ExecutableIdentity = {
  executable: '/usr/bin/mousepad',
  device: '2049',
  inode: '131',
  size: 1000,
  changedNs: '1700000000000000001',
  ownerUid: 0,
  rootOnly: true,
};
const a = 'a'.repeat(64);
const own: ExecutableIdentity = {
  ...system,
  executable: '/home/ada/bin/app',
  ownerUid: 1000,
  rootOnly: false,
  sha256: a,
};
const bare: ExecutableIdentity = { ...own, sha256: undefined };
const replaced = { inode: '132', changedNs: '1700000000000000002' };

const outcome = (verdict: IdentityVerdict): string => (verdict.holds ? verdict.because : verdict.code);

describe('an approval holds for', () => {
  const table: readonly [string, ExecutableIdentity | undefined, ExecutableIdentity, string][] = [
    ['the untouched file of root', system, system, 'unchanged'],
    ['the untouched file of a user, without reading it', own, bare, 'unchanged'],
    ['a file of root that an upgrade replaced', system, { ...system, ...replaced, size: 2000 }, 'root_only'],
    ['a file of root under another device number', system, { ...system, device: '66' }, 'root_only'],
    ['a replaced file of a user with the same content', own, { ...own, ...replaced }, 'same_content'],
    ['a touched file of a user with the same content', own, { ...own, changedNs: '9' }, 'same_content'],
    [
      'a file that now is of root, with the same content',
      own,
      { ...own, ownerUid: 0, rootOnly: true },
      'same_content',
    ],
    ['a file of root, when it was written by hand', undefined, system, 'root_only'],
  ];
  test.each(table)('%s', (_sentence, recorded, current, expected) => {
    expect(outcome(identityHolds(recorded, current))).toBe(expected);
  });
});

describe('an approval lapses for', () => {
  const table: readonly [string, ExecutableIdentity | undefined, ExecutableIdentity, string][] = [
    ['another path', system, { ...system, executable: '/usr/bin/gedit' }, 'other_path'],
    ['another path with the same content', own, { ...own, executable: '/tmp/app' }, 'other_path'],
    [
      'a user’s file with other content',
      own,
      { ...own, ...replaced, sha256: 'b'.repeat(64) },
      'content_changed',
    ],
    [
      'a user’s file overwritten in place',
      own,
      { ...own, changedNs: '9', sha256: 'b'.repeat(64) },
      'content_changed',
    ],
    ['a replaced file that was not read yet', own, { ...bare, ...replaced }, 'content_unread'],
    ['a file of another owner that was not read yet', own, { ...bare, ownerUid: 1001 }, 'content_unread'],
    [
      'a file of root that a user replaced',
      system,
      { ...system, ...replaced, ownerUid: 1000, rootOnly: false },
      'not_recorded',
    ],
    [
      'a file of root that others may now write',
      system,
      { ...system, ...replaced, rootOnly: false },
      'not_recorded',
    ],
    [
      'a user’s file that root replaced by another',
      own,
      { ...system, ...replaced, executable: own.executable },
      'content_unread',
    ],
    ['a replaced user’s file whose content was not recorded', bare, { ...own, ...replaced }, 'not_recorded'],
    ['a user’s file, when it was written by hand', undefined, own, 'not_recorded'],
  ];
  test.each(table)('%s', (_sentence, recorded, current, expected) => {
    expect(outcome(identityHolds(recorded, current))).toBe(expected);
  });
});
