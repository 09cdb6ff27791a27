import { LayoutJob } from './layout.worker';
import { LayoutEngine, WorkerPort } from './LayoutEngine';
import { layoutGraph } from './layoutGraph';
import { stableLayout } from './stableLayout';

const INPUT = {
  nodes: ['a', 'b'].map(id => ({
    id,
    width: 10,
    height: 10,
    cluster: 'demo',
    namespace: 'shop',
  })),
  edges: [{ id: 'a-b', source: 'a', target: 'b' }],
};

class FakeWorker implements WorkerPort {
  onmessage: WorkerPort['onmessage'] = null;
  onerror: WorkerPort['onerror'] = null;
  readonly jobs: LayoutJob[] = [];
  terminated = false;

  postMessage(job: LayoutJob) {
    this.jobs.push(job);
  }

  answer(job: LayoutJob) {
    const layout = stableLayout(job.request);
    this.onmessage?.({ data: { id: job.id, layout } } as MessageEvent);
  }

  terminate() {
    this.terminated = true;
  }
}

describe('LayoutEngine', () => {
  it('lays out in this thread where there are no workers', async () => {
    const engine = LayoutEngine.create(() => undefined);
    await expect(engine.layout({ input: INPUT })).resolves.toEqual(
      layoutGraph(INPUT),
    );
  });

  it('pairs the worker’s answers with the questions', async () => {
    const worker = new FakeWorker();
    const engine = LayoutEngine.create(() => worker);
    const one = engine.layout({ input: INPUT });
    const other = engine.layout({ input: { nodes: INPUT.nodes, edges: [] } });
    worker.answer(worker.jobs[1]);
    worker.answer(worker.jobs[0]);
    expect((await one).positions).not.toEqual((await other).positions);
    expect(await one).toEqual(layoutGraph(INPUT));
  });

  it('goes on in this thread when the worker fails, as a content security policy makes it', async () => {
    const worker = new FakeWorker();
    const engine = LayoutEngine.create(() => worker);
    const waiting = engine.layout({ input: INPUT });
    worker.onerror?.({} as ErrorEvent);
    await expect(waiting).resolves.toEqual(layoutGraph(INPUT));
    await expect(engine.layout({ input: INPUT })).resolves.toEqual(
      layoutGraph(INPUT),
    );
    expect(worker.jobs).toHaveLength(1);
    expect(worker.terminated).toBe(true);
  });

  it('does not wait for ever', async () => {
    jest.useFakeTimers();
    const engine = LayoutEngine.create(() => new FakeWorker());
    const waiting = engine.layout({ input: INPUT });
    jest.advanceTimersByTime(5_000);
    jest.useRealTimers();
    await expect(waiting).resolves.toEqual(layoutGraph(INPUT));
  });
});
