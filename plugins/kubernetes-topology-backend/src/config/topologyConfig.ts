import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError, toError } from '@backstage/errors';
import {
  ClusterScope,
  HistoryLimits,
  ManifestSource,
} from '@kubernetes-topology/engine';
import { z } from 'zod';

/** What the portal's configuration says under `kubernetesTopology`, checked. Times in milliseconds. */
export interface TopologyConfig {
  /** How often the list of clusters is asked for. */
  clusterRefresh: number;
  /** By cluster; `*` for the others. */
  scopes: Map<string, ClusterScope>;
  staticSources: ManifestSource[];
  /** As they were written, not checked. */
  rules: unknown;
  /** Files or folders. */
  ruleFiles: string[];
  history: Partial<HistoryLimits>;
  /** Whether owners are notified of incidents. */
  notifications: boolean;
  query: { rows?: number; depth?: number; milliseconds?: number };
  reading: { pageSize?: number; listsAtOnce?: number };
  writing: { queueCapacity?: number };
}

const ROOT = 'kubernetesTopology';
const DEFAULT_CLUSTER_REFRESH = 60_000;

function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: issue =>
      issue.code === 'unrecognized_keys'
        ? `unknown key ${issue.keys
            .map(key => `'${key}'`)
            .join(', ')}; known here are ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}

const name = z.string().min(1).max(253);
const namespace = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    'expected the name of a namespace',
  );
const kind = z
  .string()
  .regex(
    /^[A-Z][A-Za-z0-9]*(\.[a-z0-9][-a-z0-9.]*)?$/,
    'expected a kind with its API group, such as Lease.coordination.k8s.io, or Pod for the core group',
  );
const kindPattern = z
  .string()
  .regex(
    /^(\*\.[a-z0-9][-a-z0-9.]*|[A-Z][A-Za-z0-9]*(\.[a-z0-9][-a-z0-9.]*)?)$/,
    'expected a kind with its API group, such as Lease.coordination.k8s.io, Pod for the core group, or *.cilium.io for a whole group',
  );
const atLeastOne = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .min(1, 'expected at least one entry; leave the key out for all')
    .max(1_000);
const whole = (least: number, most: number) => z.int().min(least).max(most);
/** Read by `readDurationFromConfig`, which knows all ways to write one. */
const anyDuration = z.unknown();

const schema = strict({
  clusterRefresh: anyDuration.optional(),
  scopes: z
    .array(
      strict({
        cluster: name,
        namespaces: atLeastOne(namespace).optional(),
        kinds: strict({
          include: atLeastOne(kindPattern).optional(),
          exclude: atLeastOne(kindPattern).optional(),
        }).optional(),
      }),
    )
    .default([]),
  staticSources: z
    .array(
      strict({
        name,
        path: z.string().min(1),
        namespace: namespace.optional(),
        holds: atLeastOne(kind).optional(),
      }),
    )
    .default([]),
  rules: z.unknown().optional(),
  ruleFiles: z.array(z.string().min(1)).default([]),
  notifications: z.boolean().default(true),
  history: strict({
    maxAge: anyDuration.optional(),
    maxVersions: whole(0, Number.MAX_SAFE_INTEGER).optional(),
  }).default({}),
  limits: strict({
    query: strict({
      rows: whole(1, 1_000_000).optional(),
      depth: whole(1, 1_000).optional(),
      timeout: anyDuration.optional(),
    }).default({}),
    reading: strict({
      pageSize: whole(1, 5_000).optional(),
      listsAtOnce: whole(1, 50).optional(),
    }).default({}),
    writing: strict({
      queuedObjects: whole(1, 1_000_000).optional(),
    }).default({}),
  }).default({ query: {}, reading: {}, writing: {} }),
});

/** @throws InputError that names every faulty key and what was expected there */
export function readTopologyConfig(config: Config): TopologyConfig {
  const parsed = schema.safeParse(config.getOptional(ROOT) ?? {});
  if (!parsed.success) {
    throw new InputError(
      `The configuration is not valid:\n${parsed.error.issues
        .map(issue => `  ${keyText(issue.path)}: ${issue.message}`)
        .join('\n')}`,
    );
  }
  const { scopes, staticSources, rules, ruleFiles, history, limits } =
    parsed.data;
  const { notifications } = parsed.data;
  assertDistinct(
    'scopes',
    scopes.map(({ cluster }) => cluster),
  );
  assertDistinct(
    'staticSources',
    staticSources.map(source => source.name),
  );
  const maxAge = durationAt(config, 'history.maxAge', 1_000);
  const timeout = durationAt(config, 'limits.query.timeout', 1);
  const { rows, depth } = limits.query;
  return {
    clusterRefresh:
      durationAt(config, 'clusterRefresh', 1_000) ?? DEFAULT_CLUSTER_REFRESH,
    scopes: new Map(scopes.map(({ cluster, ...scope }) => [cluster, scope])),
    staticSources,
    rules,
    ruleFiles,
    notifications,
    history: defined({ maxAge, maxVersions: history.maxVersions }),
    query: defined({ rows, depth, milliseconds: timeout }),
    reading: limits.reading,
    writing: defined({ queueCapacity: limits.writing.queuedObjects }),
  };
}

function assertDistinct(key: string, names: readonly string[]): void {
  names.forEach((each, nth) => {
    const first = names.indexOf(each);
    if (first < nth) {
      throw new InputError(
        `The configuration is not valid:\n  ${ROOT}.${key}[${nth}]: '${each}' stands in ${ROOT}.${key}[${first}] already`,
      );
    }
  });
}

function durationAt(
  config: Config,
  key: string,
  least: number,
): number | undefined {
  const full = `${ROOT}.${key}`;
  if (!config.has(full)) {
    return undefined;
  }
  try {
    const read = milliseconds(readDurationFromConfig(config, { key: full }));
    if (!(read >= least)) {
      throw new Error(`expected at least ${least} ms`);
    }
    return read;
  } catch (error) {
    throw new InputError(
      `The configuration is not valid:\n  ${full}: ${
        toError(error).message
      }; write a duration as { minutes: 5 }, 'PT5M' or '5m'`,
    );
  }
}

const UNITS: Readonly<Record<keyof HumanDuration, number>> = {
  years: 365 * 86_400_000,
  months: 30 * 86_400_000,
  weeks: 7 * 86_400_000,
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1_000,
  milliseconds: 1,
};

type HumanDuration = ReturnType<typeof readDurationFromConfig>;

function milliseconds(duration: HumanDuration): number {
  return Object.entries(duration).reduce(
    (sum, [unit, count]) => sum + UNITS[unit as keyof HumanDuration] * count,
    0,
  );
}

/** What is left out keeps the engine's default. */
function defined<T extends object>(values: T): T {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as T;
}

function keyText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : `${text}.${String(step)}`,
    ROOT,
  );
}
