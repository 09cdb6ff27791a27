/** All in milliseconds. */
export interface IncidentTuning {
  /** At most so often a cluster is looked at: changes in between are taken together. */
  every: number;
  /** What is seen for less is none: verdicts have their graces, but two lists may disagree for a moment. */
  opensAfter: number;
  /** What comes back before is the same one: a crash loop runs for a while each time. */
  resolvedAfter: number;
}

export const defaultIncidentTuning: IncidentTuning = {
  every: 2_000,
  opensAfter: 5_000,
  resolvedAfter: 30_000,
};
