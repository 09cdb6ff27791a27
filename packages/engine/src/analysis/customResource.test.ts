import { Relation } from '../kinds/relation';
import { StatusLevel } from '../kinds/status';
import { nodeKey } from '../kinds/identity';
import { told } from './__testUtils__/causalGraphBuilder';
import { CausalGraph, CausalGraphEdge, CausalGraphNode } from './causalGraph';
import { explainNodes } from './explain';

const NOW = 3_600_000;

interface Facts {
  level: StatusLevel;
  reason?: string;
  message?: string;
  since?: number;
}

/** `Gadget.example.com/g`, all in one namespace. */
function node(text: string, facts: Facts): CausalGraphNode {
  const [kind, name] = text.split('/');
  const [word, ...group] = kind.split('.');
  const id = { kind: word, group: group.join('.') };
  return {
    key: nodeKey({ cluster: 'c', kind: id, namespace: 'shop', name }),
    cluster: 'c',
    kind: id,
    namespace: 'shop',
    name,
    labels: {},
    properties: {},
    verdict: {
      level: facts.level,
      reason: facts.reason ?? 'Broken',
      message: facts.message,
      since: facts.since,
      evidence: [],
    },
  };
}

const GADGET = 'Gadget.example.com/g';
const broken = (facts: Partial<Facts> = {}) =>
  node(GADGET, { level: 'degraded', since: 1000, ...facts });

function edge(
  source: CausalGraphNode,
  target: CausalGraphNode,
  relation: Partial<Relation> = {},
  required = true,
): CausalGraphEdge {
  return {
    source: source.key,
    target: target.key,
    relation: {
      name: 'gadget-thing',
      relationType: 'gadget',
      class: 'config',
      suffers: 'source',
      strength: 'hard',
      ...relation,
    },
    required,
  };
}

function explained(
  nodes: readonly CausalGraphNode[],
  edges: readonly CausalGraphEdge[],
): string[] {
  const graph = CausalGraph.create(NOW, { nodes, edges });
  const [{ key }] = nodes;
  return told(explainNodes(graph, [key]).explanationOf(key)!);
}

const ITSELF = ['Gadget/g Broken likely: Gadget/g'];

describe('a custom resource that is not well', () => {
  it('is where it starts, when nothing else is wrong', () => {
    const well = node('Thing.example.com/t', { level: 'ok' });
    const gadget = broken();
    expect(explained([gadget, well], [edge(gadget, well)])).toEqual(ITSELF);
  });

  it.each<
    [string, Partial<Facts>, Facts, Partial<Relation>, boolean, string[]]
  >([
    [
      'what its message names: proven',
      { message: 'cannot find thing "t"' },
      { level: 'missing', reason: 'NotFound' },
      {},
      true,
      ['Thing/t MissingThing proven: Thing/t > Gadget/g'],
    ],
    [
      'what its message names, as far as that one tells why: likely',
      { message: 'cannot reach thing "t"' },
      { level: 'down', since: 999_999 },
      {},
      true,
      ['Thing/t Broken likely: Thing/t > Gadget/g'],
    ],
    [
      'what it needs and what broke before it: likely',
      {},
      { level: 'down', since: 500 },
      {},
      true,
      ['Thing/t Broken likely: Thing/t > Gadget/g'],
    ],
    [
      'not what broke long after it',
      {},
      { level: 'down', since: 999_999 },
      {},
      true,
      ITSELF,
    ],
    ['not what it does not need', {}, { level: 'down' }, {}, false, ITSELF],
    [
      'not what it can do without',
      {},
      { level: 'down' },
      { strength: 'soft' },
      true,
      ITSELF,
    ],
    [
      'not what only looks like its own',
      { message: 'cannot reach t-2' },
      { level: 'down' },
      { strength: 'soft' },
      true,
      ITSELF,
    ],
    ['not a guess', {}, { level: 'down' }, { inferred: true }, true, ITSELF],
    [
      'a guess that its message names: likely',
      { message: 'cannot reach t' },
      { level: 'down' },
      { inferred: true },
      false,
      ['Thing/t Broken likely: Thing/t > Gadget/g'],
    ],
  ])('suffers from %s', (_, facts, thing, relation, required, expected) => {
    const gadget = broken(facts);
    const other = node('Thing.example.com/t', thing);
    expect(
      explained([gadget, other], [edge(gadget, other, relation, required)]),
    ).toEqual(expected);
  });

  it('rolls up what it controls', () => {
    const gadget = broken();
    const part = node('Part.example.com/p', { level: 'down' });
    const owns = { name: 'owner', class: 'control', strength: 'soft' } as const;
    expect(explained([gadget, part], [edge(gadget, part, owns)])).toEqual([
      'Part/p Broken likely: Part/p > Gadget/g',
    ]);
  });
});

describe('an absent object that another one makes', () => {
  const secret = node('Secret/db', { level: 'missing', reason: 'NotFound' });
  const makes = { name: 'maker-secret', suffers: 'target' } as const;

  it('is absent because that one is broken', () => {
    const maker = node('ExternalSecret.external-secrets.io/db', {
      level: 'degraded',
    });
    expect(
      explained([secret, maker], [edge(maker, secret, makes, false)]),
    ).toEqual([
      'ExternalSecret/db Broken likely: ExternalSecret/db > Secret/db',
    ]);
  });

  it('is itself the cause when that one is well', () => {
    const maker = node('ExternalSecret.external-secrets.io/db', {
      level: 'ok',
    });
    expect(
      explained([secret, maker], [edge(maker, secret, makes, false)]),
    ).toEqual(['Secret/db MissingSecret proven: Secret/db']);
  });
});

it('no explainer makes a cause of a guessed edge alone', () => {
  const set = node('ReplicaSet.apps/web', { level: 'down' });
  const pod = node('Pod/web-1', { level: 'down', reason: 'CrashLoopBackOff' });
  const guessed = { name: 'guess', class: 'control', inferred: true } as const;
  expect(explained([set, pod], [edge(set, pod, guessed)])).toEqual([
    expect.stringContaining('unexplained'),
  ]);
});
