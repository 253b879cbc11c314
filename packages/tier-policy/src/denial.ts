import { describeClass } from './app-class.ts';
import type { Classification } from './classify.ts';
import type { Blocker, ReasonCode } from './decision.ts';
import type { Limit } from './judge.ts';
import type { UnknownReason } from './subject.ts';
import type { Tier } from './tier.ts';
import type { Judged, ToolName } from './tool-needs.ts';

/** Everything that a refusal is told from. */
export interface DenialFacts {
  readonly code: ReasonCode;
  readonly tool: ToolName;
  readonly judged: Judged;
  readonly blocker: Blocker;
  readonly needed: Tier;
  readonly tier: Tier;
  readonly kind: Classification | null;
  readonly reason: UnknownReason | null;
  readonly limit: Limit | null;
  readonly withModifiers: boolean;
  /** The combo that is held back, and what it would do. */
  readonly combo?: { readonly text: string; readonly effect: string };
}

const TARGET = 'the target';

const place = ({ blocker, judged }: DenialFacts): string => {
  if (blocker === 'frontmost') return 'in front';
  if (judged === 'pointer') return 'under the pointer';
  return judged === 'keyboard' ? 'in the keyboard focus' : TARGET;
};

const UNKNOWN_MESSAGES: Readonly<Record<UnknownReason, string>> = {
  no_window: 'no window is there',
  no_focus: 'no application has the keyboard focus',
  no_owner: 'nobody can be named as the owner',
  remote_client: 'the window belongs to a program on another computer',
  executable_unreadable: 'the executable or the program it runs cannot be told',
  executable_deleted: 'the executable was replaced or removed after the program started',
  foreign_grab: 'another application has grabbed the keyboard or the pointer',
  parent_unknown: 'it cannot be told which application the dialog belongs to',
};

const LIMIT_MESSAGES: Readonly<Record<Exclude<Limit, 'class'>, string>> = {
  policy: 'the policy holds it at',
  grant: 'the person allowed only',
  terminal: 'a shell runs in it, which holds it at',
  parent: 'the application behind the dialog holds it at',
};

const limitText = (facts: DenialFacts, kind: Classification): string => {
  if (facts.limit !== null && facts.limit !== 'class')
    return `${LIMIT_MESSAGES[facts.limit]} tier ${facts.tier}`;
  return `it is ${describeClass(kind.class)}, tier ${facts.tier}`;
};

const action = ({ tool, withModifiers }: DenialFacts): string =>
  withModifiers ? `${tool} with modifier keys` : tool;

const unknownName = (facts: DenialFacts): string => {
  const where = place(facts);
  if (facts.kind !== null) return `${facts.kind.name} (${where})`;
  return where === TARGET ? 'The target' : `The application ${where}`;
};

/** What happened, in one sentence that names the application. */
export const denialMessage = (facts: DenialFacts): string => {
  const { code, kind } = facts;
  const name = kind?.name ?? 'The application';
  switch (code) {
    case 'unknown_app': {
      const why = UNKNOWN_MESSAGES[facts.reason ?? 'no_owner'];
      return `${unknownName(facts)} is unknown: ${why}.`;
    }
    case 'foreign_grab':
      return `Input would go astray: ${UNKNOWN_MESSAGES.foreign_grab}.`;
    case 'protected_app':
      return `${name} (${place(facts)}) is ${describeClass(kind?.class ?? 'unknown')}, which no agent may see or touch.`;
    case 'denied_by_policy':
      return `${name} (${place(facts)}) is refused by the administrator's policy.`;
    case 'denied_by_person':
      return `${name} (${place(facts)}) was refused by the person.`;
    case 'not_granted':
      return `${name} (${place(facts)}) has not been allowed yet.`;
    case 'tier_too_low':
      return kind === null
        ? `${action(facts)} needs tier ${facts.needed}.`
        : `${name} (${place(facts)}) allows no ${action(facts)}: ${limitText(facts, kind)}, and ${facts.needed} is needed.`;
    case 'combo_forbidden':
      return facts.combo === undefined
        ? `${facts.tool} to ${name} names no key, so nothing can be checked.`
        : `${facts.combo.text} is never sent to ${name}: it ${facts.combo.effect}.`;
    case 'combo_needs_flag':
      return `${facts.combo?.text ?? 'This combo'} goes past ${name}: it ${facts.combo?.effect ?? 'belongs to the system'}.`;
    case 'clipboard_needs_flag':
      return `${name} (${place(facts)}) was allowed without ${facts.tool === 'read_clipboard' ? 'reading' : 'writing'} the clipboard.`;
  }
};

