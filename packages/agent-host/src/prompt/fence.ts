/** Text of others for the model to read and not to obey; it cannot end its own fence. */
export function fenced(name: string, about: string, text: string): string {
  const inside = text.replaceAll(new RegExp(`<(/?${name})`, 'gi'), '&lt;$1');
  return `<${name} about="${about.replaceAll(/["<>\n]/g, ' ')}">\n${inside}\n</${name}>`;
}
