import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  APP_CLASSES,
  DEFAULT_POLICY,
  TIERS,
  TOOL_NAMES,
  TOOL_NEEDS,
  appKey,
  decide,
  isProtectedClass,
  classify,
  mayShow,
  mergePolicy,
  reaches,
  type Action,
  type AppGrant,
  type DecisionRequest,
  type Policy,
  type Subject,
  type UnknownReason,
} from '../src/index.ts';
import { SAMPLE_APPS } from '../src/cli/sample-apps.ts';
import { combo } from './apps.ts';

const REASONS = [
  'no_window',
  'no_focus',
  'no_owner',
  'remote_client',
  'executable_unreadable',
  'executable_deleted',
  'foreign_grab',
  'parent_unknown',
] as const satisfies readonly UnknownReason[];

const apps = SAMPLE_APPS.flatMap(({ subject }) => (subject.kind === 'app' ? [subject.app] : []));
const keys = apps.map(appKey).filter((key) => key !== null);

const anyTier = fc.constantFrom(...TIERS);

const anyUnknown: fc.Arbitrary<Subject> = fc
  .constantFrom(...REASONS)
  .map((reason) => ({ kind: 'unknown', reason }));

const anyApp: fc.Arbitrary<Subject> = fc
  .record({
    app: fc.constantFrom(...apps),
    hasTerminal: fc.boolean(),
    parent: fc.option(fc.constantFrom(...apps)),
  })
  .map(({ app, hasTerminal, parent }) => ({
    kind: 'app',
    app,
    hasTerminal,
    ...(parent === null ? {} : { parent: { kind: 'app', app: parent } as const }),
  }));

const anySubject = fc.oneof({ weight: 5, arbitrary: anyApp }, anyUnknown);

const anyGrant: fc.Arbitrary<AppGrant> = fc.record(
  {
    app: fc.constantFrom(...keys),
    decision: fc.constantFrom('allow' as const, 'allow' as const, 'allow' as const, 'deny' as const),
    tier: anyTier,
    flags: fc.record({
      clipboardRead: fc.boolean(),
      clipboardWrite: fc.boolean(),
      systemKeyCombos: fc.boolean(),
    }),
  },
  { requiredKeys: ['app', 'decision'] },
);

const anyGrants = fc.oneof(
  fc.array(anyGrant, { maxLength: 30 }),
  fc.constant(keys.map((app): AppGrant => ({ app, decision: 'allow' }))),
);

const selectors = [...keys, 'Firefox', 'xterm', 'chromium', '/usr/bin/*', 'keepassxc', 'XTERM', 'mousepad'];

const anyPolicy: fc.Arbitrary<Policy> = fc.record({
  denyApps: fc.array(fc.constantFrom(...selectors), { maxLength: 2 }),
  tiers: fc.array(fc.record({ app: fc.constantFrom(...selectors), tier: anyTier }), { maxLength: 8 }),
  forbidCombos: fc.array(fc.constantFrom('ctrl+w', 'Return', 'alt+Tab', 'nonsense'), { maxLength: 2 }),
  origins: fc.constant([]),
  permissions: fc.constant([]),
  onceOnly: fc.boolean(),
});

const combos = ['ctrl+w', 'Return', 'super', 'ctrl+alt+F1', 'alt+shift+Tab', 'a'].map(combo);

const anyAction: fc.Arbitrary<Action> = fc.record(
  {
    tool: fc.constantFrom(...TOOL_NAMES),
    combos: fc.array(fc.constantFrom(...combos), { maxLength: 2 }),
    withModifiers: fc.boolean(),
  },
  { requiredKeys: ['tool'] },
);

const anyRequest: fc.Arbitrary<DecisionRequest> = fc.record({
  action: anyAction,
  frontmost: anySubject,
  recipient: fc.array(anySubject, { maxLength: 2 }),
  grants: anyGrants,
  policy: anyPolicy,
});

const recipientsOf = ({ recipient = [] }: DecisionRequest): readonly Subject[] => [recipient].flat();

const judged = (request: DecisionRequest): readonly Subject[] => {
  switch (TOOL_NEEDS[request.action.tool].judged) {
    case 'nobody':
    case 'screen':
      return [];
    case 'target':
      return recipientsOf(request);
    case 'pointer':
    case 'keyboard':
      return [request.frontmost, ...recipientsOf(request)];
  }
};

const holds = (property: fc.IProperty<unknown>): void => fc.assert(property, { numRuns: 1000 });

