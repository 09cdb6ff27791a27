/** One bound of a LimitRange that is not kept. */
export interface LimitViolation {
  bound: 'min' | 'max' | 'maxLimitRequestRatio';
  /** `cpu`, `memory`, `storage`. */
  resource: string;
  /** `Container`, `Pod`, `PersistentVolumeClaim`. */
  type: string;
  allowed: string;
  /** What was asked for; absent when nothing was. */
  asked?: string;
  text: string;
}

const BOUNDS =
  /(maximum|minimum) (\S+) usage per (\w+) is ([^\s,\]]+?)(?:, but (?:limit|request) is ([^\s,\]]+)|\.\s+No (?:limit|request) is specified)/g;
const RATIO =
  /(\S+) max limit to request ratio per (\w+) is ([^\s,\]]+), but (?:provided ratio is ([^\s,\]]+)|no request is specified or request is 0|no limit is specified or limit is 0)/g;

/** `maximum memory usage per Container is 512Mi, but limit is 1Gi`; several stand in brackets. */
export function limitViolations(text: string): LimitViolation[] {
  const bounds = [...text.matchAll(BOUNDS)].map(
    ([words, bound, resource, type, allowed, asked]): LimitViolation => ({
      bound: bound === 'maximum' ? 'max' : 'min',
      resource,
      type,
      allowed,
      asked,
      text: words,
    }),
  );
  const ratios = [...text.matchAll(RATIO)].map(
    ([words, resource, type, allowed, asked]): LimitViolation => ({
      bound: 'maxLimitRequestRatio',
      resource: resource.replace(/^\[/, ''),
      type,
      allowed,
      asked,
      text: words.replace(/^\[/, ''),
    }),
  );
  return [...bounds, ...ratios];
}
