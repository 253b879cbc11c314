/** Whatever moves a cursor, colours, or turns the direction of writing, spelled out; lines and tabs stay. */
export const harmless = (text: string): string =>
  text.replaceAll(/(?![\n\t])[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${code}`;
  });
