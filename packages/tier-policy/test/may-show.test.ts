import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, mayShow, type Subject } from '../src/index.ts';
import { allow, firefox, keepassxc, key, mousepad, portal, subject, xterm } from './apps.ts';

const grants = [mousepad, xterm, firefox, keepassxc].map((app) => allow(app));

const shown = (what: Subject, given = grants): boolean => mayShow(what, given, DEFAULT_POLICY);

describe('mayShow', () => {
  it('shows granted applications of every tier from read on', () => {
    expect([mousepad, xterm, firefox].map((app) => shown(subject(app)))).toEqual([true, true, true]);
  });

  it('hides what was not granted, was denied, or is capped below read', () => {
    expect(shown(subject(mousepad), [])).toBe(false);
    expect(shown(subject(mousepad), [...grants, { app: key(mousepad), decision: 'deny' }])).toBe(false);
    expect(shown(subject(mousepad), [allow(mousepad, { tier: 'none' })])).toBe(false);
    expect(mayShow(subject(mousepad), grants, { ...DEFAULT_POLICY, denyApps: ['/usr/bin/mousepad'] })).toBe(
      false,
    );
  });

  it('hides protected and unknown windows although they are granted', () => {
    expect(shown(subject(keepassxc))).toBe(false);
    expect(shown(subject({ ...mousepad, isSelf: true }))).toBe(false);
    expect(shown({ kind: 'unknown', reason: 'no_owner' })).toBe(false);
  });

  it('shows a file dialog exactly when it shows the application behind it', () => {
    expect(shown({ kind: 'app', app: portal, parent: subject(mousepad) })).toBe(true);
    expect(shown({ kind: 'app', app: portal, parent: subject(keepassxc) })).toBe(false);
    expect(shown(subject(portal))).toBe(false);
  });
});
