import { unlessSilent } from '../kinds/verdict';
import { object, verdict, WIDGET } from './__testUtils__/madeUpKinds';
import { Told } from './__testUtils__/told';
import { isEmptyDelta } from './clusterGraph';

const BUDGET = 40_000;

/** A widget that beats: late when its next one does not come within 40 s. */
function beating(name: string, heartbeat: number) {
  return object(WIDGET, 'red', name, {
    verdict: unlessSilent(
      heartbeat,
      BUDGET,
      verdict('ok', 'Beats'),
      verdict('degraded', 'Late'),
    ),
  });
}

function told(at: number) {
  const graph = new Told();
  graph.now = at;
  graph.listAll(beating('a', at), beating('b', at));
  const both = () => [
    graph.status(WIDGET, 'red', 'a'),
    graph.status(WIDGET, 'red', 'b'),
  ];
  return { graph, both };
}

describe('a heartbeat', () => {
  it('makes no row, no version, and is remembered', () => {
    const { graph, both } = told(1_000);
    for (let at = 11_000; at < 600_000; at += 10_000) {
      graph.tick(at);
      expect(isEmptyDelta(graph.upsert(beating('a', at)))).toBe(true);
      expect(isEmptyDelta(graph.upsert(beating('b', at)))).toBe(true);
    }
    expect(graph.tick(620_000)).toBeUndefined();
    expect(both()).toEqual(['ok Beats', 'ok Beats']);
  });

  it('that does not come is missed when the others of the kind beat on', () => {
    const { graph, both } = told(1_000);
    for (let at = 11_000; at <= 61_000; at += 10_000) {
      graph.now = at;
      graph.upsert(beating('b', at));
      graph.tick(at);
    }
    expect(both()).toEqual(['degraded Late', 'ok Beats']);
  });

  it('of a server that was set back is not late by what was heard before', () => {
    const { graph, both } = told(1_000);
    graph.now = 61_000;
    graph.upsert(beating('a', 61_000));
    graph.upsert(beating('b', 61_000));
    graph.list(WIDGET, beating('a', 11_000), beating('b', 12_000));
    graph.tick(62_000);
    expect(both()).toEqual(['ok Beats', 'ok Beats']);
    for (let at = 63_000; at <= 113_000; at += 10_000) {
      graph.now = at;
      graph.upsert(beating('b', at));
      graph.tick(at);
    }
    expect(both()).toEqual(['degraded Late', 'ok Beats']);
  });

  it('that comes at last heals', () => {
    const { graph, both } = told(1_000);
    graph.now = 61_000;
    graph.upsert(beating('b', 61_000));
    expect(both()).toEqual(['degraded Late', 'ok Beats']);
    graph.now = 62_000;
    graph.upsert(beating('a', 62_000));
    expect(both()).toEqual(['ok Beats', 'ok Beats']);
    graph.now = 150_000;
    graph.upsert(beating('b', 150_000));
    expect(both()).toEqual(['degraded Late', 'ok Beats']);
  });

  it('is missed by nobody while nothing of the kind is heard: the watch may be dead', () => {
    const { graph, both } = told(1_000);
    for (let at = 11_000; at < 600_000; at += 10_000) {
      expect(graph.tick(at)).toBeUndefined();
    }
    expect(graph.graph.nextDue()).toBeGreaterThan(600_000);
    expect(both()).toEqual(['ok Beats', 'ok Beats']);
  });

  it('is judged in a dump by the newest of the dump, however old that is', () => {
    const graph = new Told();
    graph.now = 10_000_000;
    graph.listAll(
      beating('a', 1_000),
      beating('b', 90_000),
      beating('c', 91_000),
    );
    graph.tick(graph.now + 10_000);
    expect(
      ['a', 'b', 'c'].map(name => graph.status(WIDGET, 'red', name)),
    ).toEqual(['degraded Late', 'ok Beats', 'ok Beats']);
  });

  it('is not taken for late because one clock in the cluster is fast', () => {
    const { graph, both } = told(1_000);
    graph.now = 11_000;
    graph.upsert(beating('b', 71_000));
    expect(both()).toEqual(['ok Beats', 'ok Beats']);
  });
});
