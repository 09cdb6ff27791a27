/** Steps of Skydive's that this language does not have, and why: a query that uses one deserves better than a guess. */
const LATER = 'is not built yet';
const PACKETS =
  "belongs to Skydive's packet capture, which has no counterpart here";

const REASONS: Record<string, string> = {
  context: LATER,
  shortestpathto: LATER,
  sum: LATER,
  workflow: 'runs scripts on the server, which this language does not',
  flows: PACKETS,
  hops: PACKETS,
  nodes: PACKETS,
  capturenode: PACKETS,
  metrics: PACKETS,
  aggregates: PACKETS,
  rawpackets: PACKETS,
  bpf: PACKETS,
  sockets: PACKETS,
  nexthop: PACKETS,
  group: PACKETS,
  morethan: PACKETS,
};

/** Why a step of Skydive's is not here; `undefined` for any other word. */
export function whyNotHere(name: string): string | undefined {
  const word = name.toLowerCase();
  return Object.hasOwn(REASONS, word) ? REASONS[word] : undefined;
}
