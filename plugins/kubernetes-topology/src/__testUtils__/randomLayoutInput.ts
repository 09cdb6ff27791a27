import { LayoutInput } from '../layout/types';

/** A small generator of numbers that are the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A landscape over two clusters and some namespaces, with cluster-scoped nodes and a few edges across. */
export function randomLayoutInput(seed: number, size: number): LayoutInput {
  const random = randomNumbers(seed);
  const pick = <T>(items: readonly T[]) =>
    items[Math.floor(random() * items.length)];
  const nodes = Array.from({ length: size }, (_, index) => ({
    id: `n${index}`,
    width: 224,
    height: pick([44, 74, 96]),
    cluster: pick(['east', 'east', 'west']),
    namespace: pick(['', 'cart', 'cart', 'shop', 'mail']),
  }));
  const edges = Array.from({ length: Math.round(size * 0.9) }, (_, index) => {
    const source = pick(nodes);
    const target = pick(
      nodes.filter(node => node.cluster === source.cluster && node !== source),
    );
    return target && { id: `e${index}`, source: source.id, target: target.id };
  }).filter(edge => edge !== undefined);
  return { nodes, edges };
}
