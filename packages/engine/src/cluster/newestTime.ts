import { KubernetesObject } from '../kinds/kindDefinition';
import { parseTime } from '../kinds/time';

/** Fields that say when something has happened; others tell of what is to come (`notAfter`), or may (`deletionTimestamp`). */
const HAPPENED: ReadonlySet<string> = new Set([
  'creationTimestamp',
  'time',
  'timeAdded',
  'lastTransitionTime',
  'lastUpdateTime',
  'lastHeartbeatTime',
  'lastProbeTime',
  'firstTimestamp',
  'lastTimestamp',
  'eventTime',
  'lastObservedTime',
  'renewTime',
  'acquireTime',
  'startTime',
  'startedAt',
  'finishedAt',
  'completionTime',
  'lastScheduleTime',
  'lastSuccessfulTime',
  'lastScaleTime',
]);
/** Where these fields stand; `spec` only of Leases. */
const MOST_DEPTH = 8;
const YEAR = 365 * 24 * 60 * 60_000;

/**
 * The newest time that stands in objects of a cluster: it was written no earlier. Milliseconds since the epoch;
 * `undefined` when nothing tells, as in manifests. A time that stands more than a year after all others is somebody's
 * wrong clock and does not count.
 *
 * @param options.notAfter now, by a clock that is likely right: what is later is left out, unless most objects are
 */
export function newestTime(
  objects: Iterable<KubernetesObject>,
  options: { notAfter?: number } = {},
): number | undefined {
  const { notAfter = Infinity } = options;
  const all: number[] = [];
  for (const object of objects) {
    const time = newestOf(object);
    if (time !== undefined) {
      all.push(time);
    }
  }
  const past = all.filter(time => time <= notAfter);
  const times = (2 * past.length >= all.length ? past : all).sort(
    (a, b) => a - b,
  );
  let last = times.length - 1;
  while (last > 0 && times[last] - times[last - 1] > YEAR) {
    last--;
  }
  return times[last];
}

function newestOf({
  kind,
  metadata,
  spec,
  status,
  ...rest
}: KubernetesObject): number | undefined {
  const isEvent = kind === 'Event';
  return newestIn(
    [metadata, status, kind === 'Lease' ? spec : undefined, isEvent && rest],
    0,
  );
}

function newestIn(value: unknown, depth: number): number | undefined {
  if (value === null || typeof value !== 'object' || depth > MOST_DEPTH) {
    return undefined;
  }
  let newest: number | undefined;
  for (const [field, inner] of Object.entries(value)) {
    // Names of fields, and no times: `f:status`.
    const time =
      typeof inner === 'string'
        ? (HAPPENED.has(field) && parseTime(inner)) || undefined
        : field !== 'fieldsV1' && newestIn(inner, depth + 1);
    if (time && time > (newest ?? -Infinity)) {
      newest = time;
    }
  }
  return newest;
}
