import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen } from '@testing-library/react';
import { TopologySearchResult } from './TopologySearchResult';

const LOCATION =
  '/catalog/default/component/wordpress/topology?node=demo%2FSecret%2Fwordpress%2Fmysql-pass';

describe('TopologySearchResult', () => {
  it('names the object, its state and the pods that depend on it', async () => {
    const document = {
      title: 'Secret mysql-pass',
      text: '',
      location: LOCATION,
      key: 'demo/Secret/wordpress/mysql-pass',
      kind: 'Secret',
      name: 'mysql-pass',
      namespace: 'wordpress',
      cluster: 'demo',
      level: 'missing',
      dependents: [
        { key: 'demo/Pod/wordpress/wp-1', name: 'wp-1', level: 'down' },
        { key: 'demo/Pod/wordpress/wp-2', name: 'wp-2', level: 'ok' },
      ],
      moreDependents: 4,
    };
    await renderInTestApp(<TopologySearchResult result={document} />);
    expect(screen.getByRole('link', { name: 'mysql-pass' })).toHaveAttribute(
      'href',
      LOCATION,
    );
    expect(screen.getByText('missing')).toBeInTheDocument();
    expect(screen.getByText('wordpress · demo')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'wp-1' })).toHaveAttribute(
      'href',
      '/catalog/default/component/wordpress/topology?node=demo%2FPod%2Fwordpress%2Fwp-1',
    );
    expect(screen.getByText('down')).toBeInTheDocument();
    expect(screen.getByText('up')).toBeInTheDocument();
    expect(screen.getByText('and 4 more')).toBeInTheDocument();
  });

  it('shows what was found in the name', async () => {
    await renderInTestApp(
      <TopologySearchResult
        result={{ title: 'Secret mysql-pass', text: '', location: LOCATION }}
        highlight={{
          preTag: '<m>',
          postTag: '</m>',
          fields: { name: '<m>mysql</m>-pass' },
        }}
      />,
    );
    expect(screen.getByText('mysql').tagName).toBe('MARK');
  });
});
