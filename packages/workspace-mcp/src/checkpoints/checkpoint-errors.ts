/** Codes of what can go wrong with steps. */
export const checkpointErrorCodes = {
  checkpoint_failed: 'What is there could not be kept, so nothing was done.',
  checkpoint_damaged: 'The kept content of a file is missing or not what it was.',
  nothing_to_keep: 'No folder may be written to, so there is nothing to keep.',
  no_such_step: 'No step has this number any more; the answer says which there are.',
  changed_since: 'Somebody changed it again since, so nothing was undone; the answer shows the difference.',
} as const;
