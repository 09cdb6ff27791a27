import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  PermissionApi,
  permissionApiRef,
} from '@backstage/plugin-permission-react';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { topologyApiRef } from '../../api/TopologyApi';
import { bookinfoTopology } from '../../fixtures/bookinfo';
import { RecordedTopology } from '../../fixtures/RecordedTopology';
import { taskPvTopology } from '../../fixtures/taskPv';
import { ExplorerPage } from './ExplorerPage';

function renderExplorer(
  api = new RecordedTopology(taskPvTopology()),
  path = '/',
) {
  return renderInTestApp(<ExplorerPage />, {
    initialRouteEntries: [path],
    apis: [
      [topologyApiRef, api],
      [
        permissionApiRef,
        { authorize: async () => ({ result: 'ALLOW' }) } as PermissionApi,
      ],
    ],
  });
}

const problems = () => screen.findByRole('region', { name: 'What is wrong' });

describe('ExplorerPage', () => {
  beforeEach(() => localStorage.clear());

  it('shows what is wrong first, then all namespaces in numbers', async () => {
    renderExplorer();
    expect(
      await within(await problems()).findByText(
        /Claim task-pv-claim asks for 3Gi, and no volume satisfies it/,
      ),
    ).toBeInTheDocument();
    const places = screen.getByRole('region', { name: 'Namespaces' });
    expect(within(places).getAllByRole('link').length).toBeGreaterThan(1);
    expect(within(places).getByText('Outside of namespaces')).toBeVisible();
  });

  it('says plainly that nothing is wrong', async () => {
    renderExplorer(new RecordedTopology(bookinfoTopology(3)));
    expect(
      await within(await problems()).findByText(/Nothing is wrong/),
    ).toBeInTheDocument();
  });

  it('opens the place of a root with the root selected, and finds back', async () => {
    renderExplorer();
    const root = await within(await problems()).findByRole('button', {
      name: /task-pv-claim/,
    });
    await userEvent.click(root);
    const details = await screen.findByRole('complementary', {
      name: 'Details',
    });
    expect(
      within(details).getByRole('heading', { name: 'task-pv-claim' }),
    ).toBeInTheDocument();
    const where = screen.getByRole('navigation', { name: 'Where this is' });
    await userEvent.click(
      within(where).getByRole('link', { name: 'All clusters' }),
    );
    expect(await problems()).toBeInTheDocument();
  });

  it('finds a namespace among many', async () => {
    renderExplorer();
    await problems();
    const places = screen.getByRole('region', { name: 'Namespaces' });
    await userEvent.type(
      within(places).getByRole('searchbox', { name: 'Find a namespace' }),
      'no such namespace',
    );
    expect(
      await within(places).findByText('No namespace is called so.'),
    ).toBeInTheDocument();
  });

  it('answers a query with a table, remembers it, and offers favourites', async () => {
    renderExplorer();
    await problems();
    const text = screen.getByRole('combobox', { name: 'Query' });
    await userEvent.type(text, 'G.V()');
    await userEvent.click(screen.getByRole('button', { name: 'Ask' }));
    const answer = await screen.findByRole('region', { name: 'Answer' });
    expect(
      await within(answer).findByRole('row', { name: /task-pv-pod/ }),
    ).toBeInTheDocument();
    expect(
      JSON.parse(localStorage.getItem('kubernetes-topology.queries')!),
    ).toEqual(['G.V()']);
    await userEvent.type(
      within(answer).getByRole('searchbox', { name: /Filter/ }),
      'storageclass',
    );
    await waitFor(() =>
      expect(within(answer).getAllByRole('row')).toHaveLength(2),
    );
    await userEvent.selectOptions(
      screen.getByRole('combobox', { name: 'Favourites' }),
      'Everything that is down',
    );
    expect(text).toHaveValue("G.V().Has('Status', 'down')");
  });

  it('shows where a query is faulty', async () => {
    const api = new RecordedTopology(taskPvTopology());
    jest.spyOn(api, 'query').mockRejectedValue(
      Object.assign(new Error('400'), {
        statusCode: 400,
        cause: { message: 'line 1, column 7: there is no step "Hsa"' },
      }),
    );
    renderExplorer(api, `/?query=${encodeURIComponent('G.V().Hsa()')}`);
    expect(
      await screen.findByText(/there is no step "Hsa"/),
    ).toBeInTheDocument();
  });

  it('shows the health of the clusters as its other part', async () => {
    renderExplorer();
    await problems();
    await userEvent.click(screen.getByRole('link', { name: 'Clusters' }));
    expect(
      await screen.findByRole('heading', { level: 2, name: 'edge' }),
    ).toBeInTheDocument();
  });

  it('says that it is forbidden', async () => {
    const api = new RecordedTopology(taskPvTopology());
    jest
      .spyOn(api, 'overview')
      .mockRejectedValue(Object.assign(new Error('no'), { statusCode: 403 }));
    renderExplorer(api);
    expect(
      await screen.findByText('You may not see this topology'),
    ).toBeInTheDocument();
  });
});
