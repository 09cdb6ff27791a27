import { livePlan } from './livePlan';

describe('livePlan', () => {
  it.each([
    ["G.V().Has('Type', 'pod')", 'filter'],
    ["G.V().Has('Type', 'secret').In('Type', 'pod').Count()", 'walk'],
    ["G.V().Has('Type', 'pod').Where(Out())", 'whole'],
    // What a workload's pods read: no change of the workload itself.
    ["G.V().Has('Type', 'deployment', 'Stale', true)", 'whole'],
    ["G.V().HasNot('Stale')", 'whole'],
    ["G.V().Has('Type', 'secret').In('Metadata.Stale', true)", 'whole'],
    ["G.V().Has('Type', 'deployment').Values('Stale')", 'whole'],
    ["G.V().ValueMap('Name', 'Stale')", 'whole'],
    // What breaks with it may be far away.
    ["G.V().Has('Type', 'secret').Impact()", 'whole'],
  ])('%s: %s', (text, kind) => {
    expect(livePlan(text).kind).toBe(kind);
  });
});
