import { ClusterSimulator } from '../clusterSimulator';
import { KubernetesObject } from '../objects/kubernetesObject';
import { customResourceDefinition } from '../resources/customResourceDefinition';
import { eventually } from '../testing/eventually';
import { OpenWatch, send } from '../testing/httpClient';

const WIDGETS = '/apis/example.com/v1/widgets';
const DEFINITION = 'widgets.example.com';

function widget(name: string, finalizers?: string[]): KubernetesObject {
  return {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name, namespace: 'default', finalizers },
    spec: { size: 1 },
  };
}

describe('custom resources come and go with their definition', () => {
  let simulator: ClusterSimulator;
  const watches: OpenWatch[] = [];
  const get = (path: string) => send(simulator.url, 'GET', path);
  async function watch(path: string) {
    const opened = await OpenWatch.open(simulator.url, path);
    watches.push(opened);
    return opened;
  }
  const define = (versions?: string[]) =>
    simulator.apply(
      customResourceDefinition('example.com', 'Widget', { versions }),
    );

  beforeEach(async () => {
    simulator = await ClusterSimulator.start();
  });
  afterEach(async () => {
    watches.splice(0).forEach(opened => opened.close());
    await simulator.stop();
  });

  it('are served from the moment that somebody posts the definition', async () => {
    expect((await get(WIDGETS)).status).toBe(404);
    const { status, body } = await send(
      simulator.url,
      'POST',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      { body: customResourceDefinition('example.com', 'Widget') },
    );
    expect(status).toBe(201);
    expect(
      body.status.conditions.map(({ type, status: is }: any) => [type, is]),
    ).toEqual([
      ['NamesAccepted', 'True'],
      ['Established', 'True'],
    ]);
    expect((await get(WIDGETS)).body).toMatchObject({
      kind: 'WidgetList',
      items: [],
    });
    const opened = await watch(`${WIDGETS}?watch=1`);
    simulator.apply(widget('a'));
    await eventually(() => opened.lines.length === 1);
    expect(opened.lines).toEqual(['ADDED a']);
  });

  it('tell their kind in each item of a list', async () => {
    define();
    simulator.apply(widget('a'));
    expect((await get(WIDGETS)).body.items[0]).toMatchObject({
      kind: 'Widget',
      apiVersion: 'example.com/v1',
    });
  });

  it('are deleted with it; then their watch ends and their path is gone', async () => {
    define();
    simulator.apply(widget('a'));
    const opened = await watch(
      `${WIDGETS}?watch=1&resourceVersion=${simulator.resourceVersion}`,
    );
    const definitions = await watch(
      `/apis/apiextensions.k8s.io/v1/customresourcedefinitions?watch=1&resourceVersion=${simulator.resourceVersion}`,
    );
    simulator.delete('CustomResourceDefinition', '', DEFINITION);
    await eventually(() => opened.ended);
    expect([opened.lines, opened.ended]).toEqual([['DELETED a'], 'clean']);
    await eventually(() => definitions.lines.length === 2);
    expect(definitions.lines).toEqual([
      `MODIFIED ${DEFINITION}`,
      `DELETED ${DEFINITION}`,
    ]);
    expect((await get(WIDGETS)).status).toBe(404);
    expect((await get('/apis/example.com')).status).toBe(404);
  });

  it('keep it while one waits for a finalizer', async () => {
    define();
    simulator.apply(widget('a', ['example.com/hold']));
    simulator.delete('CustomResourceDefinition', '', DEFINITION);
    const { metadata, status } = simulator.get(
      'CustomResourceDefinition',
      '',
      DEFINITION,
    )!;
    expect(metadata.deletionTimestamp).toBeDefined();
    expect(status.conditions.at(-1)).toMatchObject({
      type: 'Terminating',
      status: 'True',
    });
    expect((await get(WIDGETS)).body.items).toHaveLength(1);
    await send(
      simulator.url,
      'PATCH',
      '/apis/example.com/v1/namespaces/default/widgets/a',
      {
        headers: { 'content-type': 'application/merge-patch+json' },
        body: { metadata: { finalizers: null } },
      },
    );
    expect(
      simulator.get('CustomResourceDefinition', '', DEFINITION),
    ).toBeUndefined();
    expect((await get(WIDGETS)).status).toBe(404);
  });

  it('begin empty, with a new history, when it is defined again', async () => {
    define();
    simulator.apply(widget('a'));
    const before = simulator.resourceVersion;
    simulator.delete('CustomResourceDefinition', '', DEFINITION);
    define();
    expect((await get(WIDGETS)).body.items).toEqual([]);
    const opened = await watch(`${WIDGETS}?watch=1&resourceVersion=${before}`);
    await eventually(() => opened.ended);
    expect(opened.events[0].object).toMatchObject({ code: 410 });
  });

  it('end in the version that it serves no more', async () => {
    define(['v1', 'v1beta1']);
    const [kept, ended] = [
      await watch(`${WIDGETS}?watch=1`),
      await watch('/apis/example.com/v1beta1/widgets?watch=1'),
    ];
    const { metadata, spec } = simulator.get(
      'CustomResourceDefinition',
      '',
      DEFINITION,
    )!;
    simulator.apply({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: metadata.name },
      spec: {
        ...spec,
        versions: spec.versions.map((version: { name: string }) => ({
          ...version,
          served: version.name === 'v1',
        })),
      },
    });
    await eventually(() => ended.ended === 'clean');
    expect((await get('/apis/example.com/v1beta1/widgets')).status).toBe(404);
    simulator.apply(widget('a'));
    await eventually(() => kept.lines.length === 1);
    expect(kept.ended).toBeUndefined();
  });

  it('are not served while their names are refused', async () => {
    const definition = customResourceDefinition('example.com', 'Widget');
    simulator.load([
      {
        ...definition,
        metadata: { ...definition.metadata, uid: 'refused' },
        status: {
          conditions: [
            {
              type: 'NamesAccepted',
              status: 'False',
              reason: 'PluralConflict',
            },
            { type: 'Established', status: 'False', reason: 'NotAccepted' },
          ],
        },
      },
    ]);
    expect((await get(WIDGETS)).status).toBe(404);
  });
});
