import {
  ToolError,
  defineTool,
  fencedText,
  untrustedAnswer,
  type CallContext,
  type Tool,
  type ToolResult,
} from '@deskhand/server-runtime';
import type { Action, Subject } from '@deskhand/tier-policy';
import { z } from 'zod';
import { MAX_CLIPBOARD_BYTES, type Clipboard, type Found, type NotKept } from '../desktop/clipboard.ts';
import type { Scene } from '../desktop/desktop.ts';
import type { DesktopSession } from '../session.ts';

const READ: Action = { tool: 'read_clipboard' };
const WRITE: Action = { tool: 'write_clipboard' };
/** Whoever copied is judged as a window that is read. */
const READ_OWNER: Action = { tool: 'read_page' };

const MAX_KIB = MAX_CLIPBOARD_BYTES / 1024;

export const clipboardTools = (session: DesktopSession): readonly Tool[] => [
  readClipboard(session),
  writeClipboard(session),
];

const readClipboard = (session: DesktopSession): Tool =>
  defineTool({
    name: 'read_clipboard',
    title: 'Read the clipboard',
    description: 'Gives the text that was copied last. Needs clipboardRead.',
    input: z.object({}),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
    run: async (_, call) => {
      const clipboard = await clipboardOf(session);
      await session.lookForTerminals(READ);
      const read = await session.withReadApprovals(call, () =>
        clipboard.read(
          { by: session, judge: session.judge(READ), mayRead: (owner) => session.mayShow(owner) },
          call.signal,
        ),
      );
      session.settle(READ, read, call);
      if (read.found === null) throw new Error('it was allowed, and nothing was looked for');
      return answer(session, { found: read.found, scene: read.scene }, call);
    },
  });

interface FoundIn {
  readonly found: Found;
  readonly scene: Scene;
}

function answer(session: DesktopSession, { found, scene }: FoundIn, call: CallContext): ToolResult {
  const copiedIn = 'owner' in found ? session.summary(found.owner) : null;
  switch (found.kind) {
    case 'empty':
      return { text: 'The clipboard is empty.', structured: { empty: true } };
    case 'own':
      return shown({ text: found.text, isCut: false, from: 'written by write_clipboard' });
    case 'text':
      return shown({ ...found, from: `copied in ${copiedIn?.app ?? 'an unknown application'}` });
    case 'foreign':
      throw foreign(session, { owner: found.owner, scene }, call);
    case 'secret':
      throw new ToolError('clipboard_secret', 'The clipboard holds a password', {
        hint: 'It is left to the person. Ask them to paste it, or to copy something else.',
      });
    case 'other':
      throw new ToolError('clipboard_no_text', 'The clipboard holds something else than text', {
        hint: 'Paste it where it belongs, or look at it where it was copied.',
      });
    case 'silent':
      throw new ToolError(
        'app_not_responding',
        `${copiedIn?.app ?? 'The program'} owns the clipboard and does not answer`,
        { hint: 'Wait and try again, or copy the text anew.' },
      );
  }
}

interface Shown {
  readonly text: string;
  readonly isCut: boolean;
  readonly from: string;
}

function shown({ text, isCut, from }: Shown): ToolResult {
  const { lines, leftOut } = fencedText(text);
  const notes = [
    ...(isCut ? [`(cut after ${MAX_KIB} KiB)`] : []),
    ...(leftOut > 0 ? [`(${leftOut} invisible characters were left out)`] : []),
  ];
  return {
    text: untrustedAnswer(`Text on the clipboard, ${from}`, [...lines, ...notes]),
    structured: { characters: Array.from(text).length, cut: isCut },
  };
}

/** Says of whoever copied why it is not read. */
function foreign(
  session: DesktopSession,
  { owner, scene }: { readonly owner: Subject; readonly scene: Scene },
  call: CallContext,
): ToolError {
  const ofOwner = { ...scene, recipients: [owner], recipientWindow: null };
  const decision = session.decide(READ_OWNER, ofOwner);
  if (decision.allowed) {
    // allowed a moment later: the text was not asked for
    return new ToolError('desktop_busy', 'The grants changed while the clipboard was read', {
      hint: 'Nothing was read. Try again.',
    });
  }
  call.note(session.record(READ_OWNER, { decision, scene: ofOwner }));
  return session.refusal(
    { ...decision, message: `Whoever copied what is on the clipboard may not be seen: ${decision.message}` },
    ofOwner,
  );
}

const NOT_KEPT: Readonly<Record<NotKept, readonly [code: string, message: string, hint: string]>> = {
  secret: [
    'clipboard_secret',
    'The clipboard holds a password, which is not replaced',
    'Nothing was written. Type the text with type, or wait until the password is gone.',
  ],
  silent: [
    'clipboard_not_kept',
    'The program that owns the clipboard does not answer, so what the person copied could not be kept',
    'Nothing was written. Type the text with type, or try again later.',
  ],
  too_large: [
    'clipboard_not_kept',
    'What the person copied is too large to be kept',
    'Nothing was written. Type the text with type.',
  ],
};

const writeClipboard = (session: DesktopSession): Tool =>
  defineTool({
    name: 'write_clipboard',
    title: 'Write the clipboard',
    description:
      'Offers text for pasting to granted applications of tier full with clipboardWrite; others paste what was there.',
    input: z.object({ text: z.string().min(1) }),
    annotations: { readOnly: false, destructive: false, idempotent: true, openWorld: true },
    run: async ({ text }, call) => {
      refuseLong(text);
      const clipboard = await clipboardOf(session);
      await session.lookForTerminals(WRITE);
      const written = await session.withReadApprovals(call, () =>
        clipboard.write(
          text,
          { by: session, judge: session.judge(WRITE), mayPaste: (requestor) => mayPaste(session, requestor) },
          call.signal,
        ),
      );
      session.settle(WRITE, written, call);
      if (written.notKept !== null) {
        const [code, message, hint] = NOT_KEPT[written.notKept];
        throw new ToolError(code, message, { hint });
      }
      const app = session.summary(written.scene.frontmost)?.app ?? 'the application in front';
      const seconds = written.offeredMs / 1000;
      return {
        text: `The text can be pasted into ${app} for ${seconds} s, such as with ctrl+v.`,
        structured: {
          ...session.describe(written.scene, written.decision.tier),
          characters: Array.from(text).length,
          seconds,
        },
      };
    },
  });

/** As if the text were typed into it. */
const mayPaste = (session: DesktopSession, requestor: Subject): boolean =>
  session.decide(WRITE, {
    frontmost: requestor,
    frontmostWindow: null,
    recipients: [requestor],
    recipientWindow: null,
  }).allowed;

function refuseLong(text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_CLIPBOARD_BYTES) return;
  throw new ToolError(
    'text_too_long',
    `The text has ${Math.ceil(bytes / 1024)} KiB; the clipboard takes ${MAX_KIB}`,
    { hint: 'Paste it in parts, or write it to a file with a file tool and open that.' },
  );
}

async function clipboardOf({ desktop }: DesktopSession): Promise<Clipboard> {
  if (desktop.clipboard !== null) return desktop.clipboard;
  await desktop.frontmost(); // a desktop that cannot be reached says so itself
  throw new ToolError('clipboard_unavailable', 'The clipboard of this desktop cannot be used', {
    hint: 'Type the text with type.',
  });
}
