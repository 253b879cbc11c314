/** A rule that is broken on purpose: a piece of a compiled file, and what stands there instead. */
export interface BrokenRule {
  readonly from: string;
  readonly to: string;
}

/** Rules of one file of the package `tier-policy`, such as `tool-needs.js`, that do not depend on each other. */
export interface Mutant {
  readonly file: string;
  readonly rules: readonly BrokenRule[];
}

/** Runs in the thread that loads modules. */
const hooks = ({ file, rules }: Mutant): string => `
  export async function load(url, context, next) {
    const loaded = await next(url, context);
    if (!url.endsWith(${JSON.stringify(`/tier-policy/dist/${file}`)})) return loaded;
    let source = String(loaded.source);
    for (const { from, to } of ${JSON.stringify(rules)}) {
      if (!source.includes(from)) throw new Error('there is nothing to break');
      source = source.replace(from, to);
    }
    return { ...loaded, source };
  }`;

const moduleOf = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`;

/** A value of NODE_OPTIONS with which a process of unbundled files follows the broken rules. */
export const optionsFor = (mutant: Mutant): string =>
  `--import=${moduleOf(`
    import { register } from 'node:module';
    register(${JSON.stringify(moduleOf(hooks(mutant)))});
  `)}`;
