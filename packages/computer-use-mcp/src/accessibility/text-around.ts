/** Stands in a text where another element is in it. */
export const OBJECT = '\ufffc';

/**
 * The text around the children of an element, with a mark for each child that is kept. When the text has not as many
 * marks as there are children, its words come first.
 */
export function textAround(text: string, isKept: readonly boolean[]): string {
  const [first = '', ...rest] = text.split(OBJECT);
  if (rest.length !== isKept.length) {
    return [first, ...rest].join(' ') + OBJECT.repeat(isKept.filter(Boolean).length);
  }
  return rest.reduce((sum, part, index) => `${sum}${isKept[index] === true ? OBJECT : ' '}${part}`, first);
}
