import type { ErrorCodes } from '@deskhand/server-runtime';

/** Why an action was not done, or not as it was asked for. */
export const actionErrorCodes: ErrorCodes = {
  bad_ref: 'The text is no reference of an element.',
  stale_ref: 'The element was removed, or drawn anew and cannot be told from others like it.',
  not_visible: 'The element is in the page and not shown.',
  element_disabled: 'The element is disabled and stayed so for two seconds.',
  element_moving: 'The element moves and did not rest within two seconds.',
  covered_by: 'Something lies over the element; the answer names it with its reference.',
  out_of_view: 'The element, or the place, cannot be brought into view.',
  no_pointer_events: 'The element lets the pointer through, or does not take the focus.',
  use_fill: 'The element is an option of a native list, which is chosen with fill.',
  file_input: 'The element takes files, and is not clicked or filled in.',
  not_received: 'The input was sent and the element did not receive it; the answer says who did.',
  drop_refused: 'What was dragged was let go over an element that does not take it.',
  not_filled: 'A field does not take a value, or not this one; the answer says why for each.',
  unknown_key: 'A key has a name that no keyboard knows; the answer suggests near ones.',
  text_not_found: 'The text did not show up before the end of the page, or in time.',
  step_failed: 'A step of several failed; the answer says which were done and which were not.',
};
