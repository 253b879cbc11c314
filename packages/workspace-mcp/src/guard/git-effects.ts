import { argumentsOf, hasOption } from './arguments.ts';
import { ask, changing, harmless, type Effect } from './verdict.ts';

const GIT_LOOKING =
  /^(status|log|diff|show|rev-parse|rev-list|ls-files|ls-tree|blame|describe|shortlog|grep|cat-file|name-rev|merge-base|version|help|whatchanged|show-ref|for-each-ref|count-objects|check-ignore|range-diff|cherry|var|diff-tree|diff-index|diff-files|merge-tree)$/;
const GIT_CHANGING =
  /^(add|commit|checkout|switch|merge|rebase|tag|branch|init|stash|mv|rm|cherry-pick|revert|apply|am|bisect|worktree|notes|format-patch|archive|bundle|sparse-checkout|reset|restore|clean|gc|prune|reflog|update-ref|filter-branch|filter-repo|config|remote|mergetool|difftool|repack|fsck|symbolic-ref|read-tree|write-tree|commit-tree|update-index|hash-object|interpret-trailers|rerere|maintenance|lfs)$/;
const GIT_REMOTE = /^(push|pull|fetch|clone|ls-remote|submodule)$/;

/** Settings that are a program. */
const RUN_LATER =
  /^(?:core\.(?:pager|editor|fsmonitor|sshcommand|hookspath|gitproxy)|include(?:if\..*)?\.path|init\.templatedir|.*\.(?:packobjectshook|command|cmd|textconv|helper|clean|smudge|external|program|driver|editor|askpass)$)/i;

/** Options that name one. */
const PROGRAMS = '--exec --extcmd --upload-pack --receive-pack --config-env --open-files-in-pager'.split(' ');

/** Git takes any beginning of an option that no other one has. */
function isShortFor(word: string, options: readonly string[]): boolean {
  const [option = ''] = word.split('=');
  return option.length > 3 && options.some((one) => one.startsWith(option));
}

/** What a call of git does, by its words. */
export function gitEffects(words: readonly string[]): readonly Effect[] {
  if (words.some((word) => /^--exec-path=/.test(word) || isShortFor(word, PROGRAMS)))
    return [ask('git runs a program')];
  const { options, operands } = argumentsOf(
    words.map((text) => ({ text, isPattern: false })),
    ['-C', '-c', '--git-dir', '--work-tree', '--namespace'],
  );
  const settings = options.filter((_, index) => options[index - 1] === '-c');
  if (settings.some((setting) => /=\s*!/.test(setting) || RUN_LATER.test(setting.split('=')[0] ?? '')))
    return [ask('git runs a program')];
  const [verb = '', ...rest] = operands.map(({ text }) => text);
  if (isRunning(verb, rest, options)) return [ask('git runs a program')];
  const isStatus = verb === 'submodule' && /^(?:status|summary)$/.test(rest[0] ?? '');
  if (GIT_LOOKING.test(verb) || verb === '' || isStatus) return [harmless];
  if (GIT_REMOTE.test(verb)) {
    const isForced = hasOption(options, 'f', '--force', '--force-with-lease', '--mirror', '--delete');
    return [
      ask(
        verb === 'push' && isForced
          ? 'git changes the history of another computer'
          : 'git reaches other computers',
      ),
    ];
  }
  if (!GIT_CHANGING.test(verb)) return [ask(`git ${verb} may be an alias, which runs any program`)];
  const isTelling = rest.length > 1 && !/^(?:get|list|unset)/.test(rest[0] ?? '');
  if (verb === 'config' && isTelling && rest.some((key) => /^alias\./i.test(key) || RUN_LATER.test(key)))
    return [ask('git is told to run a program later')];
  return [
    isLosing(verb, rest, options) ? ask(`git ${verb} loses what was not committed or not merged`) : changing,
  ];
}

/** Verbs that are given a command. */
const isRunning = (verb: string, [what]: readonly string[], options: readonly string[]): boolean =>
  (verb === 'bisect' && what === 'run') ||
  (/^(difftool|rebase)$/.test(verb) && hasOption(options, 'x')) ||
  (verb === 'grep' && hasOption(options, 'O'));

/** What git does not give back. */
function isLosing(verb: string, rest: readonly string[], options: readonly string[]): boolean {
  if (verb === 'restore' && hasOption(options, 'S', '--staged') && !hasOption(options, 'W', '--worktree'))
    return false;
  if (verb === 'reflog') return /^(?:expire|delete|drop)$/.test(rest[0] ?? '');
  // what follows its -e is no option of its own
  if (verb === 'clean' && hasOption(options, 'e', '--exclude')) return true;
  if (/^(clean|restore|filter-branch|filter-repo|gc|prune|update-ref)$/.test(verb))
    return (
      !(verb === 'clean' && hasOption(options, 'n')) &&
      !options.includes('-n') &&
      !options.includes('--dry-run') &&
      !(verb === 'gc' && !options.some((option) => option.startsWith('--prune')))
    );
  if (verb === 'reset') return options.some((option) => isShortFor(option, ['--hard', '--merge', '--keep']));
  if (verb === 'checkout' || verb === 'switch')
    return (
      hasOption(options, 'f', '--force', '--discard-changes') ||
      rest.some((word) => word === '.' || word.startsWith(':') || word.includes('*'))
    );
  // without force it deletes no branch that is not merged
  if (verb === 'branch') return hasOption(options, 'DfM', '--force');
  if (verb === 'tag') return hasOption(options, 'df', '--delete', '--force');
  if (verb === 'read-tree') return hasOption(options, 'u', '--reset');
  if (verb === 'rm') return hasOption(options, 'f', '--force');
  if (verb === 'stash') return rest[0] === 'drop' || rest[0] === 'clear';
  return verb === 'worktree' && rest[0] === 'remove';
}
