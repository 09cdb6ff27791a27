/** Why an object is down: pure judgement (`explain.ts` and one file per family), with SQL at the rim. */
export { causesOf, explain } from './analyse';
export type { AnalysisOptions } from './analyse';
export { incidentsOf } from './incidents';
export type { CausalReader } from './causalGraph';
export { SqlCausalReader } from './sqlCausalReader';
