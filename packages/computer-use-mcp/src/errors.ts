import { ToolError, type ErrorCodes } from '@deskhand/server-runtime';
import { GrantsError } from '@deskhand/grants';
import { AccessibilityUnavailable, NoTree, ProgramSilent } from './accessibility/failure.ts';
import {
  DeliveryUnsure,
  DesktopBusy,
  DesktopLacks,
  DesktopUnavailable,
  InputInUse,
} from './desktop/failure.ts';

/** Codes of this server's own errors; the refusals of the policy have the codes of `@deskhand/tier-policy`. */
export const errorCodes: ErrorCodes = {
  not_granted: 'Nobody allowed the application yet; ask with request_access.',
  denied_by_person: 'A person said no to this application.',
  denied_recently:
    'A person said no to this a short while ago, or gave no answer; it may be asked again later.',
  nobody_to_ask: 'No person could be asked; the answer says what a person can do.',
  no_answer_in_time: 'Nobody answered in time; the answer says what a person can do.',
  denied_by_policy: 'The policy file forbids this application.',
  tier_too_low: 'The application may be seen or clicked, but not used in this way.',
  protected_app:
    'Password managers, authentication prompts, lock screens and our own dialogs are never touched.',
  unknown_app: 'It cannot be proven who would receive the action.',
  foreign_grab: 'Another program has grabbed the keyboard or the pointer.',
  combo_forbidden: 'This key combination is never sent.',
  combo_needs_flag: 'This key combination belongs to the system and needs a right of its own.',
  clipboard_needs_flag: 'The clipboard needs a right of its own.',
  clipboard_unavailable: 'The clipboard of this desktop cannot be used: who would paste cannot be told.',
  clipboard_secret: 'The clipboard holds a password; it is neither read nor replaced.',
  clipboard_no_text: 'The clipboard holds something else than text.',
  clipboard_not_kept: 'What the person copied could not be kept, so nothing was written.',
  focus_lost:
    'Typing stopped because the text would have gone elsewhere; the answer says how much was typed.',
  drag_stopped:
    'A drag ended on its way because it would have gone elsewhere; nothing was dropped, and the answer says where.',
  nothing_held: 'No mouse button is held.',
  no_such_app: 'No application, installed or running, has this name; the answer names similar ones.',
  ambiguous_app: 'Several applications have this name; the answer lists them.',
  no_such_window: 'The window is closed, or was never there.',
  no_such_display: 'No display has this name; the answer lists them.',
  no_window: 'The application was started and showed no window in time.',
  not_activated: 'The window manager did not bring the window to the front.',
  not_started: 'The command of the application could not be run.',
  outside_screen: 'The coordinate is not on the picture.',
  stale_frame: 'The picture that the coordinate belongs to is out of date.',
  unknown_key: 'A key has a name that no keyboard knows; the answer suggests near ones.',
  not_modifiers: 'Only modifier keys can be held during a pointer action.',
  text_too_long: 'More text than one call may type.',
  untypable_character: 'The text has a character that no key gives.',
  input_in_use: 'A person, or another session, holds a key or a mouse button.',
  aborted_by_person: 'A person pressed the key that stops everything; nothing is done for a while.',
  person_is_active: 'A person is using the keyboard or the mouse; the answer says what was done before.',
  desktop_in_use: 'Another server acts on this desktop; the answer names it.',
  screen_locked: 'The session is locked, or another one is in front: nothing is shown and nothing acts.',
  password_prompt: 'A prompt asks the person for a password, and nothing acts until it is gone.',
  desktop_unavailable: 'No display could be reached.',
  grants_file_broken: 'The file of grants cannot be read, so nothing is allowed until a person mends it.',
  grants_file_unsafe:
    'Others could change the file of grants, so nothing is allowed until a person mends it.',
  state_home_unsafe: 'Others could change the state folder, so nothing is allowed until a person mends it.',
  grants_busy: 'Another process holds the file of grants.',
  delivery_unsure:
    'The window in front changed while keys were sent, so that some may have gone to another window.',
  not_on_this_desktop: 'This kind of desktop cannot do that; the answer says what it can.',
  desktop_busy: 'The desktop could not be read in time; nothing was done.',
  accessibility_unavailable:
    'The accessibility bus cannot be reached; the answer says how it is switched on.',
  no_tree: 'The program does not tell what is in the window.',
  app_not_responding: 'The program did not answer in time.',
  unknown_element: 'No element has this reference.',
  stale_element: 'The element is gone, or is another thing than when it was shown.',
  element_hidden: 'Nothing of the element shows, or it is not known where.',
  element_covered: 'Another window lies over the element; the answer names it.',
  password_field: 'Password fields are never read, clicked or filled in.',
  not_editable: 'The element does not take a value.',
  value_differs: 'The program holds another value than the one that was set; the answer has it.',
};

/** What the desktop throws on purpose, as an answer; `null` for everything else, which is a bug. */
export function toToolError(error: unknown): ToolError | null {
  if (error instanceof ToolError) return error;
  if (error instanceof InputInUse) {
    return new ToolError('input_in_use', `A person is using the desktop: ${error.message}`, {
      hint: 'Wait a moment and try again.',
      cause: error,
    });
  }
  if (error instanceof DesktopUnavailable) {
    return new ToolError('desktop_unavailable', `The desktop cannot be reached: ${error.message}`, {
      hint: `Tell the person: ${error.hint ?? 'start the server inside a graphical session, with DISPLAY set.'}`,
      cause: error,
    });
  }
  if (error instanceof DeliveryUnsure) {
    return new ToolError('delivery_unsure', `Stopped: ${error.message}`, {
      hint: 'Take a screenshot to see what arrived, before anything is sent again.',
      cause: error,
    });
  }
  if (error instanceof DesktopLacks) {
    return new ToolError('not_on_this_desktop', error.message, { hint: error.hint, cause: error });
  }
  if (error instanceof DesktopBusy) {
    return new ToolError('desktop_busy', `The desktop is busy: ${error.message}`, {
      hint: 'Nothing was done. Try again.',
      cause: error,
    });
  }
  if (error instanceof AccessibilityUnavailable) {
    const { hint } = error;
    return new ToolError('accessibility_unavailable', error.message, { hint, cause: error });
  }
  if (error instanceof NoTree) {
    return new ToolError('no_tree', `There is no list of elements: ${error.message}`, {
      hint: error.hint,
      cause: error,
    });
  }
  if (error instanceof ProgramSilent) {
    return new ToolError('app_not_responding', `The program hangs: ${error.message}`, {
      hint: 'Wait and try again, or take a screenshot to see what it shows.',
      cause: error,
    });
  }
  if (error instanceof GrantsError) {
    return new ToolError(error.code, error.message, { hint: error.hint, cause: error });
  }
  return null;
}
