/** What a rule about tools speaks of. `Edit` stands for every tool that writes files, `Read` for every one that reads. */
export type RuleScope =
  /** Words of a command, with `*` for any text; a last ` *` is for any further words, or none. */
  | { readonly tool: 'Bash'; readonly words: string }
  | {
      readonly tool: 'Read' | 'Edit';
      /** Where the names begin: at the root, in the person's home, or in every mounted folder. */
      readonly from: 'root' | 'home' | 'mount';
      /** Names from there, as gitignore has them; `**` stands for any number of folders. */
      readonly names: readonly string[];
    };

export type RuleResult =
  | { readonly ok: true; readonly scope: RuleScope }
  | { readonly ok: false; readonly message: string; readonly hint: string };

/** What people may write who know the tool's name, and what holds for it. */
const OTHER_TOOLS: Readonly<Record<string, 'Read' | 'Edit'>> = {
  Write: 'Edit',
  MultiEdit: 'Edit',
  NotebookEdit: 'Edit',
  Glob: 'Read',
  Grep: 'Read',
  LS: 'Read',
};
const EXAMPLES = 'Write Bash(git diff:*), Read(~/notes/**) or Edit(//srv/data/*.csv).';

const wrong = (message: string, hint = EXAMPLES): RuleResult => ({ ok: false, message, hint });

/** Reads a rule in Claude Code's syntax: `Bash(git diff:*)`, `Read(//srv/data/**)`, `Edit(src/*.ts)`, or `Read` for all. */
export const parseRule = (text: string): RuleResult => {
  const [, tool = '', inner] = /^(\w+)(?:\((.*)\))?$/s.exec(text.trim()) ?? [];
  const meant = OTHER_TOOLS[tool];
  if (meant !== undefined)
    return wrong(`${tool} has no rules of its own.`, `Write ${meant}(...), which holds for it.`);
  if (tool !== 'Bash' && tool !== 'Read' && tool !== 'Edit')
    return wrong(`"${text}" is no rule about Bash, Read or Edit.`);
  if (inner?.trim() === '') return wrong(`"${text}" names nothing.`, `Write ${tool} alone for all of it.`);
  if (tool === 'Bash') return { ok: true, scope: { tool, words: (inner ?? '*').replace(/:\*$/, ' *') } };
  return inner === undefined
    ? { ok: true, scope: { tool, from: 'root', names: ['**'] } }
    : pathScope(tool, inner.trim());
};

const pathScope = (tool: 'Read' | 'Edit', path: string): RuleResult => {
  if (path.startsWith('!'))
    return wrong(`"${path}" takes something out of a rule.`, 'Write a rule for the rest; deny beats allow.');
  if (/^\/(?!\/)/.test(path))
    return wrong(
      `"${path}" begins with one slash, which says nothing here.`,
      `Write /${path} for that path of the computer, or ${path.slice(1)} for one in every mounted folder.`,
    );
  const from = path.startsWith('//') ? 'root' : /^~($|\/)/.test(path) ? 'home' : 'mount';
  const way = from === 'home' ? path.slice(1) : path;
  const names = way.split('/').filter((name) => name !== '' && name !== '.');
  if (names.includes('..')) return wrong(`"${path}" leads up with "..".`, 'Write the path without it.');
  if (names.length === 0 && from === 'mount') return wrong(`"${path}" names nothing.`);
  // as in gitignore: a name alone is meant at any depth
  const isAnywhere = from === 'mount' && names.length === 1 && !/^\.?\//.test(path) && names[0] !== '**';
  return { ok: true, scope: { tool, from, names: isAnywhere ? ['**', ...names] : names } };
};
