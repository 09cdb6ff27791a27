import { Command, Option } from 'commander';
import { KIND_NAMES } from '../objects/kindNames';

/** What a shell may propose, whichever shell it is. */
export interface CompletedCommand {
  name: string;
  summary: string;
  options: CompletedOption[];
  /** Proposed where no option is expected. */
  words: readonly string[];
}

export interface CompletedOption {
  short?: string;
  long: string;
  description: string;
  takesValue: boolean;
  choices: readonly string[];
  /** Its value is a file or a folder. */
  isFile: boolean;
}

const FILES = new Set([
  '--from',
  '--graph',
  '--to',
  '--kubeconfig',
  '--database',
  '--rules',
  '--file',
]);
/** Their arguments are objects. */
const OF_OBJECTS = new Set(['tree', 'explain', 'impact', 'history', 'restart']);

export function completedCommands(
  commands: readonly Command[],
): CompletedCommand[] {
  return commands.map(command => ({
    name: command.name(),
    summary: command.summary(),
    options: [...command.options, command.createOption('-h, --help', 'teach')]
      .filter(option => !option.hidden)
      .map(completedOption),
    words: wordsOf(command.name()),
  }));
}

function completedOption(option: Option): CompletedOption {
  const { short, long, description, argChoices } = option;
  return {
    ...(short && { short }),
    long: long ?? '',
    description: firstWords(description),
    takesValue: option.required || option.optional,
    choices: argChoices ?? [],
    isFile: FILES.has(long ?? ''),
  };
}

function wordsOf(command: string): readonly string[] {
  if (command === 'completion') {
    return ['bash', 'zsh', 'fish'];
  }
  return OF_OBJECTS.has(command) ? KIND_NAMES.map(kind => `${kind}/`) : [];
}

/** Menus are narrow. */
function firstWords(description: string): string {
  return description.split(/[;(]/)[0].trim();
}
