import { Knex } from 'knex';
import { Incident } from '../analysis/incident';
import { CausalNode } from '../analysis/rootCause';
import { NodeKey } from '../kinds/identity';
import { HistoryEndsError } from '../store/moment';
import { NodeFilter } from '../store/nodeFilter';
import { TopologyReads } from '../store/topologyReads';
import { IncidentRecord } from './incidentRecord';
import { IncidentLogOptions, readIncidentLog } from './incidentStore';

/**
 * The log as far as one may see it. An incident whose root is hidden is not there at all; of the others hidden objects
 * are neither named nor counted, and what stands about them on the way is left out.
 */
export async function visibleIncidentLog(
  knex: Knex,
  reads: Pick<TopologyReads, 'nodes'>,
  { filter, ...options }: IncidentLogOptions & { filter?: NodeFilter },
): Promise<IncidentRecord[]> {
  const records = await readIncidentLog(knex, options);
  if (!filter) {
    return records;
  }
  const shown: IncidentRecord[] = [];
  for (const record of records) {
    const visible = await visibleKeys(reads, record, filter);
    if (visible.has(record.incident.root.key)) {
      shown.push(cutTo(visible, record));
    }
  }
  return shown;
}

/** What is gone by now is looked up where it was. */
async function visibleKeys(
  reads: Pick<TopologyReads, 'nodes'>,
  { incident, changedAt }: IncidentRecord,
  filter: NodeFilter,
): Promise<ReadonlySet<NodeKey>> {
  const keys = keysOf(incident);
  const now = await reads.nodes(keys, { filter });
  const found = new Set(now.map(({ key }) => key));
  if (found.size < keys.length) {
    const existing = new Set((await reads.nodes(keys)).map(({ key }) => key));
    const gone = keys.filter(key => !existing.has(key));
    try {
      // Just before: it may have been the removal that resolved the incident.
      for (const { key } of await reads.nodes(gone, {
        filter,
        at: changedAt - 1,
      })) {
        found.add(key);
      }
    } catch (error) {
      if (!(error instanceof HistoryEndsError)) {
        throw error;
      }
    }
  }
  return found;
}

function cutTo(
  visible: ReadonlySet<NodeKey>,
  record: IncidentRecord,
): IncidentRecord {
  const { incident } = record;
  const hidden = keysOf(incident).filter(key => !visible.has(key));
  // Those beyond the bound are not known by name, and may be hidden.
  if (hidden.length === 0 && incident.more === 0) {
    return record;
  }
  const isVisible = ({ key }: CausalNode) => visible.has(key);
  const names = hidden.map(key => key.slice(key.lastIndexOf('/') + 1));
  const isSilent = (said: unknown) => {
    const text = JSON.stringify(said);
    return !names.some(name => text.includes(name));
  };
  const path = incident.path
    .filter(({ node }) => isVisible(node))
    .map(({ node, edge, says, evidence }) => ({
      node,
      ...(edge &&
        visible.has(edge.source) &&
        visible.has(edge.target) && { edge }),
      says: isSilent(says) ? says : '',
      evidence: evidence.filter(isSilent),
    }));
  return {
    ...record,
    incident: {
      ...incident,
      // The sentences may name or count what is hidden.
      summary: path[0]?.says ?? '',
      nextStep: isSilent(incident.nextStep) ? incident.nextStep : '',
      affected: incident.affected.filter(isVisible),
      more: 0,
      path,
      evidence: path.flatMap(({ evidence }) => evidence),
      rivals: incident.rivals
        .filter(({ root }) => isVisible(root))
        .map(rival => ({
          ...rival,
          speaksFor: rival.speaksFor.filter(isSilent),
          speaksAgainst: rival.speaksAgainst.filter(isSilent),
        })),
    },
  };
}

/** Of all objects that an incident names. */
function keysOf({ root, affected, path, rivals }: Incident): NodeKey[] {
  return [
    ...new Set([
      ...[root, ...affected, ...rivals.map(rival => rival.root)].map(
        ({ key }) => key,
      ),
      ...path.flatMap(({ node, edge }) => [
        node.key,
        ...(edge ? [edge.source, edge.target] : []),
      ]),
    ]),
  ];
}
