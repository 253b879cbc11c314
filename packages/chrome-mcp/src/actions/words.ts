import { quoted as quotedLine } from '@deskhand/server-runtime';

const NAME_LENGTH = 120;

/** Words of a page inside a line. */
export const quoted = (text: string, length = NAME_LENGTH): string => quotedLine(text, length);
