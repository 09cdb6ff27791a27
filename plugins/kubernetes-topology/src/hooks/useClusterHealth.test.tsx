import { TestApiProvider } from '@backstage/frontend-test-utils';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { act, renderHook } from '@testing-library/react';
import { ReactNode } from 'react';
import { HandSignals } from '../__testUtils__/renderTopology';
import { topologyApiRef } from '../api/TopologyApi';
import { clusterHealths } from '../fixtures/clusterHealths';
import { RecordedTopology } from '../fixtures/RecordedTopology';
import { taskPvTopology } from '../fixtures/taskPv';
import { useClusterHealth } from './useClusterHealth';

function start(name: string | undefined) {
  const api = new RecordedTopology(taskPvTopology());
  const signals = new HandSignals();
  const asked = jest.spyOn(api, 'clusterHealth');
  const wrapper = ({ children }: { children: ReactNode }) => (
    <TestApiProvider
      apis={[
        [topologyApiRef, api],
        [signalApiRef, signals],
      ]}
    >
      {children}
    </TestApiProvider>
  );
  return {
    asked,
    signals,
    ...renderHook(cluster => useClusterHealth(cluster), {
      wrapper,
      initialProps: name,
    }),
  };
}

const pass = (milliseconds: number) =>
  act(() => jest.advanceTimersByTimeAsync(milliseconds));

describe('useClusterHealth', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('asks every 5 s, beside signals, too: lag changes without one', async () => {
    const { asked, signals } = start('demo');
    await pass(0);
    signals.send();
    await pass(600);
    expect(asked).toHaveBeenCalledTimes(2);
    await pass(10_000);
    expect(asked).toHaveBeenCalledTimes(4);
  });

  it('asks nothing while no cluster is named', async () => {
    const { asked, result } = start(undefined);
    await pass(6_000);
    expect(asked).not.toHaveBeenCalled();
    expect(result.current.loading).toBe(false);
  });

  it('shows nothing of the former cluster on another one', async () => {
    const { result, rerender } = start('demo');
    await pass(0);
    expect(result.current.value?.name).toBe('demo');
    rerender('big');
    expect(result.current).toMatchObject({ value: undefined, loading: true });
    await pass(0);
    expect(result.current.value?.name).toBe('big');
  });

  it('keeps the kinds that did not change the same objects', async () => {
    const { asked, result } = start('demo');
    await pass(0);
    const before = result.current.value!;
    const [demo] = clusterHealths();
    asked.mockResolvedValue({
      ...demo,
      kinds: demo.kinds.map(kind =>
        kind.kind === 'Pod' ? { ...kind, objects: 1_205 } : { ...kind },
      ),
    });
    await pass(6_000);
    const after = result.current.value!;
    expect(after.kinds[0].objects).toBe(1_205);
    expect(after.kinds[1]).toBe(before.kinds[1]);
  });

  it('keeps the last good answer while asking again fails', async () => {
    const { asked, result } = start('demo');
    await pass(0);
    asked.mockRejectedValue(new Error('away'));
    await pass(6_000);
    expect(result.current.value?.name).toBe('demo');
    expect(result.current.failure).toEqual({ kind: 'failed', message: 'away' });
  });
});
