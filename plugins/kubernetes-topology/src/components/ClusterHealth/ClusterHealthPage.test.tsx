import { renderInTestApp } from '@backstage/frontend-test-utils';
import { ClusterHealth } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { topologyApiRef } from '../../api/TopologyApi';
import { clusterHealths } from '../../fixtures/clusterHealths';
import { RecordedTopology } from '../../fixtures/RecordedTopology';
import { taskPvTopology } from '../../fixtures/taskPv';
import { ClusterHealthPage } from './ClusterHealthPage';

function recorded(health: ClusterHealth[] = clusterHealths()) {
  return new RecordedTopology(taskPvTopology(), Date.now, health);
}

function renderPage(api = recorded(), path = '/') {
  return renderInTestApp(<ClusterHealthPage />, {
    initialRouteEntries: [path],
    apis: [[topologyApiRef, api]],
  });
}

const rowNames = () =>
  screen
    .getAllByRole('rowheader')
    .map(header => header.textContent)
    .filter(text => text !== '');
const rowOf = (kind: string) =>
  screen.getByRole('rowheader', { name: kind }).closest('[role="row"],tr')!;

describe('ClusterHealthPage', () => {
  it('lists the clusters, worst first, and opens the worst one', async () => {
    renderPage();
    const clusters = within(
      await screen.findByRole('navigation', { name: 'Clusters' }),
    ).getAllByRole('button');
    expect(clusters.map(({ textContent }) => textContent)).toEqual([
      'edgecannot be read',
      'bigbeing read61 %',
      'demowatched2 problems',
    ]);
    expect(
      await screen.findByRole('heading', { name: 'edge' }),
    ).toBeInTheDocument();
    expect(
      screen.getByText('connect ECONNREFUSED 10.0.0.7:6443'),
    ).toBeInTheDocument();
  });

  it('tells of each kind its state, objects, lag and last error, worst first', async () => {
    renderPage(recorded(), '/?cluster=demo');
    await screen.findByRole('heading', { name: 'demo' });
    expect(rowNames()).toEqual([
      'Widget',
      'Secret',
      'Deployment',
      'NetworkPolicy',
      'Pod',
      'Gateway',
    ]);
    expect(rowOf('Secret')).toHaveTextContent(/core.*forbidden.*cannot list/);
    expect(rowOf('Widget')).toHaveTextContent(/example\.com.*failing.*500/);
    expect(rowOf('Deployment')).toHaveTextContent(/apps.*watched.*96.*1\.2/);
    expect(rowOf('Pod')).toHaveTextContent(/1,204.*38/);
    expect(rowOf('Gateway')).toHaveTextContent(/not served/);
    expect(rowOf('Gateway')).not.toHaveTextContent(/does not serve/);
    expect(screen.getByText('portal-7d9f-2')).toBeInTheDocument();
    expect(screen.getByText('4211')).toBeInTheDocument();
    expect(
      screen.getByText(/give the portal’s service account the verbs list/),
    ).toBeInTheDocument();
  });

  it('leaves only problems when asked to, and remembers that in the address', async () => {
    renderPage(recorded(), '/?cluster=demo');
    const user = userEvent.setup();
    await user.click(
      await screen.findByRole('switch', { name: 'Only problems (2)' }),
    );
    await waitFor(() => expect(rowNames()).toEqual(['Widget', 'Secret']));
    expect(screen.getByText('2 of 6 kinds shown')).toBeInTheDocument();
  });

  it('opens with only problems where the address says so', async () => {
    renderPage(recorded(), '/?cluster=demo&problems=1');
    await screen.findByRole('heading', { name: 'demo' });
    expect(rowNames()).toEqual(['Widget', 'Secret']);
  });

  it('sorts by the column that is chosen', async () => {
    renderPage(recorded(), '/?cluster=demo');
    const user = userEvent.setup();
    const objects = await screen.findByRole('columnheader', {
      name: 'Objects',
    });
    await user.click(objects);
    await user.click(objects);
    await waitFor(() => expect(rowNames()[0]).toBe('Pod'));
    expect(objects).toHaveAttribute('aria-sort', 'descending');
  });

  it('shows how far a first sync is', async () => {
    renderPage(recorded(), '/?cluster=big');
    const bar = await screen.findByRole('progressbar');
    expect(bar).toHaveAttribute('aria-valuenow', '61');
    expect(bar).toHaveAttribute(
      'aria-valuetext',
      'Reading cluster big: 17 of 43 kinds, 61 %',
    );
    expect(rowOf('Pod')).toHaveTextContent('61,000 of 100,000');
  });

  it('goes on to another cluster', async () => {
    renderPage();
    const clusters = await screen.findByRole('navigation');
    await userEvent.click(
      within(clusters).getByRole('button', { name: /demo/ }),
    );
    expect(
      await screen.findByRole('heading', { name: 'demo' }),
    ).toBeInTheDocument();
    expect(
      within(clusters).getByRole('button', { name: /demo/ }),
    ).toHaveAttribute('aria-current', 'true');
  });

  it('shows a lone cluster without a list of clusters', async () => {
    renderPage(recorded(clusterHealths().slice(0, 1)));
    expect(
      await screen.findByRole('heading', { name: 'demo' }),
    ).toBeInTheDocument();
    expect(screen.queryByRole('navigation')).not.toBeInTheDocument();
  });

  it('says that there is no such cluster', async () => {
    renderPage(recorded(), '/?cluster=gone');
    expect(await screen.findByText('No such cluster')).toBeInTheDocument();
  });

  it('says that there are no clusters', async () => {
    renderPage(recorded([]));
    expect(
      await screen.findByRole('heading', { name: 'No clusters' }),
    ).toBeInTheDocument();
  });

  it.each([
    [403, 'You may not see the health of this cluster'],
    [500, 'The health of the clusters could not be read'],
  ])('tells why it shows nothing: %d', async (statusCode, words) => {
    const api = recorded();
    api.clusters = async () => {
      throw Object.assign(new Error('away'), { statusCode });
    };
    renderPage(api);
    expect(await screen.findByText(words)).toBeInTheDocument();
  });
});
