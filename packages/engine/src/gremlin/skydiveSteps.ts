const FLOWS =
  "needs Skydive's captured flows, and Kubernetes objects have none: it has no counterpart here";
const NEXT_HOP =
  'needs routing tables of hosts, and Kubernetes objects have none: it has no counterpart here';

/** Steps of Skydive's that this language does not have, and why: a query that uses one deserves better than a guess. */
const SKYDIVE: Record<string, string> = {
  workflow: 'runs scripts on the server, which this language does not',
  flows: FLOWS,
  hops: FLOWS,
  nodes: FLOWS,
  capturenode: FLOWS,
  metrics: FLOWS,
  aggregates: FLOWS,
  rawpackets: FLOWS,
  bpf: FLOWS,
  sockets: FLOWS,
  nexthop: NEXT_HOP,
  morethan: FLOWS,
  graphpath: "is no part of Skydive's language any more; ShortestPathTo is",
};

const READ_ONLY = 'would change the graph, and this language only reads';

/** Steps of TinkerPop's that this language does not have, and what to write instead. */
const TINKERPOP: Record<string, string> = {
  haslabel: "is written Has('Type', 'pod') here",
  hasid: "is written V('id') or Has('@ID', 'id') here",
  label: "is written Values('Type') here",
  id: "is written Values('@ID') here",
  order: "is written Sort('Name') or Sort(DESC, 'Name') here",
  by: 'belongs behind Group or GroupCount here',
  othe: 'is written BothV here',
  otherv: 'is written BothV here',
  properties: "is written ValueMap('Name', …) here",
  elementmap: "is written ValueMap('Name', …) here",
  union: 'is written with As and Select, or Or(…), here',
  filter: 'is written Where(…) here',
  simplepath: 'is not needed: Repeat meets no node twice unless Times counts',
  coalesce: 'is left out on purpose: a step here has one meaning',
  choose: 'is left out on purpose: a step here has one meaning',
  map: 'takes functions, which this language has not',
  flatmap: 'takes functions, which this language has not',
  sideeffect: 'takes functions, which this language has not',
  fold: 'is not needed: answers are lists',
  unfold: 'is not needed: lists are crossed by themselves',
  tolist: 'is not needed: answers are lists',
  next: 'is written Limit(1) here',
  tail: 'is written Sort(DESC, …).Limit(n) here',
  addv: READ_ONLY,
  adde: READ_ONLY,
  property: READ_ONLY,
  drop: READ_ONLY,
  mergev: READ_ONLY,
  mergee: READ_ONLY,
};

/** Why a step of Skydive's or TinkerPop's is not here; `undefined` for any other word. */
export function whyNotHere(name: string): string | undefined {
  const word = name.toLowerCase();
  if (Object.hasOwn(SKYDIVE, word)) {
    return `Skydive's step ${name} ${SKYDIVE[word]}`;
  }
  return Object.hasOwn(TINKERPOP, word)
    ? `TinkerPop's step ${name} ${TINKERPOP[word]}`
    : undefined;
}
