/** What stands for a secret: how long it is, and nothing of it. */
export const hidden = (value: string): string => `•••(${value.length})`;
