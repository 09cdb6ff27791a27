import { isNameOnly } from '../kinds/kindIds';
import { Verdict } from '../kinds/status';
import { GraphNode } from './graphNode';

/**
 * What can be said of an object that is referred to and was not observed. `missing` needs the complete list of its
 * kind; while that is listed again, what was proven missing stays so, and what is new has to wait for the list.
 *
 * @param proven whether the node was `missing` before
 */
export function ghostVerdict(node: GraphNode, proven: boolean): Verdict {
  const { kind } = node;
  const named =
    node.namespace === ''
      ? `${kind.id.kind} '${node.name}'`
      : `${kind.id.kind} '${node.name}' in namespace '${node.namespace}'`;
  if (isNameOnly(kind.id)) {
    return {
      level: 'ok',
      reason: 'NameOnly',
      message: `${named} is a name: the cluster keeps no object of it`,
      evidence: [],
    };
  }
  if (containsSomething(node)) {
    return unknown('NotSeenYet', `${named} is known only by what it contains`);
  }
  switch (kind.knowledge.state) {
    case 'complete':
      if (kind.knowledge.within?.has(node.namespace) === false) {
        return unknown(
          'OutOfScope',
          `${named}: objects of this kind are not read there`,
        );
      }
      return kind.listing && !proven
        ? unknown('NotListedYet', `${named}: its kind is being listed`)
        : missing(node, named);
    case 'forbidden':
      return unknown('Forbidden', `${named}: reading this kind is not allowed`);
    case 'absent':
      return unknown(
        'KindAbsent',
        `${named}: the cluster does not serve this kind`,
      );
    case 'failing':
      return unknown(
        'ListFailing',
        `${named}: this kind cannot be read at present`,
      );
    default:
      return kind.definition
        ? unknown('NotListedYet', `${named}: its kind is being listed`)
        : unknown('NotWatched', `${named}: this kind is not watched`);
  }
}

/** What contains something that is there exists, whatever its own list says at the moment. */
function containsSomething(node: GraphNode): boolean {
  return node.out.some(
    edge => edge.live && edge.relation.class === 'ownership',
  );
}

function missing(node: GraphNode, named: string): Verdict {
  const required =
    node.in.some(edge => edge.live && isRequired(edge)) ||
    node.out.some(edge => edge.live && isRequired(edge));
  return {
    level: 'missing',
    reason: required ? 'NotFound' : 'OptionalNotFound',
    message: `${named} does not exist`,
    evidence: [
      {
        source: 'absence',
        field: node.kind.text,
        value: `${named} is not in the complete list of its kind`,
      },
    ],
  };
}

function isRequired(edge: GraphNode['in'][number]): boolean {
  return edge.supports().some(link => link.required);
}

function unknown(reason: string, message: string): Verdict {
  return { level: 'unknown', reason, message, evidence: [] };
}
