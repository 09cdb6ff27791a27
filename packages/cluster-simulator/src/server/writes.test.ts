import { ClusterSimulator } from '../clusterSimulator';
import { send } from '../testing/httpClient';
import { configMap, deployment, pod } from '../testing/objects';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const PODS = '/api/v1/namespaces/default/pods';
const PATCHES = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
};

describe('writes', () => {
  let simulator: ClusterSimulator;
  const request = (
    method: string,
    path: string,
    body?: unknown,
    headers = {},
  ) => send(simulator.url, method, path, { body, headers });
  const patch = (kind: keyof typeof PATCHES, path: string, body: unknown) =>
    request('PATCH', path, body, { 'content-type': PATCHES[kind] });

  beforeEach(async () => {
    simulator = await ClusterSimulator.start({
      objects: [configMap('existing'), deployment('web'), pod('lonely')],
    });
  });
  afterEach(() => simulator.stop());

  describe('create', () => {
    it('gives identity, creation time and a resource version', async () => {
      const { status, body } = await request('POST', CONFIG_MAPS, {
        metadata: { name: 'new' },
        data: { key: '1' },
      });
      expect(status).toBe(201);
      expect(body).toMatchObject({
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: {
          name: 'new',
          namespace: 'default',
          uid: expect.stringMatching(
            /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
          ),
          resourceVersion: simulator.resourceVersion,
          creationTimestamp: expect.stringMatching(/^\d{4}-.*:\d\dZ$/),
        },
        data: { key: '1' },
      });
    });

    it('makes a name out of generateName', async () => {
      const { body } = await request('POST', CONFIG_MAPS, {
        metadata: { generateName: 'new-' },
      });
      expect(body.metadata.name).toMatch(/^new-[a-z0-9]{5}$/);
    });

    it('fills in defaults', async () => {
      expect(simulator.get('Deployment', 'default', 'web')).toMatchObject({
        metadata: { generation: 1 },
        spec: {
          strategy: {
            type: 'RollingUpdate',
            rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' },
          },
          progressDeadlineSeconds: 600,
          template: {
            spec: { restartPolicy: 'Always', dnsPolicy: 'ClusterFirst' },
          },
        },
      });
      const { spec, status } = simulator.get('Pod', 'default', 'lonely')!;
      expect(status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
      expect(spec.serviceAccountName).toBe('default');
      expect(spec.volumes[0].name).toMatch(/^kube-api-access-/);
    });

    it('writes no status that the client made up', async () => {
      await request('POST', PODS, {
        ...pod('liar'),
        status: { phase: 'Running', podIP: '10.0.0.1' },
      });
      expect(simulator.get('Pod', 'default', 'liar')!.status.phase).toBe(
        'Pending',
      );
    });

    it.each([
      [
        'an existing name',
        CONFIG_MAPS,
        { metadata: { name: 'existing' } },
        409,
        'AlreadyExists',
      ],
      [
        'a namespace that is not there',
        '/api/v1/namespaces/nowhere/configmaps',
        { metadata: { name: 'a' } },
        404,
        'NotFound',
      ],
      [
        'another namespace than the path',
        CONFIG_MAPS,
        { metadata: { name: 'a', namespace: 'other' } },
        400,
        'BadRequest',
      ],
      ['no name', CONFIG_MAPS, { metadata: {} }, 422, 'Invalid'],
      [
        'a name that is none',
        CONFIG_MAPS,
        { metadata: { name: 'Not_OK' } },
        422,
        'Invalid',
      ],
      [
        'another kind',
        CONFIG_MAPS,
        { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'a' } },
        400,
        'BadRequest',
      ],
      [
        'a pod without containers',
        PODS,
        { metadata: { name: 'a' }, spec: {} },
        422,
        'Invalid',
      ],
    ])('refuses %s', async (_, path, body, status, reason) => {
      const answer = await request('POST', path, body);
      expect([answer.status, answer.body.reason]).toEqual([status, reason]);
    });

    it('writes nothing in a dry run', async () => {
      const before = simulator.resourceVersion;
      const { status } = await request('POST', `${CONFIG_MAPS}?dryRun=All`, {
        metadata: { name: 'new' },
      });
      expect(status).toBe(201);
      expect(simulator.resourceVersion).toBe(before);
      expect(simulator.get('ConfigMap', 'default', 'new')).toBeUndefined();
    });

    it('encodes stringData and keeps it out of the stored object', async () => {
      await request('POST', '/api/v1/namespaces/default/secrets', {
        metadata: { name: 's' },
        stringData: { password: 'not-a-real-password' },
      });
      expect(simulator.get('Secret', 'default', 's')).toMatchObject({
        type: 'Opaque',
        data: {
          password: Buffer.from('not-a-real-password').toString('base64'),
        },
      });
      expect(
        simulator.get('Secret', 'default', 's')!.stringData,
      ).toBeUndefined();
    });
  });

  describe('update', () => {
    it('counts a generation for a change of the spec only', async () => {
      const web = () => simulator.get('Deployment', 'default', 'web')!;
      await patch('merge', `${DEPLOYMENTS}/web`, {
        metadata: { labels: { a: 'b' } },
      });
      expect(web().metadata.generation).toBe(1);
      await patch('merge', `${DEPLOYMENTS}/web/status`, {
        status: { replicas: 1 },
      });
      expect(web().metadata.generation).toBe(1);
      await patch('merge', `${DEPLOYMENTS}/web`, { spec: { replicas: 2 } });
      expect(web().metadata.generation).toBe(2);
    });

    it('keeps the status through the main resource and the spec through /status', async () => {
      await patch('merge', `${DEPLOYMENTS}/web/status`, {
        status: { replicas: 7 },
        spec: { replicas: 9 },
        metadata: { labels: { sneaked: 'in' } },
      });
      await patch('merge', `${DEPLOYMENTS}/web`, { status: { replicas: 8 } });
      const { metadata, spec, status } = simulator.get(
        'Deployment',
        'default',
        'web',
      )!;
      expect([spec.replicas, status.replicas, metadata.labels]).toEqual([
        1,
        7,
        undefined,
      ]);
    });

    it('writes nothing when nothing changes', async () => {
      const { body } = await request('GET', `${CONFIG_MAPS}/existing`);
      const before = simulator.resourceVersion;
      const answer = await request('PUT', `${CONFIG_MAPS}/existing`, body);
      expect(answer.status).toBe(200);
      expect(simulator.resourceVersion).toBe(before);
    });

    it('refuses a stale resource version', async () => {
      const { body } = await request('GET', `${CONFIG_MAPS}/existing`);
      body.data.key = 'mine';
      simulator.apply(configMap('existing', { value: 'theirs' }));
      const answer = await request('PUT', `${CONFIG_MAPS}/existing`, body);
      expect([answer.status, answer.body.reason]).toEqual([409, 'Conflict']);
      expect(answer.body.message).toBe(
        'Operation cannot be fulfilled on configmaps "existing": the object has been modified; please apply your changes to the latest version and try again',
      );
    });

    it.each([
      [
        'of another uid',
        (object: any) => {
          object.metadata.uid = 'other';
          delete object.metadata.resourceVersion;
        },
        409,
      ],
      [
        'of another name',
        (object: any) => {
          object.metadata.name = 'other';
        },
        400,
      ],
    ])('refuses an object %s', async (_, change, status) => {
      const { body } = await request('GET', `${CONFIG_MAPS}/existing`);
      change(body);
      expect(
        (await request('PUT', `${CONFIG_MAPS}/existing`, body)).status,
      ).toBe(status);
    });

    it("refuses to change a pod's spec or a deployment's selector", async () => {
      const nodeName = await patch('merge', `${PODS}/lonely`, {
        spec: { nodeName: 'x' },
      });
      const selector = await patch('merge', `${DEPLOYMENTS}/web`, {
        spec: { selector: { matchLabels: { other: 'label' } } },
      });
      expect([nodeName.status, selector.status]).toEqual([422, 422]);
    });

    it('records who owns which fields, so that key names can be told without values', async () => {
      const path = '/api/v1/namespaces/default/secrets';
      await request('POST', `${path}?fieldManager=alice`, {
        metadata: { name: 's' },
        data: { one: 'MQ==', two: 'Mg==' },
      });
      await send(simulator.url, 'PATCH', `${path}/s?fieldManager=bob`, {
        body: { data: { two: 'IQ==', three: 'Mw==' } },
        headers: { 'content-type': PATCHES.merge },
      });
      const entries = simulator.get('Secret', 'default', 's')!.metadata
        .managedFields!;
      expect(
        Object.fromEntries(
          entries.map(entry => [entry.manager, entry.fieldsV1!['f:data']]),
        ),
      ).toEqual({
        alice: { '.': {}, 'f:one': {} },
        bob: { 'f:two': {}, 'f:three': {} },
      });
      expect(JSON.stringify(entries)).not.toContain('IQ==');
    });
  });

  describe('patch', () => {
    it('merges (RFC 7386): null removes, lists are replaced', async () => {
      simulator.apply({ ...configMap('m'), data: { a: '1', b: '2' } });
      const { body } = await patch('merge', `${CONFIG_MAPS}/m`, {
        data: { a: null, c: '3' },
        metadata: { labels: { x: 'y' } },
      });
      expect(body.data).toEqual({ b: '2', c: '3' });
      expect(body.metadata.labels).toEqual({ x: 'y' });
    });

    it('merges strategically: containers by name', async () => {
      const { body } = await patch('strategic', `${DEPLOYMENTS}/web`, {
        spec: {
          template: {
            metadata: {
              annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' },
            },
            spec: {
              '$setElementOrder/containers': [
                { name: 'main' },
                { name: 'side' },
              ],
              containers: [
                { name: 'main', env: [{ name: 'A', value: '1' }] },
                { name: 'side', image: 'envoy:1' },
              ],
            },
          },
        },
      });
      const { containers } = body.spec.template.spec;
      expect(containers.map((c: any) => [c.name, c.image])).toEqual([
        ['main', 'nginx:1.27'],
        ['side', 'envoy:1'],
      ]);
      const removed = await patch('strategic', `${DEPLOYMENTS}/web`, {
        spec: {
          template: {
            spec: { containers: [{ name: 'side', $patch: 'delete' }] },
          },
        },
      });
      expect(removed.body.spec.template.spec.containers).toHaveLength(1);
      expect(removed.body.metadata.generation).toBe(3);
    });

    it('patches by operations (RFC 6902)', async () => {
      const { body } = await patch('json', `${CONFIG_MAPS}/existing`, [
        { op: 'test', path: '/data/key', value: 'value' },
        { op: 'add', path: '/data/a~1b', value: 'x' },
        { op: 'remove', path: '/data/key' },
      ]);
      expect(body.data).toEqual({ 'a/b': 'x' });
      const failed = await patch('json', `${CONFIG_MAPS}/existing`, [
        { op: 'test', path: '/data/a~1b', value: 'y' },
      ]);
      expect(failed.status).toBe(422);
    });

    it('refuses other media types', async () => {
      const answer = await request(
        'PATCH',
        `${CONFIG_MAPS}/existing`,
        {},
        {
          'content-type': 'application/apply-patch+yaml',
        },
      );
      expect([answer.status, answer.body.reason]).toEqual([
        415,
        'UnsupportedMediaType',
      ]);
    });

    it('scales through /scale', async () => {
      const answer = await patch('merge', `${DEPLOYMENTS}/web/scale`, {
        spec: { replicas: 5 },
      });
      expect(answer.body).toMatchObject({
        kind: 'Scale',
        spec: { replicas: 5 },
        status: { selector: 'app=web' },
      });
      expect(simulator.get('Deployment', 'default', 'web')!.spec.replicas).toBe(
        5,
      );
    });
  });

  describe('delete', () => {
    const bound = (name: string, spec = {}) =>
      pod(name, {
        uid: `uid-${name}`,
        spec: { nodeName: 'n', ...spec },
        status: { phase: 'Running' },
      });

    it('removes at once what has no grace and no finalizer', async () => {
      const { status, body } = await request(
        'DELETE',
        `${CONFIG_MAPS}/existing`,
      );
      expect(status).toBe(200);
      expect(body).toMatchObject({
        kind: 'Status',
        status: 'Success',
        details: { name: 'existing', kind: 'configmaps' },
      });
      expect(simulator.get('ConfigMap', 'default', 'existing')).toBeUndefined();
    });

    it.each([
      [
        'its own grace',
        bound('p', { terminationGracePeriodSeconds: 7 }),
        {},
        7,
      ],
      ['30 s by default', bound('p'), {}, 30],
      ['what the request says', bound('p'), { gracePeriodSeconds: 3 }, 3],
    ])(
      'lets a running pod terminate with %s',
      async (_, object, options, grace) => {
        simulator.load([object]);
        const before = Date.now();
        const { body } = await request('DELETE', `${PODS}/p`, options);
        expect(body.metadata.deletionGracePeriodSeconds).toBe(grace);
        const end = Date.parse(body.metadata.deletionTimestamp) - before;
        expect(Math.abs(end - grace * 1000)).toBeLessThan(3000);
        expect(simulator.get('Pod', 'default', 'p')).toBeDefined();
      },
    );

    it('removes a pod at once with no grace, or that runs nowhere', async () => {
      simulator.load([bound('p')]);
      await request('DELETE', `${PODS}/p`, { gracePeriodSeconds: 0 });
      await request('DELETE', `${PODS}/lonely`);
      expect(simulator.list('Pod')).toEqual([]);
    });

    it('waits for finalizers', async () => {
      simulator.apply({
        ...configMap('held'),
        metadata: { name: 'held', namespace: 'default', finalizers: ['a/b'] },
      });
      await request('DELETE', `${CONFIG_MAPS}/held`);
      expect(
        simulator.get('ConfigMap', 'default', 'held')!.metadata
          .deletionTimestamp,
      ).toBeDefined();
      await patch('merge', `${CONFIG_MAPS}/held`, {
        metadata: { finalizers: null },
      });
      expect(simulator.get('ConfigMap', 'default', 'held')).toBeUndefined();
    });

    it.each([
      ['uid', { uid: 'another' }],
      ['resource version', { resourceVersion: '1' }],
    ])('refuses when the %s differs', async (_, preconditions) => {
      const answer = await request('DELETE', `${CONFIG_MAPS}/existing`, {
        preconditions,
      });
      expect([answer.status, answer.body.reason]).toEqual([409, 'Conflict']);
    });

    it('answers 404 for what is not there', async () => {
      const { status, body } = await request('DELETE', `${DEPLOYMENTS}/none`);
      expect(status).toBe(404);
      expect(body.message).toBe('deployments.apps "none" not found');
      expect(body.details).toEqual({
        name: 'none',
        group: 'apps',
        kind: 'deployments',
      });
    });

    it('removes a collection by selector', async () => {
      simulator.apply(configMap('x', { labels: { go: 'yes' } }));
      simulator.apply(configMap('y', { labels: { go: 'yes' } }));
      await request('DELETE', `${CONFIG_MAPS}?labelSelector=go=yes`);
      expect(
        simulator.list('ConfigMap').map(({ metadata }) => metadata.name),
      ).toEqual(['existing']);
    });
  });

  describe('eviction', () => {
    const budget = (status: object, spec = {}) => ({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: {
        name: 'web',
        namespace: 'default',
        uid: 'pdb',
        generation: 1,
      },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        minAvailable: 2,
        ...spec,
      },
      status: { observedGeneration: 1, desiredHealthy: 2, ...status },
    });
    const running = (ready: 'True' | 'False' = 'True', phase = 'Running') =>
      pod('p', {
        uid: 'uid-p',
        labels: { app: 'web' },
        spec: { nodeName: 'n' },
        status: { phase, conditions: [{ type: 'Ready', status: ready }] },
      });
    const evict = (body: object = {}) =>
      request('POST', `${PODS}/p/eviction`, body);

    it('lets the pod go when the budget has room, and takes it from the budget', async () => {
      simulator.load([
        budget({ disruptionsAllowed: 1, currentHealthy: 3 }),
        running(),
      ]);
      const { status, body } = await evict();
      expect([status, body.status]).toEqual([201, 'Success']);
      const evicted = simulator.get('Pod', 'default', 'p')!;
      expect(evicted.metadata.deletionTimestamp).toBeDefined();
      expect(evicted.status.conditions).toContainEqual(
        expect.objectContaining({
          type: 'DisruptionTarget',
          reason: 'EvictionByEvictionAPI',
        }),
      );
      expect(
        simulator.get('PodDisruptionBudget', 'default', 'web')!.status,
      ).toMatchObject({
        disruptionsAllowed: 0,
        disruptedPods: { p: expect.any(String) },
      });
    });

    it('refuses with 429, the cause DisruptionBudget and no Retry-After', async () => {
      simulator.load([
        budget({ disruptionsAllowed: 0, currentHealthy: 2 }),
        running(),
      ]);
      const { status, headers, body } = await evict();
      expect(status).toBe(429);
      expect(headers.get('retry-after')).toBeNull();
      expect(body).toMatchObject({
        reason: 'TooManyRequests',
        message:
          "Cannot evict pod as it would violate the pod's disruption budget.",
        details: {
          causes: [
            {
              reason: 'DisruptionBudget',
              message:
                'The disruption budget web needs 2 healthy pods and has 2 currently',
            },
          ],
        },
      });
      expect(
        simulator.get('Pod', 'default', 'p')!.metadata.deletionTimestamp,
      ).toBeUndefined();
    });

    it.each([
      [
        'is pending',
        running('False', 'Pending'),
        budget({ disruptionsAllowed: 0 }),
        201,
      ],
      [
        'is unready, and enough others are healthy',
        running('False'),
        budget({ disruptionsAllowed: 0, currentHealthy: 2 }),
        201,
      ],
      [
        'is unready, and too few are healthy',
        running('False'),
        budget({ disruptionsAllowed: 0, currentHealthy: 1 }),
        429,
      ],
      [
        'is unready, and unready pods may always go',
        running('False'),
        budget(
          { disruptionsAllowed: 0, currentHealthy: 1 },
          { unhealthyPodEvictionPolicy: 'AlwaysAllow' },
        ),
        201,
      ],
      [
        'has no budget',
        running(),
        budget({}, { selector: { matchLabels: { app: 'db' } } }),
        201,
      ],
      [
        'has a budget that selects nothing',
        running(),
        budget({}, { selector: null }),
        201,
      ],
      [
        'has a budget for all',
        running(),
        budget({ disruptionsAllowed: 0 }, { selector: {} }),
        429,
      ],
    ])('of a pod that %s', async (_, object, pdb, expected) => {
      simulator.load([pdb, object]);
      expect((await evict()).status).toBe(expected);
    });

    it('refuses two budgets with 500', async () => {
      const second = budget({ disruptionsAllowed: 1 });
      second.metadata = { ...second.metadata, name: 'web2', uid: 'pdb2' };
      simulator.load([budget({ disruptionsAllowed: 1 }), second, running()]);
      expect((await evict()).status).toBe(500);
    });

    it('changes nothing in a dry run', async () => {
      simulator.load([
        budget({ disruptionsAllowed: 1, currentHealthy: 3 }),
        running(),
      ]);
      const before = simulator.resourceVersion;
      const { status } = await evict({ deleteOptions: { dryRun: ['All'] } });
      expect([status, simulator.resourceVersion]).toEqual([201, before]);
    });
  });
});
