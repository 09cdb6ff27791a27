import { Json } from '../kinds/observation';
import { StatusLevel } from '../kinds/status';
import { MANAGER, ORIGIN_PREFIX, OWNERSHIP, stateOf } from './nodeState';
import { GremlinEdge, GremlinNode } from './result';

/** PostgreSQL's driver gives big integers as texts and JSON parsed; SQLite's gives numbers and JSON as text. */
type StoredNumber = number | string;
type StoredObject = string | { [name: string]: Json } | null;

export interface NodeResultRow {
  id: number;
  times: StoredNumber;
  key: string;
  namespace: string;
  name: string;
  level: StatusLevel;
  labels: StoredObject;
  properties: StoredObject;
  created_at: StoredNumber | null;
  updated_at: StoredNumber;
  revision: number;
  type: string;
  cluster: string;
  /** 1: it runs with a former version of its configuration, or controls what does. */
  stale: number;
}

export interface EdgeResultRow {
  src: number;
  rel: number;
  dst: number;
  times: StoredNumber;
  parent: string;
  child: string;
  relation: string;
  relation_type: string;
  metadata: StoredObject;
  details: StoredObject;
  created_at: StoredNumber;
  cluster: string;
}

/** A node in Skydive's form (`skydive.md` 1.1). */
export function gremlinNode(row: NodeResultRow): GremlinNode {
  const state = stateOf(row.level);
  const own = {
    Name: row.name,
    Namespace: row.namespace,
    Labels: objectOf(row.labels),
  };
  const updatedAt = Number(row.updated_at);
  return {
    ID: row.key,
    Metadata: {
      Manager: MANAGER,
      Type: row.type,
      Name: row.name,
      ClusterName: row.cluster,
      ...(state ? { State: state } : {}),
      Status: row.level,
      ...(row.stale === 1 ? { Stale: true } : {}),
      K8s: { ...own, ...objectOf(row.properties), ...own },
    },
    Host: '',
    Origin: `${ORIGIN_PREFIX}${row.cluster}`,
    CreatedAt: row.created_at === null ? updatedAt : Number(row.created_at),
    UpdatedAt: updatedAt,
    DeletedAt: null,
    Revision: row.revision,
  };
}

/** An edge in Skydive's form (`skydive.md` 2.1): the metadata of ownership is its type and nothing else. */
export function gremlinEdge(row: EdgeResultRow): GremlinEdge {
  const createdAt = Number(row.created_at);
  return {
    ID: `${row.parent}|${row.relation}|${row.child}`,
    Parent: row.parent,
    Child: row.child,
    Metadata:
      row.relation_type === OWNERSHIP
        ? { RelationType: OWNERSHIP }
        : {
            ...objectOf(row.details),
            ...objectOf(row.metadata),
            Manager: MANAGER,
            RelationType: row.relation_type,
          },
    Host: '',
    Origin: `${ORIGIN_PREFIX}${row.cluster}`,
    CreatedAt: createdAt,
    UpdatedAt: createdAt,
    DeletedAt: null,
    Revision: 1,
  };
}

function objectOf(stored: StoredObject): { [name: string]: Json } {
  if (stored === null) {
    return {};
  }
  return typeof stored === 'string' ? JSON.parse(stored) : stored;
}
