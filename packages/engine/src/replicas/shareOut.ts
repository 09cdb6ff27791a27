import { LeaseTable } from '../store/leases';

/**
 * Which replica should follow which cluster. All replicas find the same from the same table, so that they need not
 * talk: no two shares differ by more than one (none is larger than clusters / replicas, rounded up), and a cluster
 * moves only where that would not hold otherwise. A replica gets only what it is configured to follow; clusters that
 * no live replica is configured to follow are left out.
 */
export function shareOut({
  replicas,
  leases,
}: LeaseTable): Map<string, string> {
  const wants = new Map(
    replicas.map(({ id, clusters }) => [id, new Set(clusters)]),
  );
  const shares = new Map<string, string[]>(
    [...wants.keys()].sort().map(id => [id, []]),
  );
  const share = (id: string) => shares.get(id)!;
  const sorted = [...leases].sort((one, other) =>
    one.cluster < other.cluster ? -1 : 1,
  );
  const free: string[] = [];
  for (const { cluster, holder } of sorted) {
    if (holder !== undefined && wants.get(holder)?.has(cluster)) {
      share(holder).push(cluster);
    } else {
      free.push(cluster);
    }
  }
  const smallestFor = (cluster: string): string | undefined =>
    [...shares.keys()]
      .filter(id => wants.get(id)!.has(cluster))
      .sort((one, other) => share(one).length - share(other).length)[0];
  for (const cluster of free) {
    const id = smallestFor(cluster);
    if (id !== undefined) {
      share(id).push(cluster);
    }
  }
  let move = nextMove(shares, smallestFor);
  while (move) {
    const { cluster, from, to } = move;
    shares.set(
      from,
      share(from).filter(each => each !== cluster),
    );
    share(to).push(cluster);
    move = nextMove(shares, smallestFor);
  }
  return new Map(
    [...shares].flatMap(([id, clusters]) =>
      clusters.map((cluster): [string, string] => [cluster, id]),
    ),
  );
}

/** From the largest share that can give one away to a share that is smaller by two or more. */
function nextMove(
  shares: ReadonlyMap<string, readonly string[]>,
  smallestFor: (cluster: string) => string | undefined,
): { cluster: string; from: string; to: string } | undefined {
  const largestFirst = [...shares].sort(
    ([, one], [, other]) => other.length - one.length,
  );
  for (const [from, clusters] of largestFirst) {
    for (const cluster of [...clusters].reverse()) {
      const to = smallestFor(cluster)!;
      if (shares.get(to)!.length + 2 <= clusters.length) {
        return { cluster, from, to };
      }
    }
  }
  return undefined;
}
