import { Script } from 'node:vm';

/** What a script may be meant as, in the order in which it is tried; `await` and `return` need a function around. */
const FORMS: readonly ((script: string) => string)[] = [
  (script) => script,
  (script) => `(async () => (\n${script}\n))()`,
  (script) => `(async () => {\n${script}\n})()`,
];

/** The script as something that has a value; as it is when it fits no form, so that the browser says why. */
export function withValue(script: string): string {
  // what stands in braces is an object rather than a block
  const isObject = /^\s*\{[^]*\}\s*$/.test(script);
  const forms = isObject ? [(text: string) => `(\n${text}\n)`, ...FORMS] : FORMS;
  return forms.map((form) => form(script)).find(isCorrect) ?? script;
}

/** It is only read here, never run. */
function isCorrect(text: string): boolean {
  try {
    new Script(text);
    return true;
  } catch {
    return false; // the next form may do
  }
}
