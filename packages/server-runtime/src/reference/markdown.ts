import { defaultText } from '../config/option.ts';
import type { Config } from '../config/define-config.ts';
import type { ErrorCodes } from '../error-codes.ts';
import type { Tool } from '../tool.ts';
import { parametersOf } from './signature.ts';

/** What a package's `dist/reference.js` exports as `reference`, for the generated documentation. */
export interface Reference {
  readonly tools: readonly Tool[];
  readonly config: Config;
  readonly errorCodes: ErrorCodes;
}

/** A section for each tool: what it is for, what it takes, what it does to the world. */
export function toolReference(tools: readonly Tool[]): string {
  return tools.map(toolSection).join('\n\n');
}

/** A table of the options, with their flags, variables and defaults. */
export function optionReference(config: Config): string {
  const rows = config.options.map((option) => {
    const value = option.kind === 'boolean' ? '' : ` ${option.placeholder}`;
    const flag = option.flag === undefined ? '' : code(`${option.flag}${value}`);
    const fallback = defaultText(option);
    return [
      flag,
      code(option.env),
      fallback && code(fallback),
      choicesAnd(option.choices, option.description),
    ];
  });
  return table(['Flag', 'Variable', 'Default', 'Meaning'], rows);
}

/** A table of the error codes. */
export function errorReference(codes: ErrorCodes): string {
  const rows = Object.entries(codes).map(([name, meaning]) => [code(name), meaning]);
  return table(['Code', 'Meaning'], rows);
}

function toolSection(tool: Tool): string {
  const parameters = parametersOf(tool.input).map(({ name, type, required, description }) => [
    code(name),
    code(type),
    required ? 'yes' : '',
    description,
  ]);
  return [
    `### ${tool.name}`,
    tool.description,
    effects(tool),
    ...(parameters.length > 0 ? [table(['Argument', 'Type', 'Required', 'Meaning'], parameters)] : []),
  ].join('\n\n');
}

function effects({ annotations, timeoutMs }: Tool): string {
  const { readOnly, destructive, idempotent, openWorld } = annotations;
  const words = [
    readOnly ? 'changes nothing' : 'changes things',
    destructive ? 'may destroy' : '',
    idempotent ? 'safe to repeat' : '',
    openWorld ? 'reaches outside' : '',
    timeoutMs === undefined ? '' : `stops after ${timeoutMs / 1000} s`,
  ];
  return `Effect: ${words.filter((word) => word !== '').join(', ')}.`;
}

const choicesAnd = (choices: readonly string[], description: string): string =>
  choices.length === 0 ? description : `${description}: ${choices.map(code).join(', ')}`;

const code = (text: string): string => `\`${text}\``;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cellText).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const cellText = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
