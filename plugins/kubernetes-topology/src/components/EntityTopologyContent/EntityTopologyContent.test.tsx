import { EntityTopology } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import {
  act,
  fireEvent,
  screen,
  waitFor,
  within,
} from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { bookinfoTopology } from '../../fixtures/bookinfo';
import { RecordedTopology } from '../../fixtures/RecordedTopology';
import {
  HandSignals,
  renderTopology,
} from '../../__testUtils__/renderTopology';
import { taskPvTopology } from '../../fixtures/taskPv';
import { wordpressTopology } from '../../fixtures/wordpress';

const graphNode = (name: RegExp | string) =>
  within(screen.getByRole('region', { name: 'Topology graph' })).getByRole(
    'button',
    { name },
  );
function refusedWith(statusCode: number, message: string): RecordedTopology {
  const api = new RecordedTopology(taskPvTopology());
  api.entityTopology = async () => {
    throw Object.assign(new Error(message), { statusCode, cause: { message } });
  };
  return api;
}

describe('EntityTopologyContent', () => {
  it('opens on the cause, its cascade, and what to do', async () => {
    renderTopology({ api: new RecordedTopology(taskPvTopology()) });
    expect(
      await screen.findByRole('heading', {
        name: /Claim task-pv-claim asks for 3Gi, and no volume satisfies it/,
      }),
    ).toBeInTheDocument();
    const hops = within(
      screen.getByRole('list', { name: 'From the cause to the effect' }),
    ).getAllByRole('listitem');
    expect(hops[0]).toHaveTextContent('PersistentVolumeClaim');
    expect(hops[0]).toHaveTextContent('root cause');
    expect(screen.getByText(/takes down 1 object/)).toBeInTheDocument();
    expect(screen.getByText(/proven by Kubernetes/)).toBeInTheDocument();
    expect(
      screen.getByText(/Create a PersistentVolume of class "manual"/),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/0\/3 nodes are available: pod has unbound/),
    ).toBeInTheDocument();
  });

  it('draws every object with its status in words, in the order of its columns', async () => {
    renderTopology({ api: new RecordedTopology(taskPvTopology()) });
    await screen.findByRole('region', { name: 'Topology graph' });
    expect(graphNode('Pod task-pv-pod, down, Unschedulable')).toBeVisible();
    expect(
      graphNode(
        'PersistentVolumeClaim task-pv-claim, down, NoMatchingVolume, root cause',
      ),
    ).toBeVisible();
    expect(graphNode('StorageClass manual, missing, NotFound')).toBeVisible();
  });

  it('says plainly that all is well, and folds healthy pods until they are asked for', async () => {
    renderTopology({ api: new RecordedTopology(bookinfoTopology(9)) });
    expect(
      await screen.findByText('All 57 objects are up.'),
    ).toBeInTheDocument();
    const fold = await screen.findByRole('button', {
      name: '+6 healthy pods',
    });
    const pods = () => screen.getAllByRole('button', { name: /^Pod .*, up$/ });
    expect(pods()).toHaveLength(8);
    // d3 reads the event's view, which user-event leaves out.
    fireEvent.click(fold);
    await waitFor(() => expect(pods()).toHaveLength(14));
    await userEvent.click(screen.getByRole('button', { name: 'Fold again' }));
    await waitFor(() => expect(pods()).toHaveLength(8));
  });

  it('opens details by keyboard, walks along edges, closes with Escape', async () => {
    renderTopology({ api: new RecordedTopology(taskPvTopology()) });
    await screen.findByRole('region', { name: 'Topology graph' });
    const user = userEvent.setup();
    act(() => graphNode(/^Pod task-pv-pod/).focus());
    await user.keyboard('{ArrowRight}');
    expect(graphNode(/task-pv-claim/)).toHaveFocus();
    await user.keyboard('{Enter}');
    const details = await screen.findByRole('complementary', {
      name: 'Details',
    });
    expect(
      within(details).getByRole('heading', { name: 'task-pv-claim' }),
    ).toBeInTheDocument();
    expect(await within(details).findByText('Neighbours')).toBeInTheDocument();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('complementary')).not.toBeInTheDocument();
  });

  it('shows the details of the node that the address names', async () => {
    const pod = wordpressTopology().nodes.find(n => n.kind === 'Pod')!;
    renderTopology({
      api: new RecordedTopology(wordpressTopology()),
      path: `/?node=${encodeURIComponent(pod.key)}`,
    });
    const details = await screen.findByRole('complementary');
    expect(
      within(details).getByRole('heading', { name: pod.name }),
    ).toBeInTheDocument();
    expect(
      await within(details).findByText('← traffic (service-pod)'),
    ).toBeInTheDocument();
    expect(
      await within(details).findByText(/Secret mysql-pass does not exist/),
    ).toBeInTheDocument();
  });

  it('asks again on a signal, and only what changed changes', async () => {
    const signals = new HandSignals();
    const api = new RecordedTopology(taskPvTopology());
    let answer: EntityTopology = taskPvTopology();
    jest.spyOn(api, 'entityTopology').mockImplementation(async () => answer);
    renderTopology({ api, signals });
    await screen.findByRole('region', { name: 'Topology graph' });
    const before = graphNode(/^Pod task-pv-pod/).style.transform;
    answer = {
      ...answer,
      revision: 42,
      causes: [],
      nodes: answer.nodes.map(node =>
        node.kind === 'Pod'
          ? {
              ...node,
              verdict: { level: 'ok', reason: 'Running', evidence: [] },
            }
          : node,
      ),
    };
    const started = Date.now();
    signals.send();
    signals.send();
    await waitFor(
      () => expect(graphNode('Pod task-pv-pod, up')).toBeVisible(),
      {
        timeout: 2_000,
      },
    );
    expect(Date.now() - started).toBeLessThan(2_000);
    expect(api.entityTopology).toHaveBeenCalledTimes(2);
    expect(graphNode('Pod task-pv-pod, up').style.transform).toBe(before);
    expect(
      screen.queryByRole('heading', { name: /asks for 3Gi/ }),
    ).not.toBeInTheDocument();
  });

  it('keeps the last good picture while asking again fails, and says so', async () => {
    const signals = new HandSignals();
    const api = new RecordedTopology(taskPvTopology());
    renderTopology({ api, signals });
    await screen.findByRole('region', { name: 'Topology graph' });
    jest
      .spyOn(api, 'entityTopology')
      .mockRejectedValue(new Error('the backend is away'));
    signals.send();
    expect(
      await screen.findByText(/asking again failed: the backend is away/),
    ).toBeInTheDocument();
    expect(graphNode(/^Pod task-pv-pod/)).toBeVisible();
  });

  it('shows nothing any more to who may not see it any more', async () => {
    const signals = new HandSignals();
    const api = new RecordedTopology(taskPvTopology());
    renderTopology({ api, signals });
    await screen.findByRole('region', { name: 'Topology graph' });
    jest
      .spyOn(api, 'entityTopology')
      .mockRejectedValue(Object.assign(new Error('no'), { statusCode: 403 }));
    signals.send();
    expect(
      await screen.findByText('You may not see this topology'),
    ).toBeInTheDocument();
    expect(screen.queryByText('task-pv-pod')).not.toBeInTheDocument();
  });

  it('says that it is forbidden', async () => {
    renderTopology({ api: refusedWith(403, 'no') });
    expect(
      await screen.findByText('You may not see this topology'),
    ).toBeInTheDocument();
  });

  it('offers another try when it failed', async () => {
    const api = refusedWith(500, 'the database is away');
    renderTopology({ api });
    expect(await screen.findByText('the database is away')).toBeInTheDocument();
    api.entityTopology = async () => taskPvTopology();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByRole('region', { name: 'Topology graph' }),
    ).toBeInTheDocument();
  });

  it('says how to find objects when there are none', async () => {
    renderTopology({
      api: new RecordedTopology({
        ...taskPvTopology(),
        nodes: [],
        edges: [],
        causes: [],
      }),
    });
    expect(
      await screen.findByText('No Kubernetes objects found for this entity'),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/backstage.io\/kubernetes-id: cart/),
    ).toBeInTheDocument();
  });

  it('waits for clusters that are still being read', async () => {
    const topology = taskPvTopology();
    renderTopology({
      api: new RecordedTopology({
        ...topology,
        nodes: [],
        edges: [],
        causes: [],
        clusters: [
          {
            ...topology.clusters[0],
            state: 'syncing',
            progress: { kinds: 43, kindsDone: 17, percent: 61 },
          },
        ],
      }),
    });
    expect(
      await screen.findByText('The clusters are still being read'),
    ).toBeInTheDocument();
    expect(
      screen.getByText('Reading cluster demo: 17 of 43 kinds, 61 %'),
    ).toBeInTheDocument();
    expect(screen.getByRole('progressbar')).toHaveAttribute(
      'aria-valuenow',
      '61',
    );
  });

  it('names the keys that a reference asks for in vain, on its line and at both ends', async () => {
    const topology = wordpressTopology();
    const reference = topology.edges.find(
      edge => edge.relation === 'pod-secret',
    )!;
    const pod = topology.nodes.find(node => node.key === reference.source)!;
    const render = (selected: string) =>
      renderTopology({
        api: new RecordedTopology({
          ...topology,
          edges: topology.edges.map(edge =>
            edge === reference ? { ...edge, missingKeys: ['password'] } : edge,
          ),
        }),
        path: `/?node=${encodeURIComponent(selected)}`,
      });
    const { unmount } = render(reference.source);
    expect(
      await screen.findByText('key password is missing'),
    ).toBeInTheDocument();
    expect(
      screen.getByText('Needs the key password, which it does not have:'),
    ).toBeInTheDocument();
    unmount();

    render(reference.target);
    const needed = await screen.findByText(
      'Has no key password, which is needed by:',
    );
    expect(needed.parentElement).toHaveTextContent(pod.name);
  });

  it('tells beside the picture how far the reading is', async () => {
    const topology = taskPvTopology();
    renderTopology({
      api: new RecordedTopology({
        ...topology,
        clusters: [
          {
            ...topology.clusters[0],
            state: 'syncing',
            progress: { kinds: 43, kindsDone: 17, percent: 61 },
          },
        ],
      }),
    });
    expect(
      await screen.findByText(
        'Cluster demo is still being read: 17 of 43 kinds, 61 %. What is not yet listed shows as unknown.',
      ),
    ).toBeInTheDocument();
    expect(
      await screen.findByRole('region', { name: 'Topology graph' }),
    ).toBeInTheDocument();
  });

  it('says what it cannot see, what it left out, and what it cannot explain', async () => {
    const topology = taskPvTopology();
    renderTopology({
      api: new RecordedTopology({
        ...topology,
        causes: [],
        unexplained: topology.nodes.filter(node => node.kind === 'Pod'),
        hidden: [{ count: 214, what: 'healthy pods' }],
        clusters: [
          {
            ...topology.clusters[0],
            kinds: [
              { kind: 'Secret', state: 'forbidden', objects: 0, message: '' },
              { kind: 'Ingress', state: 'absent', objects: 0, message: '' },
            ],
          },
        ],
      }),
    });
    expect(
      await screen.findByText(
        'Secrets may not be read in cluster demo: what depends on them is unknown.',
      ),
    ).toBeInTheDocument();
    expect(screen.getByText(/214 healthy pods/)).toBeInTheDocument();
    expect(
      screen.getByText('No cause found in the Kubernetes API'),
    ).toBeInTheDocument();
  });

  it.each([
    [
      'the cluster',
      { state: 'failing' as const, message: 'Could not reach the API server.' },
      /cannot be read, noticed/,
    ],
    [
      'one kind',
      {
        kinds: [
          {
            kind: 'Deployment.apps',
            state: 'failing' as const,
            objects: 9,
            message: '',
          },
        ],
      },
      /Deployments cannot be read in cluster demo now/,
    ],
  ])(
    'does not call well, nor live, what it cannot read now: %s',
    async (_, failing, notice) => {
      const topology = bookinfoTopology(1);
      renderTopology({
        api: new RecordedTopology({
          ...topology,
          clusters: [{ ...topology.clusters[0], ...failing }],
        }),
      });
      expect(
        await screen.findByText(
          /^All \d+ objects were up when they were last read\. How they are now is not known\.$/,
        ),
      ).toBeInTheDocument();
      expect(screen.getByText(notice)).toBeInTheDocument();
      expect(screen.getByText('Not up to date')).toBeInTheDocument();
      expect(screen.queryByText('live')).not.toBeInTheDocument();
    },
  );

  it('has the same objects as a table, worst first, to sort otherwise', async () => {
    renderTopology({ api: new RecordedTopology(wordpressTopology()) });
    await userEvent.click(await screen.findByText('All objects as a table'));
    const table = screen.getByRole('table');
    const rows = () => within(table).getAllByRole('row').slice(1);
    expect(rows()).toHaveLength(wordpressTopology().nodes.length);
    expect(rows()[0]).toHaveTextContent('down');
    expect(rows()[rows().length - 1]).toHaveTextContent('up');
    await userEvent.click(
      within(table).getByRole('button', { name: /^Status/ }),
    );
    expect(rows()[0]).toHaveTextContent('up');
    expect(
      within(table).getByRole('columnheader', { name: /^Status/ }),
    ).toHaveAttribute('aria-sort', 'descending');
  });

  it('tells in the details what breaks if an object goes, and how it was', async () => {
    const topology = wordpressTopology();
    const secret = topology.nodes.find(node => node.kind === 'Secret')!;
    renderTopology({
      api: new RecordedTopology(topology),
      path: `/?node=${encodeURIComponent(secret.key)}`,
    });
    const details = await screen.findByRole('complementary');
    await userEvent.click(within(details).getByText('What breaks if it goes'));
    expect(
      await within(details).findByText('When a pod starts the next time'),
    ).toBeInTheDocument();
    await userEvent.click(within(details).getByText('History'));
    expect(await within(details).findByText('It appeared.')).toBeVisible();
    expect(within(details).getByText(/^level: ok →/)).toBeVisible();
  });
});
