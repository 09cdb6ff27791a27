import request from 'supertest';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { RestartRun } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { StoredNode } from '@kubernetes-topology/engine';
import { InMemoryTopology, relation } from '../__testUtils__/inMemoryTopology';
import { startPlugin } from '../__testUtils__/startPlugin';
import { storedNode } from '../__testUtils__/storedNode';
import { Changes } from './changes';
import { EvictedPod, EvictionAnswer } from './evictor';
import { Restarts, RestartsOptions } from './restarts';

const secret = 'demo/Secret/shop/key';
const control = relation('replicaset-pod', { class: 'control' });
const verdict = (
  level: 'ok' | 'progressing' | 'down' | 'terminating' | 'history',
) => ({
  level,
  reason: level === 'down' ? 'CrashLoopBackOff' : level,
  evidence: [],
});

/** A topology whose controllers bring a new pod for each evicted one, up after a moment. */
class Landscape extends InMemoryTopology {
  readonly evictions: string[] = [];
  readonly changes = new Changes();
  answers = new Map<string, EvictionAnswer[]>();
  replacementLevel: 'ok' | 'down' = 'ok';
  #next = 100;

  /** Makes a Deployment with its ReplicaSet and pods that use the secret. */
  deployment(name: string, pods: number) {
    const top = `demo/Deployment.apps/shop/${name}`;
    const set = `demo/ReplicaSet.apps/shop/${name}-1`;
    this.put(storedNode(top), storedNode(set));
    this.link(
      top,
      relation('deployment-replicaset', { class: 'control' }),
      set,
    );
    return Array.from({ length: pods }, (_, i) =>
      this.pod(`${name}-${i}`, set),
    );
  }

  pod(name: string, controller?: string, rest: Partial<StoredNode> = {}) {
    const key = `demo/Pod/shop/${name}`;
    this.put(storedNode(key, rest));
    this.link(key, 'pod-secret', secret);
    if (controller) {
      this.link(controller, control, key);
    }
    return key;
  }

  evict = async (pod: EvictedPod): Promise<EvictionAnswer> => {
    this.evictions.push(pod.name);
    const answer = this.answers.get(pod.name)?.shift() ?? {
      answer: 'accepted' as const,
    };
    if (answer.answer === 'accepted') {
      this.#replace(`demo/Pod/shop/${pod.name}`);
    }
    return answer;
  };

  #replace(key: string) {
    const old = this.all.get(key)!;
    const controller = this.edges.find(
      edge => edge.target === key && edge.relation.class === 'control',
    )!.source;
    const name = `new-${this.#next++}`;
    const steps = [
      () => this.put({ ...old, verdict: verdict('terminating') }),
      () => this.pod(name, controller, { verdict: verdict('progressing') }),
      () => this.remove(key),
      () =>
        this.put(
          storedNode(`demo/Pod/shop/${name}`, {
            verdict: verdict(this.replacementLevel),
          }),
        ),
    ];
    const step = () => {
      steps.shift()?.();
      this.changed();
      this.changes.notify();
      if (steps.length > 0) {
        setTimeout(step, 2);
      }
    };
    setTimeout(step, 2);
  }
}

function landscape() {
  const topology = new Landscape([storedNode(secret)]);
  return topology;
}

