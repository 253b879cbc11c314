import { globTest } from './catalogue.ts';
import { appKey, classify, type Classification } from './classify.ts';
import type { AppIdentity } from './identity.ts';
import { hostedProgram } from './interpreter.ts';

/** Everything that a policy may call an application. */
const namesOf = (app: AppIdentity, kind: Classification): string[] =>
  [
    app.executable,
    app.bundleId,
    app.flatpakId,
    app.snapId,
    appKey(app),
    hostedProgram(app)?.file,
    ...kind.aliases,
  ].filter((name) => name !== null && name !== undefined);

/**
 * True when a policy's name for an application means this one: its executable, key, bundle, flatpak or snap id,
 * its name in the catalogue or its program file's name; `*` stands for any text, and case does not count.
 */
export const isNamedBy = (
  app: AppIdentity,
  selector: string,
  kind: Classification = classify(app),
): boolean => {
  const wanted = selector.includes('*') ? globTest(selector) : null;
  const lower = selector.toLowerCase();
  return namesOf(app, kind).some((name) => wanted?.test(name) ?? name.toLowerCase() === lower);
};
