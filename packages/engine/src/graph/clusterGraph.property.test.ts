import fc from 'fast-check';
import { NodeKey } from '../kinds/identity';
import { EventObservation } from '../kinds/observation';
import { action, WATCHED } from './__testUtils__/actions';
import { eventKey, sorted } from './__fixtures__/deltaTable';
import { fromScratch, World } from './__testUtils__/world';

/*
 * Whatever happens to a cluster, in whatever order the API server tells it, the graph must be the one that the final
 * state alone implies, and the deltas must add up to it.
 */

function assertStoredEqualsTable(world: World): void {
  const stored = world.graph.stored();
  expect(sorted(stored.nodes)).toEqual(
    sorted(
      [...world.table.nodes.values()].map(row => ({
        id: row.id,
        key: row.key,
        kind: row.kind,
        namespace: row.namespace,
        name: row.name,
        uid: row.uid,
        level: row.verdict.level,
        hash: row.hash,
      })),
    ),
  );
  expect(sorted(stored.edges)).toEqual(sorted([...world.table.edges.values()]));
  expect(sorted(stored.events)).toEqual(
    sorted([...world.table.events.values()]),
  );
}

/** Every live event has a row or a newer one has; a row without its Event still explains what a status says. */
function assertEvents(world: World): void {
  const live = new Map<string, EventObservation[]>();
  for (const each of world.events.values()) {
    live.set(eventKey(each), [...(live.get(eventKey(each)) ?? []), each]);
  }
  for (const [subject, row] of world.table.events) {
    const about = world.objects.get(row.about as NodeKey);
    if (!(live.get(subject) ?? []).some(each => each.message === row.message)) {
      expect(about).toBeDefined();
      expect(['Jammed', 'HelpComes']).toContain(row.reason);
      expect(about!.verdict.level).not.toBe('ok');
    }
  }
}

describe('ClusterGraph, whatever happens', () => {
  const runs = Number(process.env.GRAPH_PROPERTY_RUNS ?? 400);

  it('is the graph that the final state implies, and its deltas add up to it', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.array(action, { maxLength: 40, size: 'max' }),
        fc.nat({ max: 8 }),
        fc.integer({ min: 1, max: 4 }),
        (settled, actions, rotate, updatesPerDelta) => {
          const world = new World(settled, updatesPerDelta);
          for (const each of actions) {
            world.run(each);
            if (!world.isListing && world.isFlushed) {
              assertStoredEqualsTable(world);
            }
          }
          for (const kind of WATCHED) {
            world.endList(kind);
          }
          world.run({ do: 'wait', ms: 0 });
          assertStoredEqualsTable(world);
          assertEvents(world);
          const scratch = fromScratch(world, rotate);
          expect(world.table.content()).toEqual(scratch.content());
        },
      ),
      { numRuns: runs },
    );
  });
});
