import { readFileSync, readdirSync } from 'fs';
import { join } from 'path';
import { KIND_DEFINITIONS, RELATIONS } from '../../kinds';
import { ClusterGraph } from '../../graph/clusterGraph';
import { GraphDelta, NodeId } from '../../graph/delta';
import { KindId, kindText } from '../../kinds/identity';
import { KubernetesObject } from '../../kinds/kindDefinition';

const FOLDER = join(__dirname, '../../../../../test/fixtures/clusters');

/** What is true of a captured state: references read `Kind/namespace/name`. */
export interface Truth {
  name: string;
  control: boolean;
  rootCause: string[];
  acceptable: string[];
  affected: string[];
  mayBeAffected: string[];
  notAffected: string[];
  expectedReasonKeywords: string[];
  capturedAt: string;
}

export interface CapturedState {
  truth: Truth;
  /** The deltas that the graph writes for it. */
  deltas: GraphDelta[];
  /** Milliseconds since the epoch: when the state is looked at. */
  now: number;
}

export const CAPTURED_STATES: readonly string[] = readdirSync(FOLDER)
  .filter(file => file.endsWith('.truth.json'))
  .map(file => file.slice(0, -'.truth.json'.length))
  .sort();

/**
 * A captured state as kinds and graph make it, looked at some time after it was captured: long enough that whatever
 * is within its grace at the capture has either healed, which a captured state does not, or counts.
 */
export function capturedState(name: string, later: number): CapturedState {
  const read = (file: string) =>
    JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
  const truth: Truth = read(`${name}.truth.json`);
  const now = Date.parse(truth.capturedAt) + later;
  const objects: KubernetesObject[] = read(`${name}.json`).items;
  let nextId = 1;
  const graph = ClusterGraph.create({
    cluster: 'lab',
    kinds: KIND_DEFINITIONS,
    relations: RELATIONS,
    allocateId: () => nextId++ as NodeId,
  });
  const deltas = KIND_DEFINITIONS.flatMap(definition => {
    const { id: kind } = definition;
    const observed = objects
      .filter(object => kindText(kindOf(object)) === kindText(kind))
      .map(object => definition.observe(object, { cluster: 'lab', now }));
    return [
      graph.apply({ type: 'listing', kind }, now),
      graph.apply({ type: 'page', kind, observed }, now),
      graph.apply({ type: 'listed', kind, resourceVersion: '1' }, now),
    ];
  });
  return { truth, deltas, now };
}

function kindOf(object: KubernetesObject): KindId {
  const [group] = String(object.apiVersion).includes('/')
    ? String(object.apiVersion).split('/')
    : [''];
  return { group, kind: object.kind };
}
