import {
  forEachChild,
  type ArithmeticFor,
  type BraceGroup,
  type Command,
  type CompoundList,
  type Statement,
  type Subshell,
  type SyntaxNode,
  type While,
} from 'unbash';

/** Commands of the shell that take no time. */
const INSTANT = /^(?:true|false|:|echo|printf|let|date|\[|test)$/;

/** Whether a loop starts programs without an end, and waits for none of them. */
export const isBomb = (loop: While | ArithmeticFor): boolean =>
  isEndless(loop) && startsSome(loop.body) && loop.body.commands.every(isShort);

function isEndless(loop: While | ArithmeticFor): boolean {
  if (loop.type === 'ArithmeticFor')
    return loop.test === undefined || (loop.test.type === 'ArithmeticWord' && isNotZero(loop.test.value));
  const { kind, clause } = loop;
  return (
    clause.commands.length > 0 &&
    clause.commands.every(({ command }) =>
      command.type === 'Command'
        ? (kind === 'until' ? /^false$/ : /^(?:true|:|(?:\[|test) [1-9a-z]+(?: \])?)$/).test(wordsOf(command))
        : kind === 'while' && command.type === 'ArithmeticCommand' && isNotZero(command.body),
    )
  );
}

const wordsOf = ({ name, args }: Command): string =>
  [name, ...args].map((word) => (word?.type === 'Word' ? word.value : '')).join(' ');

const isNotZero = (sum: string): boolean => /^\s*[1-9]\d*\s*$/.test(sum);

const startsSome = ({ commands }: CompoundList): boolean =>
  commands.some(
    ({ background, command }) => background === true || (isGroup(command) && startsSome(command.body)),
  );

/** It is over at once, whatever it starts. */
const isShort = ({ background, command }: Statement): boolean =>
  background === true || isShortCommand(command);

function isShortCommand(command: Statement['command']): boolean {
  if (isGroup(command)) return command.body.commands.every(isShort);
  if (command.type === 'ArithmeticCommand') return !runsAnother(command);
  if (command.type !== 'Command' || command.redirects.length > 0 || runsAnother(command)) return false;
  return command.name === undefined || INSTANT.test(command.name.value);
}

function runsAnother(node: SyntaxNode): boolean {
  if (node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution') return true;
  let runs = false;
  forEachChild(node, (child) => void (runs ||= runsAnother(child)));
  return runs;
}

const isGroup = (node: SyntaxNode): node is BraceGroup | Subshell =>
  node.type === 'BraceGroup' || node.type === 'Subshell';