const requestAccess = (name: string, extra = ''): string =>
  `call request_access with apps ["${name}"]${extra}`;

const WAY_BACK = 'use open_application or focus_window on an application that is granted';

const CLASS_HINTS: Readonly<Partial<Record<Classification['class'], string>>> = {
  browser: 'Use the chrome-mcp tools to act on web pages.',
  trading: 'Ask the person to do this step; the screen may be read.',
  terminal: 'Use the workspace shell to run commands; clicking and scrolling work here.',
  ide: 'Use the workspace file tools and shell to edit and run; clicking and scrolling work here.',
  remote: 'Ask the person to do this step; clicking and scrolling work here.',
  runBox: 'Use open_application to start programs.',
  shellUi: 'Use open_application and focus_window instead of the panels; plain clicks work here.',
  inputSource: 'Use the type and key tools on the application itself.',
};

const tierHint = (facts: DenialFacts, kind: Classification): string => {
  if (facts.limit === 'terminal')
    return 'Use the workspace shell for commands; clicking and scrolling work here.';
  if (facts.limit === 'grant') {
    return `If the task needs more, ${requestAccess(kind.name, ` and tier "${facts.needed}"`)}.`;
  }
  if (facts.limit === 'parent') return 'Close the dialog or ask the person to answer it.';
  const hint = CLASS_HINTS[kind.class];
  if (hint !== undefined) return hint;
  return facts.withModifiers
    ? 'Click without modifier keys, or ask the person to do this step.'
    : 'Ask the person to do this step, or to lift the tier in the policy file.';
};

const unknownHint = (reason: UnknownReason | null): string => {
  switch (reason) {
    case 'executable_deleted':
      return 'Ask the person to restart the application, then call request_access again.';
    case 'executable_unreadable':
    case 'remote_client':
      return `This application cannot be allowed; ${WAY_BACK}.`;
    case 'parent_unknown':
      return 'Ask the person to answer the dialog, or close it from its own application.';
    case 'foreign_grab':
    case 'no_window':
    case 'no_focus':
    case 'no_owner':
    case null:
      return `Call list_windows, then ${WAY_BACK}.`;
  }
};

/** What would work instead, in one sentence. */
export const denialHint = (facts: DenialFacts): string => {
  const name = facts.kind?.name ?? 'the application';
  switch (facts.code) {
    case 'unknown_app':
      return unknownHint(facts.reason);
    case 'foreign_grab':
      return 'Wait until the menu or dialog that holds the input is closed, then take a screenshot and try again.';
    case 'protected_app':
      return 'Stop here and ask the person to do this step and to close the window.';
    case 'denied_by_policy':
      return `Do not ask for it again; ${WAY_BACK}.`;
    case 'denied_by_person':
      return `Respect that, and ${WAY_BACK}; only the person can change it.`;
    case 'not_granted':
      return facts.blocker === 'frontmost'
        ? `To use it, ${requestAccess(name)}; else ${WAY_BACK}.`
        : `To use it, ${requestAccess(name)}; else pick a place that belongs to a granted application.`;
    case 'tier_too_low':
      return facts.kind === null ? 'Ask the person to do this step.' : tierHint(facts, facts.kind);
    case 'combo_forbidden':
      return facts.combo === undefined
        ? 'Name the keys to press, such as "ctrl+s".'
        : 'Use another way within the application, or ask the person to press it.';
    case 'combo_needs_flag':
      return `If the task needs it, ${requestAccess(name, ' and systemKeyCombos true')}; open_application starts programs without it.`;
    case 'clipboard_needs_flag':
      return `If the task needs it, ${requestAccess(name, ` and ${facts.tool === 'read_clipboard' ? 'clipboardRead' : 'clipboardWrite'} true`)}.`;
  }
};
