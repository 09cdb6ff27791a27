import { TestApiProvider } from '@backstage/frontend-test-utils';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { act, renderHook } from '@testing-library/react';
import { ReactNode } from 'react';
import { HandSignals } from '../__testUtils__/renderTopology';
import { topologyApiRef } from '../api/TopologyApi';
import { RecordedTopology } from '../fixtures/RecordedTopology';
import { taskPvTopology } from '../fixtures/taskPv';
import { useEntityTopology } from './useEntityTopology';

const REF = 'component:default/task-pv';

function start(signals?: HandSignals) {
  const api = new RecordedTopology(taskPvTopology());
  const asked = jest.spyOn(api, 'entityTopology');
  const wrapper = ({ children }: { children: ReactNode }) => (
    <TestApiProvider
      apis={[
        [topologyApiRef, api] as const,
        ...(signals ? [[signalApiRef, signals] as const] : []),
      ]}
    >
      {children}
    </TestApiProvider>
  );
  return {
    api,
    asked,
    ...renderHook(ref => useEntityTopology(ref), {
      wrapper,
      initialProps: REF,
    }),
  };
}

const pass = (milliseconds: number) =>
  act(() => jest.advanceTimersByTimeAsync(milliseconds));

describe('useEntityTopology', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('asks every 5 s without signals', async () => {
    const { asked } = start();
    await pass(0);
    expect(asked).toHaveBeenCalledTimes(1);
    await pass(20_500);
    expect(asked).toHaveBeenCalledTimes(5);
  });

  it('does not ask while nobody looks', async () => {
    const { asked } = start();
    await pass(0);
    jest.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    await pass(60_000);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('asks every minute once signals come', async () => {
    const signals = new HandSignals();
    const { asked } = start(signals);
    await pass(0);
    signals.send();
    await pass(600);
    expect(asked).toHaveBeenCalledTimes(2);
    await pass(50_000);
    expect(asked).toHaveBeenCalledTimes(2);
    await pass(15_000);
    expect(asked).toHaveBeenCalledTimes(3);
  });

  it('answers a burst of signals with two requests at most: the running one and one after it', async () => {
    const signals = new HandSignals();
    const { api, asked } = start(signals);
    await pass(0);
    asked.mockImplementation(
      () =>
        new Promise(resolve => {
          setTimeout(() => resolve(taskPvTopology()), 2_000);
        }),
    );
    for (let i = 0; i < 40; i++) {
      signals.send();
      await pass(40);
    }
    await pass(5_000);
    expect(api.entityTopology).toHaveBeenCalledTimes(3);
  });

  it('keeps what did not change the same object', async () => {
    const signals = new HandSignals();
    const { result } = start(signals);
    await pass(0);
    const before = result.current.topology!;
    signals.send();
    await pass(600);
    const after = result.current.topology!;
    expect(after).not.toBe(before);
    expect(after.nodes[0]).toBe(before.nodes[0]);
    expect(after.causes[0]).toBe(before.causes[0]);
  });

  it('shows nothing of the former entity on another one', async () => {
    const { asked, rerender, result } = start();
    await pass(0);
    expect(result.current.topology?.entityRef).toBe(REF);
    rerender('component:default/other');
    expect(result.current).toMatchObject({
      topology: undefined,
      loading: true,
    });
    await pass(0);
    expect(asked).toHaveBeenLastCalledWith('component:default/other');
  });
});
