import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { RecordedTopology } from '../../fixtures/RecordedTopology';
import { renderTopology } from '../../__testUtils__/renderTopology';
import { taskPvTopology } from '../../fixtures/taskPv';
import { wordpressTopology } from '../../fixtures/wordpress';

const at = (key: string) => `/?node=${encodeURIComponent(key)}`;
const SECRET = at('demo/Secret/wordpress/mysql-pass');
// A node of its own: answers of the permission API are cached for a while.
const MYSQL_POD = at('demo/Pod/wordpress/wordpress-mysql-54d56b8d5c-8ntpm');
const TASK_PV_POD = at('demo/Pod/docs-storage/task-pv-pod');

describe('restart', () => {
  it('plans, asks, restarts one after the other, and tells the end', async () => {
    let now = 0;
    const api = new RecordedTopology(wordpressTopology(), () => now);
    const restart = jest.spyOn(api, 'restart');
    renderTopology({ api, path: SECRET });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Restart dependent pods' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Restart the pods that depend on Secret mysql-pass',
    });
    const pods = await within(dialog).findAllByRole('listitem');
    expect(pods[0]).toHaveTextContent(
      'wordpress-764497fd54-4nfqhwordpress · comes back by ReplicaSet wordpress-764497fd54',
    );
    expect(restart.mock.calls.map(([request]) => request)).toEqual([
      {
        target: { dependentsOf: 'demo/Secret/wordpress/mysql-pass' },
        dryRun: true,
      },
    ]);

    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Restart 2 pods' }),
    );
    expect(restart).toHaveBeenLastCalledWith({
      target: { dependentsOf: 'demo/Secret/wordpress/mysql-pass' },
    });
    expect(
      await within(dialog).findByText('Restarting: 0 of 2 pods are up again'),
    ).toBeInTheDocument();
    now = 4_600;
    await waitFor(() =>
      expect(
        within(dialog).getByText('Restarting: 1 of 2 pods are up again'),
      ).toBeInTheDocument(),
    );
    now = 60_000;
    expect(
      await within(dialog).findByText('2 pods restarted'),
    ).toBeInTheDocument();
    await userEvent.click(
      within(dialog).getAllByRole('button', { name: 'Close' })[0],
    );
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
  });

  it('offers nothing for a pod that would not come back', async () => {
    renderTopology({
      api: new RecordedTopology(taskPvTopology()),
      path: TASK_PV_POD,
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Restart pod' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(
      await within(dialog).findByText('None of these pods can be restarted.'),
    ).toBeInTheDocument();
    expect(
      within(dialog).getByText('No controller would bring it back.'),
    ).toBeInTheDocument();
    expect(
      within(dialog).queryByRole('button', { name: /^Restart/ }),
    ).not.toBeInTheDocument();
  });

  it('says why it is refused', async () => {
    const api = new RecordedTopology(wordpressTopology());
    jest.spyOn(api, 'restart').mockRejectedValue(
      Object.assign(new Error('403'), {
        statusCode: 403,
        cause: { message: 'pods "x" is forbidden: cannot create eviction' },
      }),
    );
    renderTopology({ api, path: SECRET });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Restart dependent pods' }),
    );
    expect(
      await screen.findByText('pods "x" is forbidden: cannot create eviction'),
    ).toBeInTheDocument();
  });

  it('is closed to who may not restart, with the reason', async () => {
    const api = new RecordedTopology(wordpressTopology());
    const restart = jest.spyOn(api, 'restart');
    renderTopology({ api, path: MYSQL_POD, mayRestart: false });
    expect(
      await screen.findByText(/kubernetes.topology.restart is denied/),
    ).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Restart pod' })).toBeDisabled();
    expect(restart).not.toHaveBeenCalled();
  });

  it('is not offered where it means nothing', async () => {
    renderTopology({
      api: new RecordedTopology(wordpressTopology()),
      path: at('demo/Service/wordpress/wordpress'),
    });
    await screen.findByText('Neighbours');
    expect(
      screen.queryByRole('button', { name: /^Restart/ }),
    ).not.toBeInTheDocument();
  });
});
