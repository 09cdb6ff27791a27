import fc from 'fast-check';
import { Knex } from 'knex';
import { EdgeRow, GraphDelta, NodeId } from '../../graph/delta';
import { KindId, NodeKey } from '../../kinds/identity';
import { Relation } from '../../kinds/relation';
import { TopologyStore } from '../../store/topologyStore';
import {
  FixtureEdge,
  FixtureGraph,
  fixtureKey,
  fixtureMeaning,
  FixtureNode,
  fixtureVerdict,
} from './fixtureGraph';
import { DICTIONARY, graphs } from './randomGraphs';

/** How a pool of nodes and edges looks at one step of a run. */
interface Choice {
  /** 0 absent, 1 as in the pool, 2 another status, 3 other content. */
  nodes: number[];
  /** 0 absent, 1 as in the pool, 2 other details. */
  edges: number[];
  /** Milliseconds since the step before; the clock may stand still or be set back. */
  later: number;
}

export interface Script {
  pool: FixtureGraph;
  choices: Choice[];
}

export const START = 1_700_000_000_000;

/** A few steps over a small pool: what is there comes, changes, stays as it is, goes and comes again. */
export const scripts: fc.Arbitrary<Script> = fc.record({
  pool: graphs,
  choices: fc.array(
    fc.record({
      nodes: fc.array(fc.constantFrom(0, 1, 1, 2, 3), {
        minLength: 9,
        maxLength: 9,
      }),
      edges: fc.array(fc.constantFrom(0, 1, 1, 2), {
        minLength: 16,
        maxLength: 16,
      }),
      later: fc.constantFrom(-20, 0, 1, 10, 10, 1000),
    }),
    { minLength: 2, maxLength: 6 },
  ),
});

export interface RecordedState {
  /** From when on, until the next one. */
  at: number;
  graph: FixtureGraph;
}

export const DICTIONARY_KINDS: KindId[] = DICTIONARY.kinds.map(text => {
  const [kind, ...group] = text.split('.');
  return { kind, group: group.join('.') };
});

export const DICTIONARY_RELATIONS: Relation[] = DICTIONARY.relations.map(
  relation => ({
    name: relation.name,
    relationType: relation.relationType,
    ...fixtureMeaning(relation),
    rules: [],
    bitesAt: [],
    metadata: relation.metadata,
  }),
);

/** Writes a script's steps through the store, as the engine does, and notes what is there after each of them. */
export async function record(
  store: TopologyStore,
  { pool, choices }: Script,
): Promise<RecordedState[]> {
  const states: RecordedState[] = [];
  let now: FixtureGraph = { nodes: [], edges: [] };
  let clock = START;
  let at = 0;
  for (const choice of choices) {
    clock += choice.later;
    at = Math.max(at, clock);
    await store.nodeIds.reserve(pool.nodes.length);
    now = next(now, pool, choice, at, () => store.nodeIds.allocate());
    const before = states.at(-1)?.graph ?? { nodes: [], edges: [] };
    for (const cluster of DICTIONARY.clusters) {
      await store.write(deltaOf(cluster, before, now, clock));
    }
    states.push({ at, graph: now });
  }
  return states;
}

/** What was there at a time. */
export function stateAt(
  states: readonly RecordedState[],
  time: number,
): FixtureGraph {
  return (
    states.filter(({ at }) => at <= time).at(-1)?.graph ?? {
      nodes: [],
      edges: [],
    }
  );
}

/** Takes everything out, the clusters' clocks too. */
export async function clear(knex: Knex): Promise<void> {
  for (const table of ['edges', 'nodes', 'edge_versions', 'node_versions']) {
    await knex(table).delete();
  }
  await knex('revisions').delete();
  await knex('clusters').update({ written_at: 0 });
}