describe('decide', () => {
  it('never raises a tier, nor allows more, when one more recipient is checked', () =>
    holds(
      fc.property(anyRequest, anySubject, (request, extra) => {
        if (recipientsOf(request).length === 0 && TOOL_NEEDS[request.action.tool].judged === 'target') return;
        const before = decide(request);
        const after = decide({ ...request, recipient: [...recipientsOf(request), extra] });
        expect(reaches(before.tier, after.tier)).toBe(true);
        if (after.allowed) expect(before.allowed).toBe(true);
      }),
    ));

  it('never allows more when the frontmost application is checked besides the recipient', () =>
    holds(
      fc.property(anyRequest, anySubject, (request, other) => {
        const [first = other] = recipientsOf(request);
        const alone = decide({ ...request, frontmost: first });
        const both = decide({ ...request, recipient: [first, ...recipientsOf(request)] });
        if (both.allowed && judged(request).length > 0) expect(alone.allowed).toBe(true);
      }),
    ));

  it('always refuses when anybody who is judged is unknown or protected', () =>
    holds(
      fc.property(anyRequest, (request) => {
        const isBad = judged(request).some(
          (subject) =>
            subject.kind === 'unknown' ||
            isProtectedClass(classify(subject.app).class) ||
            classify(subject.app).class === 'unknown',
        );
        if (isBad) expect(decide(request).allowed).toBe(false);
      }),
    ));

  it('gives every refusal a code, a message and a hint that are whole sentences', () =>
    holds(
      fc.property(anyRequest, (request) => {
        const decision = decide(request);
        if (decision.allowed) return;
        expect(decision.message).toMatch(/^\S.*\S\.$/s);
        expect(decision.hint).toMatch(/^[A-Z].*\S\.$/s);
        expect(`${decision.message} ${decision.hint}`).not.toMatch(/undefined|null|\$\{/);
      }),
    ));

  it('never allows more under a grant list with one more denial', () =>
    holds(
      fc.property(anyRequest, fc.constantFrom(...keys), (request, app) => {
        const after = decide({ ...request, grants: [...request.grants, { app, decision: 'deny' }] });
        if (after.allowed) expect(decide(request).allowed).toBe(true);
      }),
    ));

  it('shows no window that no tool may read', () =>
    holds(
      fc.property(anyRequest, (request) => {
        const { frontmost, grants, policy } = request;
        const read = decide({
          action: { tool: 'read_page' },
          frontmost,
          recipient: frontmost,
          grants,
          policy,
        });
        expect(mayShow(frontmost, grants, policy)).toBe(read.allowed);
      }),
    ));
});

describe('mergePolicy', () => {
  it('refuses whatever either policy refuses', () =>
    holds(
      fc.property(anyRequest, anyPolicy, (request, other) => {
        const merged = decide({ ...request, policy: mergePolicy(request.policy, other) });
        if (!merged.allowed) return;
        expect(decide(request).allowed).toBe(true);
        expect(decide({ ...request, policy: other }).allowed).toBe(true);
      }),
    ));

  it('holds for three policies too, in any order', () =>
    holds(
      fc.property(anyRequest, anyPolicy, anyPolicy, (request, b, c) => {
        const merged = mergePolicy(c, mergePolicy(request.policy, b));
        if (!decide({ ...request, policy: merged }).allowed) return;
        for (const policy of [request.policy, b, c])
          expect(decide({ ...request, policy }).allowed).toBe(true);
      }),
    ));

  it('changes nothing when a policy is merged with itself', () =>
    holds(
      fc.property(anyRequest, (request) => {
        const merged = decide({ ...request, policy: mergePolicy(request.policy, request.policy) });
        expect(merged.allowed).toBe(decide(request).allowed);
      }),
    ));

  it('keeps a lift that both policies give, and drops one that a single policy gives', () => {
    const lift: Policy = { ...DEFAULT_POLICY, tiers: [{ app: 'Firefox', tier: 'full' }] };
    expect(mergePolicy(lift, lift).tiers).toEqual([{ app: 'firefox', tier: 'full' }]);
    expect(mergePolicy(lift, DEFAULT_POLICY).tiers).toEqual([{ app: 'firefox', tier: 'full', cap: true }]);
  });
});

describe('the sample applications', () => {
  it('are each of the class that they stand for', () => {
    const classes = SAMPLE_APPS.map(({ subject }) =>
      subject.kind === 'app' ? classify(subject.app).class : 'unknown',
    );
    expect(classes).toEqual(APP_CLASSES);
  });
});