function restartsOf(
  topology: Landscape,
  options: Partial<RestartsOptions> = {},
) {
  const audits: any[] = [];
  const restarts = Restarts.create({
    topology,
    evictor: topology,
    changes: topology.changes,
    auth: mockServices.auth(),
    auditor: {
      createEvent: async event => {
        const audit: any = { event };
        audits.push(audit);
        return {
          success: async end =>
            Object.assign(audit, { end: 'success', ...end }),
          fail: async end => Object.assign(audit, { end: 'fail', ...end }),
        };
      },
    },
    logger: mockServices.logger.mock(),
    readyTimeout: 300,
    ...options,
  });
  const create = (target: RestartRun['target'], dryRun = false) =>
    restarts.create(target, {
      restarter: {
        credentials: mockCredentials.user('user:default/ann'),
        filter: undefined,
        restartFilter: undefined,
      },
      dryRun,
      request: {} as any,
    });
  const ended = async (id: string): Promise<RestartRun> => {
    for (;;) {
      const run = restarts.run(id, undefined)!;
      if (run.state !== 'running') {
        return run;
      }
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  };
  return { restarts, create, ended, audits };
}

const steps = (run: RestartRun) =>
  Object.fromEntries(run.pods.map(pod => [pod.name, pod.step]));

describe('Restarts', () => {
  it('restarts every pod that depends on a secret, one of each controller after another', async () => {
    const topology = landscape();
    topology.deployment('cart', 2);
    topology.deployment('bank', 1);
    const { create, ended, audits } = restartsOf(topology);

    const run = await create({ dependentsOf: secret });
    expect(run).toMatchObject({
      state: 'running',
      startedBy: 'user:default/ann',
      target: { dependentsOf: secret },
    });
    const end = await ended(run.id);

    expect(end.state).toBe('done');
    expect(end.pods).toMatchObject([
      {
        name: 'cart-0',
        controller: 'Deployment cart',
        step: { state: 'done' },
      },
      {
        name: 'cart-1',
        controller: 'Deployment cart',
        step: { state: 'done' },
      },
      {
        name: 'bank-0',
        controller: 'Deployment bank',
        step: { state: 'done' },
      },
    ]);
    const replacements = end.pods.map(pod => (pod.step as any).replacement);
    expect(new Set(replacements).size).toBe(3);
    expect(replacements[0]).toMatch(/^new-/);
    // The second of cart goes only when the first one's replacement is up.
    expect(topology.evictions.indexOf('cart-1')).toBe(2);
    await new Promise(resolve => setTimeout(resolve, 5));
    expect(audits).toMatchObject([
      {
        event: {
          eventId: 'pod-restart',
          severityLevel: 'medium',
          meta: { actionType: 'run', target: { dependentsOf: secret } },
        },
        end: 'success',
        meta: {
          startedBy: 'user:default/ann',
          pods: [{ state: 'done' }, { state: 'done' }, { state: 'done' }],
        },
      },
    ]);
  });

  it('only plans when asked to', async () => {
    const topology = landscape();
    topology.deployment('cart', 1);
    const { create, restarts, audits } = restartsOf(topology);
    const run = await create({ dependentsOf: secret }, true);
    expect([run.state, steps(run)]).toEqual([
      'planned',
      { 'cart-0': { state: 'waiting' } },
    ]);
    expect(topology.evictions).toEqual([]);
    expect(restarts.run(run.id, undefined)).toBeUndefined();
    expect(audits).toMatchObject([
      { event: { meta: { actionType: 'plan' } }, end: 'success' },
    ]);
  });

  it('says which pods it will not restart, and why', async () => {
    const topology = landscape();
    const [, going, finished] = topology.deployment('cart', 3);
    topology.put(
      storedNode(going, { verdict: verdict('terminating') }),
      storedNode(finished, { verdict: verdict('history') }),
      storedNode('demo/Node//n1'),
    );
    topology.pod('bare');
    topology.pod('static', 'demo/Node//n1');
    const { create } = restartsOf(topology);
    const run = await create({ dependentsOf: secret }, true);
    expect(steps(run)).toEqual({
      'cart-0': { state: 'waiting' },
      'cart-1': { state: 'done' },
      'cart-2': {
        state: 'refused',
        message: expect.stringContaining('has finished'),
      },
      bare: {
        state: 'refused',
        message: expect.stringContaining('would not come back'),
      },
      static: {
        state: 'refused',
        message: expect.stringContaining('static pod'),
      },
    });
  });

  it("passes Kubernetes' refusal on word for word and goes on with the others", async () => {
    const topology = landscape();
    topology.deployment('cart', 1);
    topology.deployment('bank', 1);
    topology.answers.set('cart-0', [
      { answer: 'refused', byBudget: true, message: 'budget says no' },
    ]);
    const { create, ended, audits } = restartsOf(topology);
    const end = await ended((await create({ dependentsOf: secret })).id);
    expect(end.state).toBe('failed');
    expect(steps(end)).toMatchObject({
      'cart-0': { state: 'refused', message: 'budget says no' },
      'bank-0': { state: 'done' },
    });
    await new Promise(resolve => setTimeout(resolve, 5));
    expect(audits).toMatchObject([
      {
        end: 'fail',
        meta: { pods: [{ message: 'budget says no' }, { state: 'done' }] },
      },
    ]);
  });

  it('asks again when the API server is busy, and when the budget has not counted the last replacement yet', async () => {
    const topology = landscape();
    topology.deployment('cart', 2);
    topology.answers.set('cart-0', [
      { answer: 'throttled', retryAfter: 5, message: 'busy' },
    ]);
    topology.answers.set('cart-1', [
      { answer: 'refused', byBudget: true, message: 'not yet' },
    ]);
    const { create, ended } = restartsOf(topology);
    const end = await ended((await create({ dependentsOf: secret })).id);
    expect(end.state).toBe('done');
    expect(topology.evictions).toEqual([
      'cart-0',
      'cart-0',
      'cart-1',
      'cart-1',
    ]);
  });

  it('stops a controller at the first pod that does not come back, with what keeps it', async () => {
    const topology = landscape();
    topology.deployment('cart', 2);
    topology.replacementLevel = 'down';
    const { create, ended } = restartsOf(topology, { readyTimeout: 60 });
    const end = await ended((await create({ dependentsOf: secret })).id);
    expect(end.state).toBe('failed');
    expect(steps(end)).toEqual({
      'cart-0': {
        state: 'failed',
        message: expect.stringMatching(/not up: down, CrashLoopBackOff/),
      },
      'cart-1': {
        state: 'refused',
        message: 'Not restarted, because cart-0 did not come back',
      },
    });
    expect(topology.evictions).toEqual(['cart-0']);
  });

  it('counts a pod that is gone already as done', async () => {
    const topology = landscape();
    topology.deployment('cart', 1);
    topology.answers.set('cart-0', [{ answer: 'gone' }]);
    const { create, ended } = restartsOf(topology);
    const end = await ended((await create({ dependentsOf: secret })).id);
    expect([end.state, steps(end)]).toEqual([
      'done',
      { 'cart-0': { state: 'done' } },
    ]);
  });

  it('knows a StatefulSet pod by its uid, as the new one has the same name', async () => {
    const topology = landscape();
    const set = 'demo/StatefulSet.apps/shop/db';
    topology.put(storedNode(set));
    const key = topology.pod('db-0', set);
    const { create, ended } = restartsOf(topology, {
      evictor: {
        evict: async () => {
          setTimeout(() => {
            topology.put(storedNode(key, { uid: 'second' }));
            topology.changes.notify();
          }, 5);
          return { answer: 'accepted' };
        },
      },
    });
    const end = await ended((await create({ pods: [key] })).id);
    expect(steps(end)).toEqual({
      'db-0': { state: 'done', replacement: 'db-0' },
    });
  });

  it('does not restart a pod twice at the same time', async () => {
    const topology = landscape();
    topology.deployment('cart', 1);
    const { create, ended } = restartsOf(topology);
    const first = await create({ dependentsOf: secret });
    const second = await create({ dependentsOf: secret });
    expect(steps(second)).toEqual({
      'cart-0': {
        state: 'refused',
        message: 'Another restart of it is running',
      },
    });
    expect((await ended(second.id)).state).toBe('failed');
    expect((await ended(first.id)).state).toBe('done');
    expect(topology.evictions).toEqual(['cart-0']);
  });

  it('leaves what is not begun when the backend stops', async () => {
    const topology = landscape();
    topology.deployment('cart', 3);
    const { create, restarts } = restartsOf(topology);
    const run = await create({ dependentsOf: secret });
    await new Promise(resolve => setTimeout(resolve, 1));
    await restarts.stop();
    expect(topology.evictions).toEqual(['cart-0']);
    expect(restarts.run(run.id, undefined)?.state).toBe('failed');
  });

  it('bounds a restart of dependents', async () => {
    const topology = landscape();
    topology.deployment('cart', 201);
    const { create, audits } = restartsOf(topology);
    await expect(create({ dependentsOf: secret })).rejects.toThrow(
      '201 pods depend on Secret key in namespace shop; restart at most 200',
    );
    expect(audits).toMatchObject([{ end: 'fail' }]);
  });

  it('shows a run only as far as the asker may see', async () => {
    const topology = landscape();
    topology.deployment('cart', 1);
    const other = 'demo/Pod/bank/teller';
    topology.put(
      storedNode(other),
      storedNode('demo/Pod/shop/cart-0', { labels: { app: 'cart' } }),
    );
    topology.link('demo/ReplicaSet.apps/shop/cart-1', control, other);
    const { create, restarts, ended } = restartsOf(topology);
    const { id } = await create({ pods: ['demo/Pod/shop/cart-0', other] });
    const inNamespace = (namespace: string) =>
      restarts.run(id, { key: 'namespace', values: [namespace] });
    expect(inNamespace('shop')).toMatchObject({
      target: { pods: ['demo/Pod/shop/cart-0'] },
      pods: [{ name: 'cart-0' }],
    });
    expect(inNamespace('elsewhere')).toBeUndefined();
    await restarts.stop();
    await ended(id);

    const dependents = await create({ dependentsOf: secret });
    const withKinds = (...kinds: string[]) =>
      restarts.run(dependents.id, { key: 'kind', values: kinds });
    expect(withKinds('Pod')).toBeUndefined();
    expect(withKinds('Pod', 'Secret')?.pods).toHaveLength(1);

    // Labels of what is gone are those that it had.
    topology.remove('demo/Pod/shop/cart-0');
    const labelled = (value: string) =>
      restarts
        .run(id, {
          label: { key: 'app', operator: 'In', values: [value] },
        })
        ?.pods.map(pod => pod.name);
    expect([labelled('cart'), labelled('other')]).toEqual([
      ['cart-0'],
      undefined,
    ]);
  });
});

it('restarts over REST: begun with 202, then followed', async () => {
  const topology = landscape();
  const [key] = topology.deployment('cart', 1);
  const { server, stop } = await startPlugin({ topology });
  const base = '/api/kubernetes-topology/restarts';
  const begun = await request(server)
    .post(base)
    .send({ target: { pods: [key] } });
  expect(begun.status).toBe(202);
  let run: RestartRun = begun.body;
  while (run.state === 'running') {
    run = (await request(server).get(`${base}/${run.id}`)).body;
  }
  // This portal is configured with no cluster, so Kubernetes cannot be asked.
  expect(run.pods[0].step).toEqual({
    state: 'failed',
    message: expect.stringContaining('demo is not configured'),
  });
  await stop();
});