function next(
  now: FixtureGraph,
  pool: FixtureGraph,
  choice: Choice,
  at: number,
  allocate: () => number,
): FixtureGraph {
  const ids = new Map<number, number>();
  const nodes = pool.nodes.flatMap((node, i): FixtureNode[] => {
    if (choice.nodes[i] === 0) {
      return [];
    }
    const former = now.nodes.find(
      each => fixtureKey(each) === fixtureKey(node),
    );
    const id = former?.id ?? allocate();
    ids.set(node.id, id);
    const content = { ...node, ...variant(node, choice.nodes[i]), id };
    if (former && hashOf(former) === hashOf(content)) {
      return [former];
    }
    return [
      { ...content, updatedAt: at, revision: (former?.revision ?? 0) + 1 },
    ];
  });
  const edges = pool.edges.flatMap((edge, i): FixtureEdge[] => {
    const source = ids.get(edge.source);
    const target = ids.get(edge.target);
    if (!choice.edges[i] || source === undefined || target === undefined) {
      return [];
    }
    const details = choice.edges[i] === 2 ? { weight: 7 } : edge.details;
    const former = now.edges.find(each =>
      sameEdge(each, { ...edge, source, target }),
    );
    const isSame =
      former && JSON.stringify(former.details) === JSON.stringify(details);
    return [
      isSame ? former : { ...edge, source, target, details, createdAt: at },
    ];
  });
  // Answers come in the order of the ids.
  return { nodes: nodes.sort((one, other) => one.id - other.id), edges };
}

function variant(node: FixtureNode, choice: number): Partial<FixtureNode> {
  switch (choice) {
    case 2:
      return { level: node.level === 'down' ? 'ok' : 'down' };
    case 3:
      return { properties: { Status: 'other' }, labels: { app: 'other' } };
    default:
      return {};
  }
}

/** All that is there, though most of it is unchanged: the row's hash decides what is written. */
function deltaOf(
  cluster: string,
  before: FixtureGraph,
  after: FixtureGraph,
  at: number,
): GraphDelta {
  const inCluster = (graph: FixtureGraph, id: number) =>
    graph.nodes.some(node => node.id === id && node.cluster === cluster);
  const former = (id: number) => before.nodes.find(node => node.id === id);
  const nodes = after.nodes.filter(node => node.cluster === cluster);
  const isVerdictOnly = (node: FixtureNode) => {
    const was = former(node.id);
    return (
      was !== undefined &&
      was.level !== node.level &&
      hashOf({ ...was, level: node.level }) === hashOf(node)
    );
  };
  const edgesOf = (graph: FixtureGraph): EdgeRow[] =>
    graph.edges
      .filter(edge => inCluster(graph, edge.source))
      .map(({ source, relation, target, required = true, details }) => ({
        source: source as NodeId,
        relation,
        target: target as NodeId,
        required,
        details,
      }));
  return {
    cluster,
    at,
    nodes: nodes
      .filter(node => !isVerdictOnly(node))
      .map(node => ({
        id: node.id as NodeId,
        key: fixtureKey(node) as NodeKey,
        kind: DICTIONARY_KINDS[DICTIONARY.kinds.indexOf(node.kind)],
        namespace: node.namespace,
        name: node.name,
        labels: node.labels,
        properties: node.properties,
        verdict: fixtureVerdict(node),
        createdAt: node.createdAt,
        hash: hashOf(node),
        isNew: former(node.id) === undefined,
      })),
    verdicts: nodes.filter(isVerdictOnly).map(node => ({
      id: node.id as NodeId,
      verdict: fixtureVerdict(node),
      hash: hashOf(node),
    })),
    removedNodes: before.nodes
      .filter(
        node =>
          node.cluster === cluster &&
          !after.nodes.some(other => other.id === node.id),
      )
      .map(node => node.id as NodeId),
    edges: edgesOf(after).map(edge => ({
      ...edge,
      isNew: !before.edges.some(each => sameEdge(each, edge)),
    })),
    removedEdges: edgesOf(before).filter(
      edge => !after.edges.some(each => sameEdge(each, edge)),
    ),
    events: [],
    removedEvents: [],
    kindStates: [],
  };
}

function hashOf(node: FixtureNode): string {
  const { level, reason, stale, labels, properties, createdAt } = node;
  return JSON.stringify({
    level,
    reason,
    stale,
    labels,
    properties,
    createdAt,
  });
}

function sameEdge(
  one: Pick<FixtureEdge, 'source' | 'relation' | 'target'>,
  other: Pick<FixtureEdge, 'source' | 'relation' | 'target'>,
): boolean {
  return (
    one.source === other.source &&
    one.relation === other.relation &&
    one.target === other.target
  );
}
