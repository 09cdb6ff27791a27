import { Command } from 'commander';
import { usageFailure } from '../failure';
import { ObjectReference, parseReferences } from './objectReference';

/** Which objects a command is about. */
export interface ObjectSelection {
  /** None: all objects, in the namespace where one is given. */
  references: readonly ObjectReference[];
  /** Undefined: `default`, or wherever there is only one of the name. */
  namespace?: string;
  allNamespaces: boolean;
  /** Of kubectl's form. */
  selector?: string;
  /** Of several that a portal reads. */
  cluster?: string;
}

export interface ObjectOptions {
  namespace?: string;
  allNamespaces?: boolean;
  selector?: string;
  cluster?: string;
}

/** `-n`, `-A` and `-l`, as kubectl has them. `--cluster` is a source's option. */
export function addObjectOptions(command: Command): Command {
  return command
    .option('-n, --namespace <name>', 'objects of this namespace')
    .option('-A, --all-namespaces', 'objects of all namespaces')
    .option(
      '-l, --selector <labels>',
      'objects with these labels: app=web,tier!=db,env in (a,b),!legacy',
    );
}

/** @throws Failure when they contradict each other */
export function objectSelection(
  words: readonly string[],
  options: ObjectOptions,
): ObjectSelection {
  const { namespace, allNamespaces = false, selector, cluster } = options;
  if (namespace !== undefined && allNamespaces) {
    throw usageFailure('give --namespace or --all-namespaces, not both');
  }
  const references = parseReferences(words);
  const isNamed = references.some(each => 'key' in each || each.name);
  if (isNamed && selector !== undefined) {
    throw usageFailure('give names of objects or --selector, not both');
  }
  return {
    references,
    allNamespaces,
    ...(namespace !== undefined && { namespace }),
    ...(selector !== undefined && { selector }),
    ...(cluster !== undefined && { cluster }),
  };
}
