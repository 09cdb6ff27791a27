import { StatusLevel, Verdict } from '../kinds/status';

/** What is wrong comes first, what merely is not known next, what is well last. */
const ORDER: readonly StatusLevel[] = [
  'down',
  'missing',
  'degraded',
  'unknown',
  'progressing',
  'terminating',
  'maintenance',
  'suspended',
  'idle',
  'ok',
  'history',
];

/** An expression to order nodes by, the worst first. */
export function severitySql(alias: string): string {
  const cases = ORDER.map((level, place) => `WHEN '${level}' THEN ${place}`);
  return `CASE ${alias}.level ${cases.join(' ')} ELSE ${ORDER.length} END`;
}

/** 0 is the worst. */
export function severityOf(level: StatusLevel): number {
  return ORDER.indexOf(level);
}

/**
 * Whether a node is a problem to show: `missing` is one only where something requires the object
 * (`ghostVerdict.ts` gives the reason `OptionalNotFound` otherwise).
 */
export function isProblem(verdict: Pick<Verdict, 'level' | 'reason'>): boolean {
  return (
    verdict.level === 'down' ||
    verdict.level === 'degraded' ||
    (verdict.level === 'missing' && verdict.reason !== 'OptionalNotFound')
  );
}
