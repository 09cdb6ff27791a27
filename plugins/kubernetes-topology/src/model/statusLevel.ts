import { StatusLevel } from '@kubernetes-topology/plugin-kubernetes-topology-common';

/** Worst first: the order of lists, counts and legends. */
export const LEVELS_BY_SEVERITY: readonly StatusLevel[] = [
  'down',
  'missing',
  'degraded',
  'unknown',
  'progressing',
  'terminating',
  'suspended',
  'maintenance',
  'idle',
  'history',
  'ok',
];

/** How severe a level is; 0 is the worst. */
export function severity(level: StatusLevel): number {
  return LEVELS_BY_SEVERITY.indexOf(level);
}

/** The levels that count as a problem of the object itself (`health.md` section 1). */
export function isProblem(level: StatusLevel): boolean {
  return level === 'down' || level === 'degraded' || level === 'missing';
}

/** Levels whose objects may fold into a count: nothing about them asks for attention. */
export function isCalm(level: StatusLevel): boolean {
  return level === 'ok' || level === 'idle';
}
