import type { GraphDictionaries } from '../dictionaries';
import { FieldPath } from '../fieldPath';
import { MANAGER, ORIGIN_PREFIX, stateOf } from '../nodeState';
import { Dialect } from './dialect';
import { FieldSource } from './fieldSource';
import type { View } from './hops';
import { sql } from './sql';
import { staleNode } from './stale';

const ABSENT: FieldSource = { form: 'constant', value: undefined };

const CLUSTER = { id: sql`n.cluster_id`, table: sql`clusters d` };

const ATTRIBUTES: Record<string, FieldSource> = {
  '@ID': { form: 'text', value: sql`n.key` },
  '@Host': { form: 'constant', value: '' },
  '@Origin': {
    form: 'dictionary',
    ...CLUSTER,
    value: sql`CAST(${ORIGIN_PREFIX} AS text) || d.name`,
  },
  '@CreatedAt': {
    form: 'number',
    value: sql`coalesce(n.created_at, n.updated_at)`,
  },
  '@UpdatedAt': { form: 'number', value: sql`n.updated_at` },
  '@DeletedAt': { form: 'constant', value: null },
  '@Revision': { form: 'number', value: sql`n.revision` },
};

const METADATA: Record<string, FieldSource> = {
  Manager: { form: 'constant', value: MANAGER },
  Type: {
    form: 'dictionary',
    id: sql`n.kind_id`,
    table: sql`kinds d`,
    value: sql`d.type`,
  },
  Name: { form: 'text', value: sql`n.name` },
  ClusterName: { form: 'dictionary', ...CLUSTER, value: sql`d.name` },
  State: { form: 'level', level: sql`n.level`, valueOf: stateOf },
  Status: { form: 'text', value: sql`n.level` },
};

const KUBERNETES: Record<string, FieldSource> = {
  Name: { form: 'text', value: sql`n.name` },
  Namespace: { form: 'text', value: sql`n.namespace` },
  Labels: { form: 'document', document: sql`n.labels` },
};

/** The field of a node: attributes and `Metadata` of `GremlinNode`, read from the row `n` of `nodes`. */
export function nodeField(
  path: FieldPath,
  dialect: Dialect,
  view: View,
  dictionaries?: GraphDictionaries,
): FieldSource {
  const [first, second, ...rest] = path.segments;
  if (first === 'Stale' && second === undefined) {
    return { form: 'flag', holds: staleNode(view, dialect) };
  }
  if (first !== 'K8s') {
    const own = known(ATTRIBUTES, first) ?? known(METADATA, first);
    if (!own || second !== undefined) {
      return ABSENT;
    }
    return own.form === 'dictionary' && first === 'Type'
      ? { ...own, values: dictionaries?.types }
      : own;
  }
  if (second === undefined) {
    return { form: 'document', document: dialect.kubernetesDocument() };
  }
  if (second === 'Labels' && rest.length > 0) {
    // Everything after Labels is the label's key, dots and all: app.kubernetes.io/name.
    return {
      form: 'text',
      value: dialect.label(sql`n.labels`, rest.join('.')),
    };
  }
  const own = known(KUBERNETES, second);
  if (own) {
    return rest.length === 0 ? own : ABSENT;
  }
  return {
    form: 'json',
    document: sql`n.properties`,
    paths: [[second, ...rest]],
  };
}

function known(
  fields: Record<string, FieldSource>,
  name: string,
): FieldSource | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
