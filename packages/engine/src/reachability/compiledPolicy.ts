import { AddressCells, blockIncludes } from './addressCells';
import { BitSet } from './bitSet';
import {
  IpBlock,
  NetworkPolicy,
  PolicyPeer,
  PolicyPort,
  PolicyRule,
} from './networkPolicy';
import { PodClass } from './podClasses';
import { SelectorIndex } from './selectorIndex';

/**
 * Who a rule speaks of: the classes of pods by their index, and behind these the cells of addresses outside. One number
 * for either, so that sets of bits hold both.
 */
export type PeerIndex = number;

export interface CompiledPolicy {
  source: NetworkPolicy;
  selects: BitSet;
  /** As in the source. */
  ingress?: CompiledRule[];
  egress?: CompiledRule[];
}

export interface CompiledRule {
  index: number;
  /** `undefined`: everybody. */
  peers?: BitSet[];
  /** All of them together. */
  anyPeer: BitSet;
  /** `undefined`: all. */
  ports?: readonly PolicyPort[];
}

/** Turns selectors and blocks into sets of peers. */
export function compilePolicies(
  policies: readonly NetworkPolicy[],
  known: {
    classes: readonly PodClass[];
    cells: AddressCells;
    /** All that the policies have; the classes name them by their index. */
    blocks: readonly IpBlock[];
    namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>;
  },
): CompiledPolicy[] {
  const size = known.classes.length + known.cells.cells.length;
  const index = new SelectorIndex(known.classes, known.namespaces, size);
  const blockSets = setsOfBlocks(known, size);
  const everybody = allOf(size);
  const peersOf = (peer: PolicyPeer, namespace: string): BitSet => {
    if (peer.type === 'addresses') {
      return blockSets.get(peer.block.text)!;
    }
    return peer.namespaces === 'own'
      ? index.inNamespace(namespace, peer.pods)
      : index.inNamespaces(peer.namespaces, peer.pods);
  };
  const compileRules = (rules: readonly PolicyRule[], namespace: string) =>
    rules.map(({ peers, ports }, at): CompiledRule => {
      const sets = peers?.map(peer => peersOf(peer, namespace));
      return {
        index: at,
        ...(sets && { peers: sets }),
        anyPeer: sets ? together(sets, size) : everybody,
        ...(ports && { ports }),
      };
    });
  return policies.map(source => {
    const { namespace, podSelector, ingress, egress } = source;
    return {
      source,
      selects: index.inNamespace(namespace, podSelector),
      ...(ingress && { ingress: compileRules(ingress, namespace) }),
      ...(egress && { egress: compileRules(egress, namespace) }),
    };
  });
}

function setsOfBlocks(
  {
    classes,
    cells,
    blocks,
  }: Pick<
    Parameters<typeof compilePolicies>[1],
    'classes' | 'cells' | 'blocks'
  >,
  size: number,
): Map<string, BitSet> {
  return new Map(
    blocks.map((block, at) => {
      const set = BitSet.empty(size);
      classes.forEach((one, index) => {
        if (one.blocks.includes(at)) {
          set.add(index);
        }
      });
      cells.cells.forEach((cell, index) => {
        if (blockIncludes(block, cell)) {
          set.add(classes.length + index);
        }
      });
      return [block.text, set];
    }),
  );
}

function together(sets: readonly BitSet[], size: number): BitSet {
  return sets.length === 1
    ? sets[0]
    : sets.reduce((all, set) => all.or(set), BitSet.empty(size));
}

function allOf(size: number): BitSet {
  const set = BitSet.empty(size);
  for (let index = 0; index < size; index++) {
    set.add(index);
  }
  return set;
}
